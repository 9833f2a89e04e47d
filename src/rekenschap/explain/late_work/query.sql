-- recorded_at is the clock of the door: whoever writes a date into a zaak afterwards cannot choose it.
WITH work AS (
    SELECT 'zaak' AS work_relation, entry, recorded_at FROM zaak
    UNION ALL
    SELECT 'task' AS work_relation, entry, recorded_at FROM task
    UNION ALL
    SELECT 'assignment' AS work_relation, entry, recorded_at FROM assignment
    UNION ALL
    SELECT 'contact' AS work_relation, entry, recorded_at FROM contact
    UNION ALL
    SELECT 'relation' AS work_relation, entry, recorded_at FROM relation
    UNION ALL
    SELECT 'staff' AS work_relation, entry, recorded_at FROM staff
),
timed AS (
    SELECT
        explanation.look,
        explanation.ground,
        explanation.weight,
        explanation.work_relation,
        explanation.work_entry,
        work.recorded_at - consultation.recorded_at AS later
    FROM explanation
    INNER JOIN consultation ON consultation.entry = explanation.look
    INNER JOIN work
        ON work.work_relation = explanation.work_relation
        AND work.entry = explanation.work_entry
),
judged AS (
    SELECT
        look,
        ground,
        weight,
        work_relation,
        work_entry,
        later,
        sum(CASE WHEN weight = 'full' AND later < $days_late * 86400000000 THEN 1 ELSE 0 END)
            OVER (PARTITION BY look) AS in_time
    FROM timed
)
SELECT
    look,
    ground,
    work_relation,
    work_entry,
    later // 86400000000 AS days_later,
    weight = 'full' AND in_time = 0 AS only_late
FROM judged
WHERE later >= $days_late * 86400000000
