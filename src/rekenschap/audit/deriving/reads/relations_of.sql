SELECT entry, source, kind, subject, other_subject, staff, valid_from, valid_until
FROM read_parquet($files)
WHERE subject IN (SELECT unnest($people))
ORDER BY kind, subject, entry
LIMIT $most
