SELECT
    look, staff, subject, zaak, looked_at, happened_day, register, fields, search_key, source, team, role, employment,
    first_look,
    explained, weak_only, best_ground, best_strength, score, days_later
FROM read_parquet($files)
WHERE staff IN (SELECT unnest($people)) AND look IN (SELECT unnest($looks))
ORDER BY looked_at, look
