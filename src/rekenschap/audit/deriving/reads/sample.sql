-- the engine's own hash: the same draw with the same engine; whoever drew it keeps which looks it gave
SELECT look
FROM read_parquet($files)
WHERE looked_at >= $first AND looked_at < $last
ORDER BY hash(look * 1000003 + $seed), look
LIMIT $most
