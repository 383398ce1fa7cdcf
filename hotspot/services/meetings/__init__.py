"""Hold the disruption meeting, and project it."""
