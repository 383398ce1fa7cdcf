"""Record actions against hotspots, move them on, and look at what they did."""
