"""Read files as they come from police, council and open-data systems, and account for each row."""
