-- The same content gives the same fact and is taken in once; so two facts of one step differ in something,
-- if only in a key nobody reads, for the token of the whole record is part of a fact.
WITH told AS (
    SELECT 'processing' AS kind, entry, source, trace_id, operation_id, 0 AS subject, '' AS register
    FROM processing
    UNION ALL
    SELECT 'decision' AS kind, entry, source, trace_id, operation_id, 0 AS subject, '' AS register
    FROM decision
    UNION ALL
    SELECT 'consultation' AS kind, entry, source, trace_id, operation_id, subject, register
    FROM consultation
),
numbered AS (
    SELECT
        kind,
        source,
        entry,
        min(entry) OVER (PARTITION BY kind, trace_id, operation_id, subject, register) AS first_entry
    FROM told
    WHERE trace_id IS NOT NULL
        AND operation_id IS NOT NULL
)
SELECT source, kind, first_entry, entry AS later_entry
FROM numbered
WHERE entry > first_entry
