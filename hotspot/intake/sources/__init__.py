"""Read each source: one module each, listed in `registry`."""
