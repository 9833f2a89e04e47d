-- Between two runs of one counting lies either nothing or what never came in.
WITH placed AS (
    SELECT
        source,
        stream,
        first_number,
        last_number,
        max(last_number) OVER (
            PARTITION BY source, stream ORDER BY first_number, last_number, entry
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached
    FROM delivery
    WHERE kind = 'first'
),
moments AS (
    SELECT source, stream, delivered_at, max(last_number) AS highest
    FROM delivery
    WHERE kind = 'first'
    GROUP BY source, stream, delivered_at
),
-- files taken in by one command came at one moment: their order says nothing
earlier AS (
    SELECT
        source,
        stream,
        delivered_at,
        max(highest) OVER (
            PARTITION BY source, stream ORDER BY delivered_at
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached
    FROM moments
)
SELECT source, stream, 'missing' AS kind, reached + 1 AS first_number, first_number - 1 AS last_number
FROM placed
WHERE first_number > reached + 1
UNION ALL
SELECT source, stream, 'told_again' AS kind, first_number, least(reached, last_number) AS last_number
FROM placed
WHERE first_number <= reached
UNION ALL
SELECT source, stream, 'told_again' AS kind, first_number, last_number
FROM delivery
WHERE kind = 'again'
UNION ALL
SELECT delivery.source, delivery.stream, 'counted_back' AS kind, delivery.first_number, delivery.last_number
FROM delivery
INNER JOIN earlier
    ON earlier.source = delivery.source
    AND earlier.stream = delivery.stream
    AND earlier.delivered_at = delivery.delivered_at
WHERE delivery.kind = 'first' AND delivery.first_number < earlier.reached
