with candidate as (
    select look.look, task.kind as told, look.looked_at - coalesce(task.done_at, task.created_at) as distance
    from look
    inner join task on task.subject = look.subject
    where task.staff <> look.staff and task.kind is not null
        and coalesce(task.done_at, task.created_at) <= look.looked_at
)

select look, told, min(distance) as apart
from candidate
group by look, told
