with work as (
    select 'task' as work_relation, entry, subject, staff, coalesce(done_at, created_at) as worked_at
    from task
    union all
    select 'contact' as work_relation, entry, subject, staff, started_at as worked_at
    from contact
),

together as (
    select kind, subject, other_subject
    from relation
    union
    select kind, other_subject as subject, subject as other_subject
    from relation
),

candidate as (
    select
        look.look, work.work_relation, work.entry as work_entry, abs(look.looked_at - work.worked_at) as distance
    from look
    inner join together on together.subject = look.subject
    inner join work on work.subject = together.other_subject and work.staff = look.staff
    where together.kind = $told and ($team = '' or look.team = $team)
        and abs(look.looked_at - work.worked_at) <= $days * 86400000000
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
