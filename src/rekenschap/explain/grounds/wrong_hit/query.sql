with next as (
    select
        look.look, look.staff, look.looked_at, consultation.subject, consultation.entry,
        consultation.looked_at - look.looked_at as distance
    from look
    inner join consultation
        on consultation.staff = look.staff
        and consultation.happened_day = look.happened_day
        and consultation.register = look.register
        and consultation.search_key = look.search_key
        and consultation.looked_at > look.looked_at
        and consultation.looked_at <= look.looked_at + $minutes * 60000000
    where consultation.subject <> look.subject and look.search_key <> 'zaak'
),

candidate as (
    select next.look, 'contact' as work_relation, contact.entry as work_entry, next.distance
    from next
    inner join contact on contact.subject = next.subject and contact.staff = next.staff
    where abs(contact.started_at - next.looked_at) <= $hours * 3600000000
    union all
    select next.look, 'task', task.entry, next.distance
    from next
    inner join task on task.subject = next.subject and task.staff = next.staff
    where task.created_at <= next.looked_at and (task.done_at is null or task.done_at >= next.looked_at)
    union all
    select next.look, 'zaak', zaak.entry, next.distance
    from next
    inner join zaak on zaak.subject = next.subject and zaak.handler = next.staff
    where zaak.registered_at <= next.looked_at + $hours * 3600000000
        and (zaak.closed_at is null or zaak.closed_at >= next.looked_at)
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
