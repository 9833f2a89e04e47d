select
    subject, zaak, min(registered_at) as registered_at,
    -- a zaak of which any row is still open is open
    case when count(*) = count(closed_at) then max(closed_at) end as closed_at
from zaak
where subject is not null
group by subject, zaak
order by registered_at, min(entry)
