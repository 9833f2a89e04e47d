with candidate as (
    select
        look.look, 'presence' as work_relation, presence.entry as work_entry,
        look.looked_at - presence.started_at as distance
    from look
    inner join presence
        on presence.staff = look.staff
        and presence.started_at <= look.looked_at
        and presence.ended_at > look.looked_at
    where lower(presence.place) in ($place_nl, $place_en)
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
