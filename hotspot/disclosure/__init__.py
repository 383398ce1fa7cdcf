"""Decide what may leave, for whom, and how it is marked."""
