with work as (
    select subject, staff, coalesce(done_at, created_at) as worked_at
    from task
    union all
    select subject, staff, started_at as worked_at
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
    select look.look, together.kind as told, abs(look.looked_at - work.worked_at) as distance
    from look
    inner join together on together.subject = look.subject
    inner join work on work.subject = together.other_subject and work.staff = look.staff
)

select look, told, min(distance) as apart
from candidate
group by look, told
