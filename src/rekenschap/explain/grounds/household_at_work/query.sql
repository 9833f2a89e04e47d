with own as (
    select zaak.subject, assignment.staff, assignment.valid_from as begins, assignment.valid_until as ends, zaak.entry,
        'zaak' as work_relation
    from assignment
    inner join zaak on zaak.zaak = assignment.zaak
    where assignment.kind in ('handler', 'intake', 'cover')
    union all
    select contact.subject, contact.staff, contact.started_at, contact.started_at, contact.entry, 'contact'
    from contact
),

together as (
    select subject, other_subject, valid_from, valid_until
    from relation
    where kind in ('household', 'family', 'address')
    union all
    select other_subject as subject, subject as other_subject, valid_from, valid_until
    from relation
    where kind in ('household', 'family', 'address')
),

candidate as (
    select look.look, own.work_relation, own.entry as work_entry, abs(look.looked_at - own.begins) as distance
    from look
    inner join together
        on together.subject = look.subject
        and together.valid_from <= look.looked_at
        and (together.valid_until is null or together.valid_until > look.looked_at)
    inner join own
        on own.subject = together.other_subject
        and own.staff = look.staff
        and own.begins <= look.looked_at + $hours * 3600000000
        and (own.ends is null or own.ends + $hours * 3600000000 > look.looked_at)
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
