-- How often each subject was looked at, by how many, and by how many of them without a reason.
WITH by_staff AS (
    SELECT
        look.subject,
        look.staff,
        count(*) AS looks,
        max(CASE WHEN verdict.explained THEN 0 ELSE 1 END) AS unexplained
    FROM look
    INNER JOIN verdict ON verdict.look = look.look
    WHERE coalesce(look.employment, 'employee') <> 'system'
    GROUP BY look.subject, look.staff
)
SELECT subject, sum(looks) AS looks, count(*) AS staff, sum(unexplained) AS unexplained_staff
FROM by_staff
GROUP BY subject
