WITH counted AS (
    SELECT source, min(delivered_at) AS since, sum(last_number - first_number + 1) AS numbers
    FROM delivery
    GROUP BY source
),
recorded AS (
    SELECT consultation.source, count(*) AS looks
    FROM consultation
    INNER JOIN counted ON counted.source = consultation.source
    WHERE consultation.recorded_at >= counted.since
    GROUP BY consultation.source
)
SELECT recorded.source, recorded.looks, counted.numbers
FROM recorded
INNER JOIN counted ON counted.source = recorded.source
WHERE recorded.looks > counted.numbers
