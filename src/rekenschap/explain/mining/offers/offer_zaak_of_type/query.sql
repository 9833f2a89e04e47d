with candidate as (
    select
        look.look, zaak.zaaktype as told,
        greatest(zaak.registered_at - look.looked_at, look.looked_at - coalesce(zaak.closed_at, look.looked_at), 0) as distance
    from look
    inner join zaak on zaak.subject = look.subject
    where zaak.zaaktype is not null
)

select look, told, min(distance) as apart
from candidate
group by look, told
