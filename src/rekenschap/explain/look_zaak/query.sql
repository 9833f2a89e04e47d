select
    look.look, look.staff, look.team, look.looked_at, look.day_began,
    zaak.zaak, zaak.entry as zaak_entry, zaak.handler, zaak.team as zaak_team, zaak.registered_at, zaak.closed_at
from look
inner join zaak on zaak.subject = look.subject
union all
-- a zaak that names no subject is found by the number the member of staff gave
select
    look.look, look.staff, look.team, look.looked_at, look.day_began,
    zaak.zaak, zaak.entry as zaak_entry, zaak.handler, zaak.team as zaak_team, zaak.registered_at, zaak.closed_at
from look
inner join zaak on zaak.zaak = look.zaak
where zaak.subject is null
