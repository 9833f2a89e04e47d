SELECT look, staff, ground, weight, work_relation, work_entry, strength, work_at, work_source
FROM read_parquet($files)
WHERE staff IN (SELECT unnest($people)) AND look IN (SELECT unnest($looks))
ORDER BY look, strength DESC, ground
