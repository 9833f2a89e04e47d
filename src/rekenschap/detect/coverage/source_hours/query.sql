-- Hour 0 of the week is Thursday 00:00 UTC, as 1970 began. A week counts from the first arrival of its source
-- up to the last arrival of any source.
WITH hours AS (
    SELECT DISTINCT source, minute // 60 AS at_hour
    FROM arrival
    WHERE minute >= $from_minute
),
ends AS (
    SELECT source, at_hour, max(at_hour) OVER () AS last_hour
    FROM hours
),
placed AS (
    SELECT
        source,
        at_hour,
        last_hour,
        min(at_hour) OVER (PARTITION BY source) AS first_hour
    FROM ends
)
SELECT
    source,
    at_hour % 168 AS hour,
    count(*) AS weeks_with,
    max((last_hour - first_hour) // 168 + 1) AS weeks
FROM placed
GROUP BY source, at_hour % 168
