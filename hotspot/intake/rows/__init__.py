"""Turn a file's rows into a source's records, and account for every row."""
