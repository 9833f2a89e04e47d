-- How many subjects each member of staff looked at: in all, without a reason, and of those with work of their own.
SELECT
    staff,
    max(team) AS team,
    max(role) AS role,
    max(nobody) AS nobody,
    count(*) AS seen,
    sum(CASE WHEN days_unexplained > 0 THEN 1 ELSE 0 END) AS unexplained,
    sum(worked) AS worked,
    sum(CASE WHEN days_unexplained > 0 THEN worked ELSE 0 END) AS worked_unexplained
FROM leak_pair
GROUP BY staff
