-- Visits and visits without a reason per member of staff, in each window that ends on a day with visits.
WITH by_day AS (
    SELECT staff, days_ago, count(*) AS exposed, sum(unexplained) AS unexplained
    FROM visit
    GROUP BY staff, days_ago
),
by_week AS (
    SELECT
        staff,
        days_ago,
        sum(exposed) OVER (
            PARTITION BY staff ORDER BY days_ago RANGE BETWEEN CURRENT ROW AND 6 FOLLOWING
        ) AS exposed,
        sum(unexplained) OVER (
            PARTITION BY staff ORDER BY days_ago RANGE BETWEEN CURRENT ROW AND 6 FOLLOWING
        ) AS unexplained
    FROM by_day
),
recent AS (
    SELECT staff, sum(exposed) AS exposed, sum(unexplained) AS unexplained
    FROM by_day
    WHERE days_ago < $recent_days
    GROUP BY staff
),
whole AS (
    SELECT staff, sum(exposed) AS exposed, sum(unexplained) AS unexplained
    FROM by_day
    GROUP BY staff
)
SELECT staff, 1 AS window_days, days_ago, exposed, unexplained FROM by_day
UNION ALL
SELECT staff, 7 AS window_days, days_ago, exposed, unexplained FROM by_week
UNION ALL
SELECT staff, $recent_days AS window_days, 0 AS days_ago, exposed, unexplained FROM recent
UNION ALL
SELECT staff, $history_days AS window_days, 0 AS days_ago, exposed, unexplained FROM whole
