-- A look without a reason by a right that hardly anybody else in the role holds.
WITH role_staff AS (
    SELECT role, staff FROM staff WHERE role IS NOT NULL
    UNION
    SELECT role, staff FROM look WHERE role IS NOT NULL
),
held AS (
    SELECT DISTINCT role_staff.role, authorisation.staff, authorisation.register
    FROM authorisation
    INNER JOIN role_staff ON role_staff.staff = authorisation.staff
    WHERE authorisation.register IS NOT NULL
),
role_size AS (
    SELECT role, count(*) AS people FROM role_staff GROUP BY role
),
rare AS (
    SELECT held.role, held.register, count(*) AS holders
    FROM held
    GROUP BY held.role, held.register
)
SELECT look.look AS entry, look.staff, look.looked_at AS happened_at, look.look AS known_from
FROM look
INNER JOIN verdict ON verdict.look = look.look
INNER JOIN rare ON rare.role = look.role AND rare.register = look.register
INNER JOIN role_size ON role_size.role = look.role
SEMI JOIN held ON held.staff = look.staff AND held.register = look.register
WHERE NOT verdict.explained AND role_size.people > 2 AND (rare.holders - 1) * $one_in < role_size.people - 1
