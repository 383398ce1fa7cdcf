"""Keep what must not be lost: SQL for decisions, Parquet for records."""
