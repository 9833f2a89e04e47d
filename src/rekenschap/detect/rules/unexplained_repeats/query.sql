-- On how many days a member of staff came back to one subject, and on how many of them without a reason.
SELECT staff, subject, count(*) AS days_seen, sum(unexplained) AS days_unexplained
FROM visit
GROUP BY staff, subject
HAVING count(*) >= 2 OR sum(unexplained) >= 1
