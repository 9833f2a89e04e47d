SELECT
    look, staff, subject, zaak, looked_at, register, fields, search_key, source, team, role, employment, first_look,
    explained, weak_only, best_ground, best_strength, score, days_later
FROM read_parquet($files)
WHERE staff = $who AND looked_at >= $first AND looked_at < $last
ORDER BY looked_at DESC, look DESC
LIMIT $most OFFSET $skip
