-- Who looked at those who are asked about.
SELECT
    leak_pair.staff,
    leak_pair.subject,
    leak_pair.team,
    leak_pair.role,
    leak_pair.nobody,
    leak_pair.days_unexplained,
    leak_pair.days_explained,
    leak_pair.worked
FROM leak_pair
INNER JOIN leak_asked ON leak_asked.subject = leak_pair.subject
