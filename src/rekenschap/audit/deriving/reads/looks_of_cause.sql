SELECT look, staff FROM read_parquet($files) WHERE cause = $cause ORDER BY look
