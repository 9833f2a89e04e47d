with work as (
    select 'task' as told, task.subject, task.staff, coalesce(task.done_at, task.created_at) as worked_at
    from task
    union all
    select 'contact' as told, contact.subject, contact.staff, contact.started_at
    from contact
),

candidate as (
    select look.look, work.told, abs(look.looked_at - work.worked_at) as distance
    from look
    inner join work on work.subject = look.subject
    inner join staff
        on staff.staff = work.staff
        and staff.team = look.team
        and staff.valid_from <= work.worked_at
        and (staff.valid_until is null or staff.valid_until > work.worked_at)
    where work.staff <> look.staff
)

select look, told, min(distance) as apart
from candidate
group by look, told
