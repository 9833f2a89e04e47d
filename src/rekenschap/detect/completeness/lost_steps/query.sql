WITH child AS (
    SELECT source, trace_id, parent_id
    FROM processing
    WHERE parent_id IS NOT NULL AND trace_id IS NOT NULL AND processor IS NULL
),
step AS (
    SELECT DISTINCT trace_id, operation_id
    FROM processing
    WHERE trace_id IS NOT NULL AND operation_id IS NOT NULL
),
followed AS (
    SELECT child.source, CASE WHEN step.trace_id IS NULL THEN 1 ELSE 0 END AS lost
    FROM child
    LEFT JOIN step ON step.trace_id = child.trace_id AND step.operation_id = child.parent_id
)
SELECT source, sum(lost) AS lost, count(*) AS told
FROM followed
GROUP BY source
HAVING sum(lost) > 0 AND 2 * sum(lost) < count(*)
