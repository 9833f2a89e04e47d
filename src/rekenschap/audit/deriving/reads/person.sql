SELECT staff, team, role, employment, looks, explained, unexplained_visits, first_at, last_at
FROM read_parquet($files)
WHERE staff = $who
