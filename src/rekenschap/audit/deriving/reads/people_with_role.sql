SELECT staff, team, looks, explained, unexplained_visits
FROM read_parquet($files)
WHERE role = $role
ORDER BY unexplained_visits DESC, staff
