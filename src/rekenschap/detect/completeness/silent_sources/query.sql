-- Looks by the day they took place, and deliveries of a counting by the day they came in.
WITH looks AS (
    SELECT 'looks' AS kind, source, '' AS stream, happened_day AS on_day
    FROM consultation
    GROUP BY source, happened_day
),
deliveries AS (
    SELECT 'deliveries' AS kind, source, stream, happened_day AS on_day
    FROM delivery
    GROUP BY source, stream, happened_day
),
days AS (
    SELECT kind, source, stream, on_day, max(on_day) OVER (PARTITION BY kind) AS end_day FROM looks
    UNION ALL
    SELECT kind, source, stream, on_day, max(on_day) OVER (PARTITION BY kind) AS end_day FROM deliveries
),
pauses AS (
    SELECT
        kind,
        source,
        stream,
        on_day,
        coalesce(lead(on_day) OVER (PARTITION BY kind, source, stream ORDER BY on_day), end_day) - on_day AS pause,
        count(*) OVER (PARTITION BY kind, source, stream) AS days_with
    FROM days
),
ranked AS (
    SELECT
        kind,
        source,
        stream,
        on_day,
        pause,
        days_with,
        row_number() OVER (PARTITION BY kind, source, stream ORDER BY pause DESC, on_day) AS place,
        lead(pause) OVER (PARTITION BY kind, source, stream ORDER BY pause DESC, on_day) AS usual
    FROM pauses
)
SELECT kind, source, stream, on_day AS last_day, pause AS days, usual AS usual_days
FROM ranked
WHERE place = 1
    AND days_with >= $days_seen
    AND pause >= $days_at_least
    AND pause >= $times_as_long * usual
