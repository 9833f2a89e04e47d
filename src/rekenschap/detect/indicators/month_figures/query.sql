-- The fixed figures over the looks that are bound, per register and (register *) over all of them.
WITH marked AS (
    SELECT
        look.register,
        look.staff,
        look.subject,
        CASE WHEN verdict.explained THEN 1 ELSE 0 END AS explained,
        CASE WHEN verdict.weak_only THEN 1 ELSE 0 END AS weak_only,
        CASE WHEN look.search_key IS NOT NULL AND look.search_key <> 'bsn' THEN 1 ELSE 0 END AS other_key,
        CASE
            WHEN look.happened_minute < $office_opens OR look.happened_minute >= $office_closes THEN 1
            WHEN (look.happened_day + 3) % 7 >= 5 THEN 1  -- day 0 was a Thursday
            ELSE 0
        END AS outside_hours
    FROM look
    INNER JOIN verdict ON verdict.look = look.look
    WHERE coalesce(look.employment, 'employee') <> 'system'
)
SELECT
    register,
    count(*) AS looks,
    count(DISTINCT staff) AS staff,
    count(DISTINCT subject) AS subjects,
    sum(explained) AS explained,
    sum(weak_only) AS weak_only,
    sum(other_key) AS other_key,
    sum(outside_hours) AS outside_hours
FROM marked
GROUP BY register
UNION ALL
SELECT
    '*' AS register,
    count(*) AS looks,
    count(DISTINCT staff) AS staff,
    count(DISTINCT subject) AS subjects,
    coalesce(sum(explained), 0) AS explained,
    coalesce(sum(weak_only), 0) AS weak_only,
    coalesce(sum(other_key), 0) AS other_key,
    coalesce(sum(outside_hours), 0) AS outside_hours
FROM marked
