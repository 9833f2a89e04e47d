-- Looks without a reason at somebody whose zaken were all closed long before, and were all of others.
WITH about AS (
    SELECT
        look.look,
        max(CASE WHEN zaak.closed_at < look.looked_at - $days_closed * 86400000000 THEN 0 ELSE 1 END) AS live,
        max(CASE WHEN zaak.handler = look.staff THEN 1 ELSE 0 END) AS own
    FROM unexplained_look
    INNER JOIN look ON look.look = unexplained_look.look
    INNER JOIN zaak ON zaak.subject = look.subject AND zaak.registered_at <= look.looked_at
    GROUP BY look.look
)
SELECT unexplained_look.look, unexplained_look.staff AS owner, unexplained_look.subject AS unit
FROM unexplained_look
INNER JOIN about ON about.look = unexplained_look.look
WHERE about.live = 0 AND about.own = 0
