SELECT entry, work_at, relation, kind, subject, staff, zaak, source
FROM read_parquet($files)
WHERE subject IN (SELECT unnest($people)) AND work_at >= $first AND work_at < $last
ORDER BY work_at, entry
LIMIT $most
