"""Import records, keep them, and say how far they can be trusted."""
