-- A look without a reason at somebody who is shielded.
SELECT
    look.look AS entry,
    look.staff,
    look.looked_at AS happened_at,
    min(greatest(look.look, shielding.entry)) AS known_from
FROM look
INNER JOIN verdict ON verdict.look = look.look
INNER JOIN shielding
    ON shielding.subject = look.subject
    AND shielding.valid_from <= look.looked_at
    AND (shielding.valid_until IS NULL OR shielding.valid_until > look.looked_at)
WHERE NOT verdict.explained AND coalesce(look.employment, 'employee') <> 'system'
GROUP BY look.look, look.staff, look.looked_at
