with for_this_person as (
    select
        look.look, look.looked_at, contact.entry, contact.kind, contact.started_at,
        coalesce(contact.ended_at, contact.started_at) as ended_at
    from look
    inner join contact on contact.subject = look.subject and contact.staff = look.staff
    union all
    select
        look_zaak.look, look_zaak.looked_at, contact.entry, contact.kind, contact.started_at,
        coalesce(contact.ended_at, contact.started_at) as ended_at
    from look_zaak
    inner join contact on contact.zaak = look_zaak.zaak and contact.staff = look_zaak.staff
),

candidate as (
    select look, 'contact' as work_relation, entry as work_entry, abs(looked_at - started_at) as distance
    from for_this_person
    where (
            kind in ('call', 'counter')
            and looked_at >= started_at - $minutes_before * 60000000
            and looked_at <= ended_at + $minutes_after * 60000000
        )
        or (
            kind in ('letter', 'message')
            and looked_at >= started_at - $days_before * 86400000000
            and looked_at <= ended_at + $days_after * 86400000000
        )
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
