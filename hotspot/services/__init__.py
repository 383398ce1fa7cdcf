"""Use cases: each takes an actor, asks the permission table, and logs itself once."""
