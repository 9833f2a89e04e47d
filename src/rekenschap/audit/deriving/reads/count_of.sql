SELECT
    count(*) AS total,
    count(*) FILTER (WHERE explained) AS explained,
    count(*) FILTER (WHERE weak_only) AS weak
FROM read_parquet($files)
WHERE staff = $who AND looked_at >= $first AND looked_at < $last
