with same as (
    select subject, other_subject, valid_until from relation where kind = 'same_person'
    union all
    select other_subject as subject, subject as other_subject, valid_until from relation where kind = 'same_person'
),

own as (
    select
        zaak.subject, zaak.handler as staff, 'zaak' as work_relation, zaak.entry,
        zaak.registered_at - $days_before * 86400000000 as begins, zaak.closed_at + $days_after * 86400000000 as ends
    from zaak
    union all
    select
        zaak.subject, assignment.staff, 'assignment', assignment.entry,
        assignment.valid_from - $minutes * 60000000, assignment.valid_until + $days_before * 86400000000
    from assignment
    inner join zaak on zaak.zaak = assignment.zaak
    where assignment.kind in ('handler', 'intake', 'cover', 'oversight')
        and assignment.assigned_by is distinct from assignment.staff
    union all
    select
        task.subject, task.staff, 'task', task.entry,
        task.created_at, coalesce(task.done_at, task.created_at) + $days_after * 86400000000
    from task
    union all
    select
        contact.subject, contact.staff, 'contact', contact.entry,
        contact.started_at - $minutes * 60000000,
        coalesce(contact.ended_at, contact.started_at) + $minutes * 60000000
    from contact
),

candidate as (
    select look.look, own.work_relation, own.entry as work_entry, abs(look.looked_at - own.begins) as distance
    from look
    inner join same
        on same.subject = look.subject
        and (same.valid_until is null or same.valid_until > look.looked_at)
    inner join own
        on own.subject = same.other_subject
        and own.staff = look.staff
        and own.begins <= look.looked_at
        and (own.ends is null or own.ends > look.looked_at)
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
