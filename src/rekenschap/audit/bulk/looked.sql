-- 86400000000 // 1440 is a minute, as in the query `looks`
SELECT
    entry AS look, staff, subject, zaak, looked_at,
    looked_at - looked_at % 60000000 - (happened_minute * 86400000000) // 1440 AS day_began
FROM consultation
