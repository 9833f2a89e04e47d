-- Both stay in the ledger; what was told first has the older time at the door, which nobody outside it sets.
SELECT
    earlier.source,
    earlier.kind,
    earlier.entry AS first_entry,
    later.entry AS later_entry,
    (later.recorded_at - earlier.recorded_at) // 86400000000 AS days_later
FROM presence AS earlier
INNER JOIN presence AS later
    ON later.staff = earlier.staff
    AND later.kind = earlier.kind
    AND later.source = earlier.source
    AND later.happened_day = earlier.happened_day
WHERE earlier.kind IN ('shift', 'leave')
    AND later.recorded_at > earlier.recorded_at
    AND later.started_at < coalesce(earlier.ended_at, later.started_at + 1)
    AND earlier.started_at < coalesce(later.ended_at, earlier.started_at + 1)
