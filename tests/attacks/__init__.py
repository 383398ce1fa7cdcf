"""Attacks that once went through, with the attacker's own means; docs/security.md names each."""
