select task.subject, task.staff, task.kind, coalesce(task.done_at, task.created_at) as worked_at
from task
where task.subject is not null and task.kind is not null and coalesce(task.done_at, task.created_at) is not null
union
select zaak.subject, task.staff, task.kind, coalesce(task.done_at, task.created_at) as worked_at
from task
inner join zaak on zaak.zaak = task.zaak
where task.subject is null and zaak.subject is not null
    and task.kind is not null and coalesce(task.done_at, task.created_at) is not null
order by 1, 4, 3, 2
