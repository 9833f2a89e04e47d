with candidate as (
    select
        look.look, 'zaak' as work_relation, zaak.entry as work_entry,
        abs(look.looked_at - zaak.registered_at) as distance
    from look
    inner join zaak on zaak.zaak = look.zaak and zaak.handler = look.staff
    where zaak.subject <> look.subject
        and look.looked_at >= zaak.registered_at - $days_before * 86400000000
        and (zaak.closed_at is null or look.looked_at <= zaak.closed_at + $days_after * 86400000000)
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
