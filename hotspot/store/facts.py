"""Keep single facts about the workspace: a name and a text."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from hotspot.store.tables.datasets import facts

PSEUDONYM_CHECK = "pseudonym check"
IDENTITY = "workspace identity"


def read_fact(connection: Connection, name: str) -> str | None:
    """Read a fact; `None` where it was never written."""
    value: str | None = connection.execute(
        select(facts.c.value).where(facts.c.name == name)
    ).scalar_one_or_none()
    return value


def write_fact(connection: Connection, name: str, value: str) -> None:
    """Write a fact in the place of what it was."""
    connection.execute(delete(facts).where(facts.c.name == name))
    connection.execute(insert(facts).values(name=name, value=value))
