-- What lies ahead (an appointment) has not happened: the last is of what had, when it came in.
WITH told AS (
    SELECT source, looked_at AS happened_at, recorded_at FROM consultation
    UNION ALL
    SELECT source, processed_at AS happened_at, recorded_at FROM processing
    UNION ALL
    SELECT source, disclosed_at AS happened_at, recorded_at FROM disclosure
    UNION ALL
    SELECT source, started_at AS happened_at, recorded_at FROM presence
    UNION ALL
    SELECT source, valid_from AS happened_at, recorded_at FROM staff
    UNION ALL
    SELECT source, valid_from AS happened_at, recorded_at FROM authorisation
    UNION ALL
    SELECT source, registered_at AS happened_at, recorded_at FROM zaak
    UNION ALL
    SELECT source, created_at AS happened_at, recorded_at FROM task
    UNION ALL
    SELECT source, valid_from AS happened_at, recorded_at FROM assignment
    UNION ALL
    SELECT source, started_at AS happened_at, recorded_at FROM contact
    UNION ALL
    SELECT source, valid_from AS happened_at, recorded_at FROM relation
    UNION ALL
    SELECT source, valid_from AS happened_at, recorded_at FROM shielding
    UNION ALL
    SELECT source, valid_from AS happened_at, recorded_at FROM processing_activity
    UNION ALL
    SELECT source, decided_at AS happened_at, recorded_at FROM decision
    UNION ALL
    SELECT source, acted_at AS happened_at, recorded_at FROM act
)
SELECT
    source,
    count(*) AS facts,
    min(happened_at) AS first_at,
    max(CASE WHEN happened_at <= recorded_at THEN happened_at END) AS last_at,
    max(recorded_at) AS recorded_at
FROM told
GROUP BY source
