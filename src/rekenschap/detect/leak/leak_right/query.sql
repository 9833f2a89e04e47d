-- Who could have looked: everybody who held a right in the window, and everybody who did look.
WITH able AS (
    SELECT staff
    FROM authorisation
    WHERE valid_from < $ends AND (valid_until IS NULL OR valid_until > $begins)
    UNION ALL
    SELECT staff FROM leak_pair
    UNION ALL
    SELECT staff.staff
    FROM staff
    LEFT JOIN authorisation ON authorisation.staff = staff.staff
    WHERE authorisation.staff IS NULL
        AND staff.valid_from < $ends
        AND (staff.valid_until IS NULL OR staff.valid_until > $begins)
        AND coalesce(staff.employment, 'employee') NOT IN ('shared', 'system')
)
SELECT DISTINCT staff FROM able
