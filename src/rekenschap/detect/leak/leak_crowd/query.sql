-- How often two looks without a reason, by different people, fall on one subject: of everybody, of one role, of one team.
WITH counted AS (
    SELECT subject, role, team, count(*) AS pairs
    FROM leak_pair
    WHERE days_unexplained > 0 AND nobody = 0
    GROUP BY subject, role, team
),
by_role AS (
    SELECT subject, role, sum(pairs) AS pairs FROM counted GROUP BY subject, role
),
by_all AS (
    SELECT subject, sum(pairs) AS pairs FROM counted GROUP BY subject
),
team_size AS (
    SELECT role, team, sum(pairs) AS pairs FROM counted GROUP BY role, team
),
role_size AS (
    SELECT role, sum(pairs) AS pairs FROM by_role GROUP BY role
),
level AS (
    SELECT 'all' AS level, pairs * (pairs - 1) AS met, 0 AS possible FROM by_all
    UNION ALL
    SELECT 'all' AS level, 0 AS met, sum(pairs) * (sum(pairs) - 1) AS possible FROM by_all
    UNION ALL
    SELECT 'role' AS level, pairs * (pairs - 1) AS met, 0 AS possible FROM by_role
    UNION ALL
    SELECT 'role' AS level, 0 AS met, pairs * (pairs - 1) AS possible FROM role_size
    UNION ALL
    SELECT 'team' AS level, pairs * (pairs - 1) AS met, 0 AS possible FROM counted
    UNION ALL
    SELECT 'team' AS level, 0 AS met, pairs * (pairs - 1) AS possible FROM team_size
)
SELECT level, coalesce(sum(met), 0) AS met, coalesce(sum(possible), 0) AS possible
FROM level
GROUP BY level
