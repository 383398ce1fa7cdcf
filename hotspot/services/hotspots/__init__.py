"""Find hotspots, ask whether they hold, and follow them through snapshots."""
