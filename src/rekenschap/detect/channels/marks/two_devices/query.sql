-- Looks from another device than the look just before, under one account.
WITH placed AS (
    SELECT
        look.look, look.staff, look.looked_at, consultation.device,
        lag(consultation.device) OVER (PARTITION BY look.staff ORDER BY look.looked_at, look.look) AS device_before,
        lag(look.looked_at) OVER (PARTITION BY look.staff ORDER BY look.looked_at, look.look) AS looked_before
    FROM look
    INNER JOIN consultation ON consultation.entry = look.look
    WHERE consultation.device IS NOT NULL AND coalesce(look.employment, 'employee') NOT IN ('shared', 'system')
)
SELECT look, staff AS owner, device AS unit
FROM placed
WHERE device <> device_before AND looked_at < looked_before + $minutes * 60000000
