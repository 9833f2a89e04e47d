-- Looks after which the same member of staff, searching alike, looked at somebody else, and that with a reason.
WITH followed AS (
    SELECT
        look,
        subject,
        register,
        search_key,
        looked_at,
        lead(look) OVER (PARTITION BY staff ORDER BY looked_at, look) AS next_look,
        lead(subject) OVER (PARTITION BY staff ORDER BY looked_at, look) AS next_subject,
        lead(register) OVER (PARTITION BY staff ORDER BY looked_at, look) AS next_register,
        lead(search_key) OVER (PARTITION BY staff ORDER BY looked_at, look) AS next_key,
        lead(looked_at) OVER (PARTITION BY staff ORDER BY looked_at, look) AS next_at
    FROM look
)
SELECT followed.look
FROM followed
SEMI JOIN unexplained_look ON unexplained_look.look = followed.look
INNER JOIN verdict ON verdict.look = followed.next_look
WHERE verdict.explained
    AND followed.next_subject <> followed.subject
    AND followed.next_register = followed.register
    AND followed.next_key = followed.search_key
    AND followed.search_key <> 'zaak'
    AND followed.next_at <= followed.looked_at + $seconds * 1000000
