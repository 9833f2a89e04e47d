with beside as (
    select
        look.look, consultation.staff, consultation.subject, consultation.looked_at,
        abs(consultation.looked_at - look.looked_at) as distance
    from look
    inner join consultation
        on consultation.subject = look.subject
        and consultation.happened_day = look.happened_day
    inner join staff
        on staff.staff = consultation.staff
        and staff.team = look.team
        and staff.valid_from <= consultation.looked_at
        and (staff.valid_until is null or staff.valid_until > consultation.looked_at)
    where consultation.staff <> look.staff
        and abs(consultation.looked_at - look.looked_at) <= $minutes * 60000000
),

candidate as (
    select beside.look, 'contact' as work_relation, contact.entry as work_entry, beside.distance
    from beside
    inner join contact on contact.subject = beside.subject and contact.staff = beside.staff
    where abs(contact.started_at - beside.looked_at) <= $minutes * 60000000
    union all
    select beside.look, 'task', task.entry, beside.distance
    from beside
    inner join task on task.subject = beside.subject and task.staff = beside.staff
    where task.created_at <= beside.looked_at and (task.done_at is null or task.done_at >= beside.looked_at)
    union all
    select beside.look, 'assignment', assignment.entry, beside.distance
    from beside
    inner join zaak on zaak.subject = beside.subject
    inner join assignment on assignment.zaak = zaak.zaak and assignment.staff = beside.staff
    where assignment.valid_from <= beside.looked_at
        and (assignment.valid_until is null or assignment.valid_until >= beside.looked_at)
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
