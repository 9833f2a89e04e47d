-- Looks without a reason at somebody for whom nobody had a reason to look in the four weeks before.
SELECT unexplained_look.look, unexplained_look.staff AS owner, unexplained_look.subject AS unit
FROM unexplained_look
ANTI JOIN visit
    ON visit.subject = unexplained_look.subject
    AND visit.unexplained = 0
    AND visit.days_ago >= unexplained_look.days_ago
    AND visit.days_ago <= unexplained_look.days_ago + $days_before
