-- Of every look of a person: by whom, at whom, when, and how far from known work.
WITH dated AS (
    SELECT
        look,
        staff,
        subject,
        employment,
        happened_day,
        max(happened_day) OVER () - happened_day AS days_ago
    FROM look
)
SELECT
    dated.look,
    dated.staff,
    dated.subject,
    dated.happened_day,
    dated.days_ago,
    coalesce(verdict.score, CAST(0 AS DOUBLE)) AS score
FROM dated
INNER JOIN verdict ON verdict.look = dated.look
WHERE coalesce(dated.employment, 'employee') NOT IN ('shared', 'system')
