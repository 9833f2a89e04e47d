-- Looks without a reason from a device first seen in the house some days before, by who looked from another before.
WITH placed AS (
    SELECT
        look.look,
        look.staff,
        look.happened_day,
        consultation.device,
        min(look.happened_day) OVER () AS began
    FROM look
    INNER JOIN consultation ON consultation.entry = look.look
),
first_use AS (
    SELECT device, min(happened_day) AS first_day, min(began) AS began
    FROM placed
    WHERE device IS NOT NULL
    GROUP BY device
),
before AS (
    SELECT staff, device, min(happened_day) AS first_day, max(happened_day) AS last_day
    FROM placed
    WHERE device IS NOT NULL
    GROUP BY staff, device
),
told AS (
    SELECT DISTINCT placed.look
    FROM placed
    INNER JOIN first_use
        ON first_use.device = placed.device
        AND placed.happened_day < first_use.first_day + $days_new
    INNER JOIN before
        ON before.staff = placed.staff
        AND before.device <> placed.device
        AND before.first_day < first_use.first_day
        AND before.last_day >= first_use.first_day - $days_before
    WHERE first_use.first_day >= first_use.began + $days_before
)
SELECT unexplained_look.look, unexplained_look.staff AS owner, unexplained_look.subject AS unit
FROM unexplained_look
INNER JOIN told ON told.look = unexplained_look.look
