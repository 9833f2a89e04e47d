-- Staff who looked at a subject, and those of them who never had a reason to.
-- Windows of two weeks begin every week, so whatever fits in eight days fits in one of them.
WITH placed AS (
    SELECT subject, staff, never_explained, days_ago - days_ago % 14 AS newest FROM visit
    UNION ALL
    SELECT subject, staff, never_explained, days_ago + 7 - (days_ago + 7) % 14 - 7 AS newest FROM visit
),
staff_in_window AS (
    SELECT subject, newest, staff, min(never_explained) AS never_explained
    FROM placed
    GROUP BY subject, newest, staff
),
staff_in_all AS (
    SELECT subject, staff, min(never_explained) AS never_explained
    FROM visit
    GROUP BY subject, staff
)
SELECT subject, 14 AS window_days, newest AS days_ago, count(*) AS exposed, sum(never_explained) AS unexplained
FROM staff_in_window
GROUP BY subject, newest
UNION ALL
SELECT subject, $history_days AS window_days, 0 AS days_ago, count(*) AS exposed, sum(never_explained) AS unexplained
FROM staff_in_all
GROUP BY subject
