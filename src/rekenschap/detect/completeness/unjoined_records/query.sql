-- One step has one trace id and one span id, in every log it stands in: the line, the look and the decision.
-- A decision has a span of its own, below the step that asked for it.
WITH line AS (
    SELECT DISTINCT source, trace_id, operation_id
    FROM processing
    WHERE trace_id IS NOT NULL AND operation_id IS NOT NULL AND subject IS NOT NULL
),
seen AS (
    SELECT DISTINCT source, trace_id, operation_id
    FROM consultation
    WHERE trace_id IS NOT NULL AND operation_id IS NOT NULL
),
asked AS (
    SELECT DISTINCT trace_id, parent_id AS operation_id
    FROM decision
    WHERE trace_id IS NOT NULL AND parent_id IS NOT NULL AND staff IS NOT NULL
),
of_both AS (
    SELECT DISTINCT line.source
    FROM line
    INNER JOIN seen ON seen.source = line.source
        AND seen.trace_id = line.trace_id
        AND seen.operation_id = line.operation_id
),
lined AS (
    SELECT DISTINCT trace_id, operation_id FROM line
),
looked AS (
    SELECT DISTINCT trace_id, operation_id FROM seen
),
step AS (
    SELECT
        'line' AS kind, line.source, CASE WHEN looked.trace_id IS NULL THEN 1 ELSE 0 END AS alone
    FROM line
    LEFT JOIN looked ON looked.trace_id = line.trace_id AND looked.operation_id = line.operation_id
    UNION ALL
    SELECT
        'look' AS kind, seen.source, CASE WHEN lined.trace_id IS NULL THEN 1 ELSE 0 END AS alone
    FROM seen
    LEFT JOIN lined ON lined.trace_id = seen.trace_id AND lined.operation_id = seen.operation_id
    UNION ALL
    SELECT
        'decision' AS kind, line.source, CASE WHEN looked.trace_id IS NULL THEN 1 ELSE 0 END AS alone
    FROM asked
    INNER JOIN line ON line.trace_id = asked.trace_id AND line.operation_id = asked.operation_id
    LEFT JOIN looked ON looked.trace_id = asked.trace_id AND looked.operation_id = asked.operation_id
)
SELECT step.source, step.kind, sum(step.alone) AS alone, count(*) AS told
FROM step
INNER JOIN of_both ON of_both.source = step.source
GROUP BY step.source, step.kind
HAVING sum(step.alone) > 0
