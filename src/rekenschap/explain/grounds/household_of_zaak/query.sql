with own as (
    select assignment.zaak, assignment.staff, assignment.valid_from as begins, assignment.valid_until as ends
    from assignment
    where assignment.kind in ('handler', 'intake', 'cover', 'oversight')
        and assignment.assigned_by is distinct from assignment.staff
    union all
    select task.zaak, task.staff, task.created_at, task.done_at
    from task
    where task.created_at is not null
),

together as (
    select subject, other_subject, valid_from, valid_until
    from relation
    where kind = 'household'
    union all
    select other_subject as subject, subject as other_subject, valid_from, valid_until
    from relation
    where kind = 'household'
),

candidate as (
    select
        look.look, 'zaak' as work_relation, zaak.entry as work_entry,
        abs(look.looked_at - zaak.registered_at) as distance
    from look
    inner join zaak on zaak.zaak = look.zaak
    inner join together
        on together.subject = look.subject
        and together.other_subject = zaak.subject
        and together.valid_from <= look.looked_at
        and (together.valid_until is null or together.valid_until > look.looked_at)
    inner join own
        on own.zaak = zaak.zaak
        and own.staff = look.staff
        and own.begins <= look.looked_at
        and (own.ends is null or own.ends + $hours_late * 3600000000 > look.looked_at)
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
