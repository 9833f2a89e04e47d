-- What left, and in what way that is out of the ordinary: one row for each way in which it is.
WITH worked_for AS (
    SELECT disclosure.entry
    FROM disclosure
    INNER JOIN look
        ON look.staff = disclosure.staff
        AND look.subject = disclosure.subject
        AND look.happened_day <= disclosure.happened_day
        AND look.happened_day >= disclosure.happened_day - $days_before
    INNER JOIN verdict ON verdict.look = look.look
    WHERE verdict.explained
),
sent AS (
    SELECT
        disclosure.entry,
        disclosure.staff,
        disclosure.destination,
        disclosure.happened_day,
        disclosure.kind,
        coalesce(disclosure.destination_kind, '') AS destination_kind,
        coalesce(disclosure.subjects, 0) AS subjects,
        CASE
            WHEN disclosure.subject IS NULL OR disclosure.subjects > 1 THEN 0
            WHEN disclosure.destination IS NULL THEN 1
            WHEN min(disclosure.subject) OVER (PARTITION BY disclosure.destination ORDER BY disclosure.disclosed_at) <> max(disclosure.subject) OVER (PARTITION BY disclosure.destination ORDER BY disclosure.disclosed_at) THEN 0
            ELSE 1
        END AS may_be_own_post
    FROM disclosure
)
SELECT sent.entry, sent.staff, sent.destination, sent.happened_day, 'outside' AS way
FROM sent
ANTI JOIN worked_for ON worked_for.entry = sent.entry
WHERE sent.destination_kind = 'own' OR (sent.destination_kind IN ('external', 'abroad') AND sent.may_be_own_post = 0)
UNION ALL
SELECT entry, staff, destination, happened_day, 'own' AS way FROM sent WHERE destination_kind = 'own'
UNION ALL
SELECT entry, staff, destination, happened_day, 'abroad' AS way FROM sent WHERE destination_kind = 'abroad'
UNION ALL
SELECT entry, staff, destination, happened_day, 'device' AS way FROM sent WHERE kind = 'device'
UNION ALL
SELECT entry, staff, destination, happened_day, 'many' AS way FROM sent WHERE subjects >= $many
UNION ALL
SELECT entry, staff, destination, happened_day, 'bulk' AS way FROM sent WHERE subjects >= $bulk
