SELECT staff, team, looks, explained, unexplained_visits
FROM read_parquet($files)
WHERE team = $team
ORDER BY unexplained_visits DESC, staff
