-- By the moment of recording, not that of the look: silence is about what reaches us.
WITH told AS (
    SELECT source, recorded_at FROM consultation
    UNION ALL
    SELECT source, recorded_at FROM processing
    UNION ALL
    SELECT source, recorded_at FROM disclosure
    UNION ALL
    SELECT source, recorded_at FROM presence
    UNION ALL
    SELECT source, recorded_at FROM staff
    UNION ALL
    SELECT source, recorded_at FROM authorisation
    UNION ALL
    SELECT source, recorded_at FROM zaak
    UNION ALL
    SELECT source, recorded_at FROM task
    UNION ALL
    SELECT source, recorded_at FROM assignment
    UNION ALL
    SELECT source, recorded_at FROM contact
    UNION ALL
    SELECT source, recorded_at FROM relation
    UNION ALL
    SELECT source, recorded_at FROM shielding
    UNION ALL
    SELECT source, recorded_at FROM processing_activity
    UNION ALL
    SELECT source, recorded_at FROM decision
    UNION ALL
    SELECT source, recorded_at FROM act
)
SELECT source, recorded_at // 60000000 AS minute, count(*) AS facts
FROM told
GROUP BY source, recorded_at // 60000000
