with waiting as (
    select
        look_zaak.look, look_zaak.zaak, look_zaak.staff, look_zaak.looked_at,
        assignment.entry, look_zaak.looked_at - assignment.valid_from as distance
    from look_zaak
    inner join assignment on assignment.zaak = look_zaak.zaak and assignment.team = look_zaak.team
    where assignment.kind = 'queue' and assignment.valid_from <= look_zaak.looked_at
        and (
            assignment.valid_until is null
            or assignment.valid_until + $hours_late * 3600000000 > look_zaak.looked_at
        )
),

taken as (
    select zaak, staff, valid_from as taken_at
    from assignment
    where kind in ('handler', 'intake', 'cover')
    union all
    select zaak, staff, coalesce(done_at, created_at)
    from task
),

candidate as (
    select waiting.look, 'assignment' as work_relation, waiting.entry as work_entry, waiting.distance
    from waiting
    inner join taken
        on taken.zaak = waiting.zaak
        and taken.staff = waiting.staff
        and taken.taken_at > waiting.looked_at
        and taken.taken_at <= waiting.looked_at + $days * 86400000000
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
