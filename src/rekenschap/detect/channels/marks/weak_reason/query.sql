-- Looks for which only weak reasons were found, one kind of reason at a time.
SELECT unexplained_look.look, unexplained_look.staff AS owner, unexplained_look.subject AS unit, explanation.ground AS kind
FROM unexplained_look
INNER JOIN explanation ON explanation.look = unexplained_look.look
WHERE unexplained_look.weak_only AND explanation.weight IN ('weak', 'stated')
