"""Write profiles, and count what was done and what came of it."""
