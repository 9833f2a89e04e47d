-- Looks without a reason at people whose data needs a stronger reason.
SELECT unexplained_look.look, unexplained_look.staff AS owner, unexplained_look.subject AS unit
FROM unexplained_look
INNER JOIN look ON look.look = unexplained_look.look
SEMI JOIN shielding
    ON shielding.subject = look.subject
    AND shielding.valid_from <= look.looked_at
    AND (shielding.valid_until IS NULL OR shielding.valid_until > look.looked_at)
