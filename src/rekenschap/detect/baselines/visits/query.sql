-- One visit: a member of staff and a subject on a day, however many looks. One reason that day explains the visit.
WITH dated AS (
    SELECT
        look,
        staff,
        subject,
        role,
        search_key,
        employment,
        happened_day,
        happened_minute,
        max(happened_day) OVER () - happened_day AS days_ago
    FROM look
),
judged AS (
    SELECT
        dated.staff,
        dated.subject,
        dated.role,
        dated.days_ago,
        CASE WHEN verdict.explained THEN 0 ELSE 1 END AS unexplained,
        CASE
            WHEN dated.happened_minute < $office_opens OR dated.happened_minute >= $office_closes THEN 1
            WHEN (dated.happened_day + 3) % 7 >= 5 THEN 1  -- day 0 was a Thursday
            ELSE 0
        END AS outside_hours,
        CASE WHEN dated.search_key IN ('name', 'address', 'plate') THEN 1 ELSE 0 END AS by_other_key
    FROM dated
    INNER JOIN verdict ON verdict.look = dated.look
    WHERE coalesce(dated.employment, 'employee') NOT IN ('shared', 'system')
        AND dated.days_ago < $history_days
),
visits AS (
    SELECT
        staff,
        subject,
        coalesce(min(role), '') AS role,
        days_ago,
        min(unexplained) AS unexplained,
        max(outside_hours) AS outside_hours,
        max(by_other_key) AS by_other_key
    FROM judged
    GROUP BY staff, subject, days_ago
)
SELECT
    staff,
    subject,
    role,
    days_ago,
    unexplained,
    min(unexplained) OVER (PARTITION BY staff, subject) AS never_explained,
    outside_hours,
    by_other_key
FROM visits
