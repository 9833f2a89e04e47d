SELECT look, staff FROM read_parquet($files) WHERE look IN (SELECT unnest($looks)) ORDER BY look
