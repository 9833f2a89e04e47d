-- Looks from a device that somebody else used on more days of the four weeks before.
WITH used AS (
    SELECT DISTINCT device, staff, happened_day
    FROM consultation
    WHERE device IS NOT NULL
),
before AS (
    SELECT used.device, used.staff, used.happened_day, earlier.staff AS other, count(*) AS days
    FROM used
    INNER JOIN used AS earlier
        ON earlier.device = used.device
        AND earlier.happened_day < used.happened_day
        AND earlier.happened_day >= used.happened_day - $days_before
    GROUP BY used.device, used.staff, used.happened_day, earlier.staff
),
foreign_use AS (
    SELECT device, staff, happened_day
    FROM before
    GROUP BY device, staff, happened_day
    HAVING max(days) FILTER (WHERE other <> staff) > coalesce(max(days) FILTER (WHERE other = staff), 0)
)
SELECT look.look, look.staff AS owner, consultation.device AS unit
FROM look
INNER JOIN consultation ON consultation.entry = look.look
INNER JOIN foreign_use
    ON foreign_use.device = consultation.device
    AND foreign_use.staff = consultation.staff
    AND foreign_use.happened_day = consultation.happened_day
WHERE coalesce(look.employment, 'employee') NOT IN ('shared', 'system')
