-- A look at a person who does not exist: an invented record that the owner of the register put there.
SELECT look.look AS entry, look.staff, look.looked_at AS happened_at, look.look AS known_from
FROM look
SEMI JOIN canary ON canary.subject = look.subject
WHERE coalesce(look.employment, 'employee') <> 'system'
