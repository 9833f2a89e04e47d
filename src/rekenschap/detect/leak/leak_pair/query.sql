-- Who looked at whom in the window: on how many days without and with a reason, and whether work was ever found.
WITH visited AS (
    SELECT
        look.staff,
        look.subject,
        look.happened_day,
        min(look.team) AS team,
        min(look.role) AS role,
        max(CASE WHEN look.employment IN ('shared', 'system') THEN 1 ELSE 0 END) AS nobody,
        max(CASE WHEN verdict.explained THEN 1 ELSE 0 END) AS explained,
        max(CASE WHEN look.looked_at >= $begins THEN 1 ELSE 0 END) AS inside
    FROM look
    INNER JOIN verdict ON verdict.look = look.look
    WHERE look.looked_at < $ends
    GROUP BY look.staff, look.subject, look.happened_day
)
SELECT
    staff,
    subject,
    coalesce(max(team), '') AS team,
    coalesce(max(role), '') AS role,
    max(nobody) AS nobody,
    sum(inside * (1 - explained)) AS days_unexplained,
    sum(inside * explained) AS days_explained,
    max(explained) AS worked
FROM visited
GROUP BY staff, subject
HAVING sum(inside) > 0
