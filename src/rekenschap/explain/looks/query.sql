with held as (
    select
        consultation.entry, consultation.staff, consultation.subject, consultation.zaak, consultation.looked_at,
        consultation.happened_day, consultation.happened_minute, consultation.register, consultation.search_key,
        staff.team, staff.role, staff.employment,
        row_number() over (
            partition by consultation.entry order by staff.valid_from desc nulls last, staff.entry desc nulls last
        ) as latest
    from consultation
    left join staff
        on staff.staff = consultation.staff
        and staff.valid_from <= consultation.looked_at
        and (staff.valid_until is null or staff.valid_until > consultation.looked_at)
)
select
    entry as look, staff, subject, zaak, looked_at,
    -- 86400000000 // 1440 is a minute: the large number comes first so that the product is 64 bits wide
    looked_at - looked_at % 60000000 - (happened_minute * 86400000000) // 1440 as day_began,
    happened_day, happened_minute, register, search_key, team, role, employment,
    row_number() over (partition by staff, subject order by looked_at, entry) = 1 as first_look
from held
where latest = 1
