"""Speak HTTP: the gate, its pages, single sign-on, headers."""
