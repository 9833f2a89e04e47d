select
    look.look, look.staff, look.subject, look.zaak, look.looked_at, look.day_began, look.happened_day,
    look.happened_minute, look.register, look.search_key, look.team, look.role, look.employment, look.first_look,
    verdict.explained = false as unexplained
from look
inner join verdict on verdict.look = look.look
