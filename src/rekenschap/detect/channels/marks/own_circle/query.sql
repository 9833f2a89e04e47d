-- Looks without a full reason at oneself, one's family, household or address, or at a colleague.
WITH myself AS (
    SELECT DISTINCT relation.staff, relation.subject
    FROM relation
    WHERE relation.kind = 'self' AND relation.staff IS NOT NULL
),
near AS (
    SELECT staff, subject, 'self' AS kind FROM myself
    UNION
    SELECT myself.staff, relation.other_subject AS subject, 'relative' AS kind
    FROM myself
    INNER JOIN relation ON relation.subject = myself.subject
    WHERE relation.kind IN ('household', 'family', 'address') AND relation.other_subject IS NOT NULL
    UNION
    SELECT myself.staff, relation.subject, 'relative' AS kind
    FROM myself
    INNER JOIN relation ON relation.other_subject = myself.subject
    WHERE relation.kind IN ('household', 'family', 'address')
)
SELECT unexplained_look.look, unexplained_look.staff AS owner, unexplained_look.subject AS unit, near.kind
FROM unexplained_look
INNER JOIN near ON near.staff = unexplained_look.staff AND near.subject = unexplained_look.subject
UNION
SELECT unexplained_look.look, unexplained_look.staff AS owner, unexplained_look.subject AS unit, 'colleague' AS kind
FROM unexplained_look
INNER JOIN myself ON myself.subject = unexplained_look.subject
WHERE myself.staff <> unexplained_look.staff
