-- Of what was done only: an appointment or a contract may lie ahead. Median and 95th percentile are by
-- nearest rank, so that they are delays that occurred. In microseconds.
WITH done AS (
    SELECT source, looked_at AS happened_at, recorded_at FROM consultation
    UNION ALL
    SELECT source, processed_at AS happened_at, recorded_at FROM processing
    UNION ALL
    SELECT source, disclosed_at AS happened_at, recorded_at FROM disclosure
    UNION ALL
    SELECT source, decided_at AS happened_at, recorded_at FROM decision
),
ranked AS (
    SELECT
        source,
        recorded_at - happened_at AS delay,
        row_number() OVER (PARTITION BY source ORDER BY recorded_at - happened_at, recorded_at, happened_at) AS place,
        count(*) OVER (PARTITION BY source) AS facts
    FROM done
)
SELECT
    source,
    max(facts) AS facts,
    max(CASE WHEN place = (facts + 1) // 2 THEN delay END) AS median,
    max(CASE WHEN place = (95 * facts + 99) // 100 THEN delay END) AS late,
    sum(CASE WHEN delay < 0 THEN 1 ELSE 0 END) AS early,
    max(CASE WHEN delay < 0 THEN -delay ELSE 0 END) AS most_early
FROM ranked
GROUP BY source
