SELECT
    look, staff, subject, zaak, looked_at, happened_day, happened_minute, register, search_key, team, role,
    employment, first_look, explained, weak_only, best_ground, best_strength, score
FROM read_parquet($files)
WHERE happened_day >= $first AND happened_day <= $last
ORDER BY look
