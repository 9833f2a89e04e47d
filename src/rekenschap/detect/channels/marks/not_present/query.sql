-- Days with looks while no shift, gate or session shows the owner of the account, of whom such records are kept.
WITH recorded AS (
    SELECT staff, happened_day, started_at, coalesce(ended_at, started_at + $hours_open * 3600000000) AS ended_at
    FROM presence
    WHERE kind IN ('shift', 'badge', 'session')
),
shown AS (
    SELECT look.look
    FROM look
    INNER JOIN recorded ON recorded.staff = look.staff AND recorded.happened_day = look.happened_day
    WHERE recorded.started_at <= look.looked_at + $hours_slack * 3600000000
        AND recorded.ended_at >= look.looked_at - $hours_slack * 3600000000
    UNION
    SELECT look.look
    FROM look
    INNER JOIN recorded ON recorded.staff = look.staff AND recorded.happened_day + 1 = look.happened_day
    WHERE recorded.ended_at >= look.looked_at - $hours_slack * 3600000000
)
SELECT look.look, look.staff AS owner, look.staff AS unit
FROM look
SEMI JOIN recorded ON recorded.staff = look.staff AND recorded.happened_day <= look.happened_day
ANTI JOIN shown ON shown.look = look.look
WHERE coalesce(look.employment, 'employee') NOT IN ('shared', 'system')
