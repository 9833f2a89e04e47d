SELECT * FROM read_parquet($files) ORDER BY entry
