with near as (
    select
        look.look, look.team, zaak.zaaktype, zaak.entry,
        greatest(zaak.registered_at - look.looked_at, look.looked_at - coalesce(zaak.closed_at, look.looked_at), 0) as distance
    from look
    inner join zaak on zaak.subject = look.subject
),

candidate as (
    select look, 'zaak' as work_relation, entry as work_entry, distance
    from near
    where zaaktype = $told and ($team = '' or team = $team) and distance <= $days * 86400000000
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
