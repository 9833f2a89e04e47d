-- Every look of every visit without a reason: what a finding rests on.
WITH dated AS (
    SELECT
        look,
        staff,
        subject,
        employment,
        max(happened_day) OVER () - happened_day AS days_ago
    FROM look
)
SELECT
    dated.look,
    visit.staff,
    visit.subject,
    visit.days_ago,
    visit.never_explained,
    visit.outside_hours,
    visit.by_other_key,
    verdict.weak_only,
    coalesce(verdict.score, CAST(0 AS DOUBLE)) AS score
FROM dated
INNER JOIN visit
    ON visit.staff = dated.staff
    AND visit.subject = dated.subject
    AND visit.days_ago = dated.days_ago
INNER JOIN verdict ON verdict.look = dated.look
WHERE visit.unexplained = 1
    AND coalesce(dated.employment, 'employee') NOT IN ('shared', 'system')
