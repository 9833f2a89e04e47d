-- Since when somebody does the work of their looks: the first look, or the latest record of staff before it.
WITH first_look AS (
    SELECT staff, min(looked_at) AS looked_at, min(happened_day) AS happened_day
    FROM look
    GROUP BY staff
),
recorded AS (
    SELECT first_look.staff, max(staff.valid_from) AS valid_from
    FROM first_look
    INNER JOIN staff ON staff.staff = first_look.staff AND staff.valid_from <= first_look.looked_at
    GROUP BY first_look.staff
)
SELECT
    first_look.staff,
    CASE
        WHEN recorded.valid_from IS NULL THEN first_look.happened_day
        ELSE first_look.happened_day - (first_look.looked_at - recorded.valid_from) // 86400000000
    END AS began
FROM first_look
LEFT JOIN recorded ON recorded.staff = first_look.staff
