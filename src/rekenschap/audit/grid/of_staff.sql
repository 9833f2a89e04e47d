SELECT * FROM read_parquet($files) WHERE staff = $who ORDER BY looked_at DESC, entry DESC LIMIT $most
