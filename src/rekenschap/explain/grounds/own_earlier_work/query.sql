with candidate as (
    select
        look.look, 'task' as work_relation, task.entry as work_entry,
        look.looked_at - task.done_at as distance
    from look
    inner join task on task.subject = look.subject and task.staff = look.staff
    where task.done_at < look.day_began
    union all
    select look_zaak.look, 'task', task.entry, look_zaak.looked_at - task.done_at
    from look_zaak
    inner join task on task.zaak = look_zaak.zaak and task.staff = look_zaak.staff
    where task.done_at < look_zaak.day_began
    union all
    select look.look, 'contact', contact.entry, look.looked_at - contact.started_at
    from look
    inner join contact on contact.subject = look.subject and contact.staff = look.staff
    where contact.started_at < look.day_began
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
