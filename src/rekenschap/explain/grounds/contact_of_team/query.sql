with candidate as (
    select
        look.look, 'contact' as work_relation, contact.entry as work_entry,
        abs(look.looked_at - contact.started_at) as distance
    from look
    inner join contact on contact.subject = look.subject and contact.team = look.team
    where contact.staff is null and contact.kind in ('call', 'counter', 'appointment')
        and look.looked_at >= contact.started_at - $minutes * 60000000
        and look.looked_at <= coalesce(contact.ended_at, contact.started_at) + $minutes * 60000000
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
