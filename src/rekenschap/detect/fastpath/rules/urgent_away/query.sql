-- A look under the account of somebody who was on leave, or who was in two places at once.
WITH placed AS (
    SELECT entry, staff, place, started_at, ended_at, happened_day
    FROM presence
    WHERE kind IN ('badge', 'session') AND place IS NOT NULL AND ended_at IS NOT NULL
),
torn AS (
    SELECT
        one.staff, other.happened_day, other.started_at AS begins, least(one.ended_at, other.ended_at) AS ends,
        greatest(one.entry, other.entry) AS known_from
    FROM placed AS one
    INNER JOIN placed AS other ON other.staff = one.staff AND other.happened_day = one.happened_day
    WHERE one.place <> other.place
        AND one.started_at <= other.started_at
        AND one.ended_at > other.started_at + $minutes * 60000000
        AND other.ended_at > other.started_at + $minutes * 60000000
),
hit AS (
    SELECT look.look, look.staff, look.looked_at, greatest(look.look, presence.entry) AS known_from
    FROM look
    INNER JOIN presence ON presence.staff = look.staff
    WHERE presence.kind = 'leave'
        AND presence.started_at <= look.looked_at
        AND presence.ended_at > look.looked_at
        AND coalesce(look.employment, 'employee') NOT IN ('shared', 'system')
    UNION ALL
    SELECT look.look, look.staff, look.looked_at, greatest(look.look, torn.known_from) AS known_from
    FROM look
    INNER JOIN torn ON torn.staff = look.staff AND torn.happened_day = look.happened_day
    WHERE torn.begins <= look.looked_at
        AND torn.ends > look.looked_at
        AND coalesce(look.employment, 'employee') NOT IN ('shared', 'system')
)
SELECT look AS entry, staff, looked_at AS happened_at, min(known_from) AS known_from
FROM hit
GROUP BY look, staff, looked_at
