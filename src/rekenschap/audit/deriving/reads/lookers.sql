SELECT look, staff, subject, looked_at, explained, weak_only, team, role, register, best_ground
FROM read_parquet($files)
WHERE subject IN (SELECT unnest($people)) AND looked_at >= $first AND looked_at < $last
ORDER BY looked_at, look
