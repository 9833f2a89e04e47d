-- A shared or system account is nobody who acted.
WITH shared AS (
    SELECT DISTINCT staff
    FROM staff
    WHERE employment IN ('shared', 'system')
),
said AS (
    SELECT
        consultation.source,
        1 AS asked_actor,
        1 AS asked_purpose,
        CASE WHEN consultation.subject IS NULL THEN 1 ELSE 0 END AS no_subject,
        CASE WHEN shared.staff IS NULL THEN 0 ELSE 1 END AS no_actor,
        CASE WHEN consultation.processing_activity IS NULL THEN 1 ELSE 0 END AS no_purpose
    FROM consultation
    LEFT JOIN shared ON shared.staff = consultation.staff
    UNION ALL
    SELECT
        source,
        0 AS asked_actor,
        1 AS asked_purpose,
        CASE WHEN subject IS NULL THEN 1 ELSE 0 END AS no_subject,
        0 AS no_actor,
        CASE WHEN processing_activity IS NULL THEN 1 ELSE 0 END AS no_purpose
    FROM processing
    UNION ALL
    SELECT
        disclosure.source,
        1 AS asked_actor,
        1 AS asked_purpose,
        CASE WHEN disclosure.subject IS NULL AND disclosure.subjects IS NULL THEN 1 ELSE 0 END AS no_subject,
        CASE WHEN shared.staff IS NULL THEN 0 ELSE 1 END AS no_actor,
        CASE WHEN disclosure.processing_activity IS NULL THEN 1 ELSE 0 END AS no_purpose
    FROM disclosure
    LEFT JOIN shared ON shared.staff = disclosure.staff
    UNION ALL
    SELECT
        source,
        1 AS asked_actor,
        0 AS asked_purpose,
        CASE WHEN subject IS NULL THEN 1 ELSE 0 END AS no_subject,
        CASE WHEN staff IS NULL THEN 1 ELSE 0 END AS no_actor,
        0 AS no_purpose
    FROM decision
)
SELECT
    source,
    count(*) AS asked_subject,
    sum(no_subject) AS without_subject,
    sum(asked_actor) AS asked_actor,
    sum(no_actor) AS without_actor,
    sum(asked_purpose) AS asked_purpose,
    sum(no_purpose) AS without_purpose
FROM said
GROUP BY source
