SELECT * FROM read_parquet($files) WHERE subject = $who ORDER BY looked_at DESC, entry DESC LIMIT $most
