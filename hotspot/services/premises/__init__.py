"""Look at premises, note what was found, and write applications for review."""
