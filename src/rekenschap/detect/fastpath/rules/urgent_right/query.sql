-- A look without a reason by a right that hardly anybody else in the role holds.
WITH held AS (
    SELECT DISTINCT look.role, authorisation.staff, authorisation.register
    FROM authorisation
    INNER JOIN look ON look.staff = authorisation.staff
    WHERE look.role IS NOT NULL AND authorisation.register IS NOT NULL
),
role_staff AS (
    SELECT DISTINCT role, staff FROM look WHERE role IS NOT NULL
),
role_size AS (
    SELECT role, count(*) AS people FROM role_staff GROUP BY role
),
rare AS (
    SELECT held.role, held.register, count(*) AS holders
    FROM held
    GROUP BY held.role, held.register
)
SELECT look.look AS entry, look.staff, look.looked_at AS happened_at
FROM look
INNER JOIN verdict ON verdict.look = look.look
INNER JOIN rare ON rare.role = look.role AND rare.register = look.register
INNER JOIN role_size ON role_size.role = look.role
SEMI JOIN held ON held.staff = look.staff AND held.register = look.register
WHERE NOT verdict.explained AND role_size.people > 2 AND (rare.holders - 1) * $one_in < role_size.people - 1
