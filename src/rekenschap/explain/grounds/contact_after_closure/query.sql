with candidate as (
    select
        look_zaak.look, 'contact' as work_relation, contact.entry as work_entry,
        look_zaak.looked_at - contact.started_at as distance
    from look_zaak
    inner join look on look.look = look_zaak.look
    inner join contact on contact.subject = look.subject
    where look_zaak.handler = look_zaak.staff
        and look_zaak.closed_at <= look_zaak.looked_at
        and contact.started_at >= look_zaak.closed_at
        and contact.started_at <= look_zaak.looked_at
        and look_zaak.looked_at <= contact.started_at + $days * 86400000000
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
