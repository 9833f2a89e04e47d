-- Looks without a reason in a register by somebody who held no right to it then, where such rights are recorded.
WITH governed AS (
    SELECT DISTINCT register FROM authorisation WHERE register IS NOT NULL
),
missed AS (
    SELECT look.look, look.staff, look.subject, look.register, look.looked_at
    FROM look
    SEMI JOIN unexplained_look ON unexplained_look.look = look.look
)
SELECT missed.look, missed.staff AS owner, missed.subject AS unit
FROM missed
SEMI JOIN governed ON governed.register = missed.register
ANTI JOIN authorisation
    ON authorisation.staff = missed.staff
    AND authorisation.register = missed.register
    AND authorisation.valid_from <= missed.looked_at
    AND (authorisation.valid_until IS NULL OR authorisation.valid_until > missed.looked_at)
