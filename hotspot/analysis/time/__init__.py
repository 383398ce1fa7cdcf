"""Follow hotspots and counts through time."""
