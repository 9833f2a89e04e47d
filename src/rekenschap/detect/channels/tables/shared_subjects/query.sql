-- Looks without a reason at somebody at whom others looked without a reason as well, in the weeks before.
SELECT unexplained_look.look
FROM unexplained_look
INNER JOIN visit
    ON visit.subject = unexplained_look.subject
    AND visit.staff <> unexplained_look.staff
    AND visit.unexplained = 1
    AND visit.days_ago >= unexplained_look.days_ago
    AND visit.days_ago <= unexplained_look.days_ago + $days_before
GROUP BY unexplained_look.look
HAVING count(DISTINCT visit.staff) >= $others
