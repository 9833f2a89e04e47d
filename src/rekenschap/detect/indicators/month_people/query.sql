-- How often each member of staff looked, and how often without a reason.
SELECT
    look.staff,
    count(*) AS looks,
    count(DISTINCT look.subject) AS subjects,
    sum(CASE WHEN verdict.explained THEN 0 ELSE 1 END) AS unexplained
FROM look
INNER JOIN verdict ON verdict.look = look.look
WHERE coalesce(look.employment, 'employee') NOT IN ('shared', 'system')
GROUP BY look.staff
