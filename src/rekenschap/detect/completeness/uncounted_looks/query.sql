WITH counted AS (
    SELECT source, min(delivered_at) AS since, sum(last_number - first_number + 1) AS numbers
    FROM delivery
    GROUP BY source
),
looks AS (
    SELECT consultation.source, count(*) AS looks
    FROM consultation
    INNER JOIN counted ON counted.source = consultation.source
    WHERE consultation.recorded_at >= counted.since
    GROUP BY consultation.source
)
SELECT looks.source, looks.looks, counted.numbers
FROM looks
INNER JOIN counted ON counted.source = looks.source
WHERE looks.looks > counted.numbers
