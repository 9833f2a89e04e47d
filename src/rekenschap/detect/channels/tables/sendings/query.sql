-- What left, and in what way that is out of the ordinary: one row for each way in which it is.
WITH sent AS (
    SELECT
        disclosure.entry,
        disclosure.staff,
        disclosure.destination,
        disclosure.happened_day,
        disclosure.kind,
        coalesce(disclosure.destination_kind, '') AS destination_kind,
        coalesce(disclosure.subjects, 0) AS subjects
    FROM disclosure
)
SELECT entry, staff, destination, happened_day, 'outside' AS way FROM sent
WHERE destination_kind IN ('own', 'external', 'abroad')
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
