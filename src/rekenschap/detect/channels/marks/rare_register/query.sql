-- Looks without a reason in a register that hardly anybody else in the role uses.
WITH person AS (
    SELECT look, staff, register, coalesce(role, '') AS role
    FROM look
    WHERE coalesce(employment, 'employee') NOT IN ('shared', 'system')
),
role_staff AS (
    SELECT DISTINCT role, staff FROM person
),
role_size AS (
    SELECT role, count(*) AS people FROM role_staff GROUP BY role
),
register_staff AS (
    SELECT DISTINCT role, register, staff FROM person
),
register_size AS (
    SELECT role, register, count(*) AS people FROM register_staff GROUP BY role, register
)
SELECT unexplained_look.look, unexplained_look.staff AS owner, unexplained_look.subject AS unit
FROM unexplained_look
INNER JOIN person ON person.look = unexplained_look.look
INNER JOIN role_size ON role_size.role = person.role
INNER JOIN register_size ON register_size.role = person.role AND register_size.register = person.register
WHERE role_size.people > 2 AND (register_size.people - 1) * $one_in < role_size.people - 1
