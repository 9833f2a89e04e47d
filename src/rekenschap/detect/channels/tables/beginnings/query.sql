-- Since when somebody does the work of their first look, and in which team: that look, or the record of staff.
WITH ordered AS (
    SELECT
        staff,
        team,
        looked_at,
        happened_day,
        row_number() OVER (PARTITION BY staff ORDER BY looked_at, look) AS place
    FROM look
),
first_look AS (
    SELECT staff, team, looked_at, happened_day FROM ordered WHERE place = 1
),
recorded AS (
    SELECT first_look.staff, max(staff.valid_from) AS valid_from
    FROM first_look
    INNER JOIN staff ON staff.staff = first_look.staff AND staff.valid_from <= first_look.looked_at
    GROUP BY first_look.staff
)
SELECT
    first_look.staff,
    first_look.team,
    CASE
        WHEN recorded.valid_from IS NULL THEN first_look.happened_day
        ELSE first_look.happened_day - (first_look.looked_at - recorded.valid_from) // 86400000000
    END AS began
FROM first_look
LEFT JOIN recorded ON recorded.staff = first_look.staff
