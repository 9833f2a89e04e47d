with candidate as (
    select
        look.look, 'task' as work_relation, task.entry as work_entry,
        look.looked_at - coalesce(task.done_at, task.created_at) as distance
    from look
    inner join task on task.subject = look.subject
    where task.staff <> look.staff and task.kind = $told and ($team = '' or look.team = $team)
        and coalesce(task.done_at, task.created_at) <= look.looked_at
        and look.looked_at - coalesce(task.done_at, task.created_at) <= $days * 86400000000
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
