with work as (
    select 'task' as told, task.subject, task.staff, coalesce(task.done_at, task.created_at) as worked_at, task.entry
    from task
    union all
    select 'contact' as told, contact.subject, contact.staff, contact.started_at, contact.entry
    from contact
),

candidate as (
    select
        look.look, work.told as work_relation, work.entry as work_entry,
        abs(look.looked_at - work.worked_at) as distance
    from look
    inner join work on work.subject = look.subject
    inner join staff
        on staff.staff = work.staff
        and staff.team = look.team
        and staff.valid_from <= work.worked_at
        and (staff.valid_until is null or staff.valid_until > work.worked_at)
    where work.staff <> look.staff and work.told = $told and ($team = '' or look.team = $team)
        and abs(look.looked_at - work.worked_at) <= $days * 86400000000
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
