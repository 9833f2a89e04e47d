-- Much at once: an export or copy about many people, by somebody in whose role nobody did so before.
WITH bulk AS (
    SELECT disclosure.entry, disclosure.staff, disclosure.disclosed_at, coalesce(staff.role, '') AS role
    FROM disclosure
    LEFT JOIN staff
        ON staff.staff = disclosure.staff
        AND staff.valid_from <= disclosure.disclosed_at
        AND (staff.valid_until IS NULL OR staff.valid_until > disclosure.disclosed_at)
    WHERE disclosure.subjects >= $bulk
),
before AS (
    SELECT bulk.entry, bulk.staff, bulk.disclosed_at
    FROM bulk
    INNER JOIN bulk AS earlier
        ON earlier.role = bulk.role AND earlier.disclosed_at < bulk.disclosed_at - $days * 86400000000
)
SELECT DISTINCT bulk.entry, bulk.staff, bulk.disclosed_at AS happened_at, bulk.entry AS known_from
FROM bulk
ANTI JOIN before ON before.entry = bulk.entry
