with candidate as (
    select
        look_zaak.look, 'assignment' as work_relation, assignment.entry as work_entry,
        abs(look_zaak.looked_at - assignment.valid_from) as distance
    from look_zaak
    inner join assignment
        on assignment.zaak = look_zaak.zaak
        and assignment.staff = look_zaak.staff
        and assignment.valid_from <= look_zaak.looked_at + $minutes_early * 60000000
        and (
            assignment.valid_until is null
            or assignment.valid_until > look_zaak.looked_at - $hours_late * 3600000000
        )
    where assignment.kind in ('handler', 'intake', 'cover')
        and assignment.assigned_by = assignment.staff
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
