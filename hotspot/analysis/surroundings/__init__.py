"""Say what lies around hotspots, and what was recorded at it."""
