SELECT entry, source, kind, subject, staff, valid_from, valid_until
FROM read_parquet($files)
WHERE staff IN (SELECT unnest($people)) AND kind = 'self'
ORDER BY entry
