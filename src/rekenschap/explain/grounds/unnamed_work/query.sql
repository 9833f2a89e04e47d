with done as (
    select task.subject, task.zaak, task.team, task.done_at, task.entry
    from task
    where task.staff is null
    union all
    select task.subject, task.zaak, task.team, task.done_at, task.entry
    from task
    inner join presence
        on presence.staff = task.staff
        and presence.started_at <= task.done_at
        and presence.ended_at > task.done_at
    where presence.kind = 'leave'
),

near as (
    select look.look, look.staff, look.subject, done.done_at, done.entry, done.done_at - look.looked_at as distance
    from look
    inner join done on done.subject = look.subject and done.team = look.team
    where done.done_at >= look.looked_at and done.done_at <= look.looked_at + $hours * 3600000000
    union all
    select look.look, look.staff, look.subject, done.done_at, done.entry, done.done_at - look.looked_at
    from look
    inner join zaak on zaak.subject = look.subject
    inner join done on done.zaak = zaak.zaak and done.team = look.team
    where done.subject is null
        and done.done_at >= look.looked_at and done.done_at <= look.looked_at + $hours * 3600000000
),

others as (
    select near.look, near.entry
    from near
    inner join consultation on consultation.subject = near.subject
    where consultation.staff <> near.staff
        and consultation.looked_at >= near.done_at - $hours * 3600000000 and consultation.looked_at <= near.done_at
)

select near.look, 'task' as work_relation, near.entry as work_entry
from near
anti join others on others.look = near.look and others.entry = near.entry
qualify row_number() over (partition by near.look order by near.distance, near.entry) = 1
