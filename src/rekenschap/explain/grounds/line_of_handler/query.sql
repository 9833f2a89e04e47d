with candidate as (
    select
        look_zaak.look, 'assignment' as work_relation, assignment.entry as work_entry,
        abs(look_zaak.looked_at - assignment.valid_from) as distance
    from look_zaak
    inner join assignment
        on assignment.zaak = look_zaak.zaak
        and assignment.valid_from <= look_zaak.looked_at
        and (
            assignment.valid_until is null
            or assignment.valid_until + $days * 86400000000 > look_zaak.looked_at
        )
    inner join staff
        on staff.staff = assignment.staff
        and staff.line_manager = look_zaak.staff
        and staff.valid_from <= look_zaak.looked_at
        and (staff.valid_until is null or staff.valid_until > look_zaak.looked_at)
    where assignment.kind in ('handler', 'intake', 'cover') and assignment.staff <> look_zaak.staff
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
