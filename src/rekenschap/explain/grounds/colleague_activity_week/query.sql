with candidate as (
    select
        look.look, 'task' as work_relation, task.entry as work_entry,
        abs(look.looked_at - coalesce(task.done_at, task.created_at)) as distance
    from look
    inner join task on task.subject = look.subject
    where task.staff <> look.staff
    union all
    select
        look_zaak.look, 'task', task.entry, abs(look_zaak.looked_at - coalesce(task.done_at, task.created_at))
    from look_zaak
    inner join task on task.zaak = look_zaak.zaak
    where task.staff <> look_zaak.staff
    union all
    select look.look, 'contact', contact.entry, abs(look.looked_at - contact.started_at)
    from look
    inner join contact on contact.subject = look.subject
    where contact.staff <> look.staff
    union all
    select look_zaak.look, 'assignment', assignment.entry, abs(look_zaak.looked_at - assignment.valid_from)
    from look_zaak
    inner join assignment on assignment.zaak = look_zaak.zaak
    where assignment.staff <> look_zaak.staff
)

select look, work_relation, work_entry
from candidate
where distance <= $hours * 3600000000
qualify row_number() over (partition by look order by distance, work_entry) = 1
