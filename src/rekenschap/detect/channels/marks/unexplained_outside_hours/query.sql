-- Looks without a reason in the evening, at night or in the weekend.
SELECT look, staff AS owner, subject AS unit
FROM unexplained_look
WHERE outside_hours = 1
