"""Ask whether hotspots are more than chance, and how well they foretell."""
