-- What a member of staff does in all, whether explained or not: the yardstick for time and search key.
WITH per_role AS (
    SELECT
        staff,
        role,
        count(*) AS visits,
        sum(outside_hours) AS outside_hours,
        sum(by_other_key) AS by_other_key
    FROM visit
    GROUP BY staff, role
),
ranked AS (
    SELECT
        staff,
        role,
        row_number() OVER (PARTITION BY staff ORDER BY visits DESC, role) AS place,
        sum(visits) OVER (PARTITION BY staff) AS visits,
        sum(outside_hours) OVER (PARTITION BY staff) AS outside_hours,
        sum(by_other_key) OVER (PARTITION BY staff) AS by_other_key
    FROM per_role
)
SELECT staff, role, visits, outside_hours, by_other_key
FROM ranked
WHERE place = 1
