"""Find hotspots: from points to cells to clusters. Start at `pipeline`."""
