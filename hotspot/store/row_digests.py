"""Digest the rows of the tables that matter, so that the log can tell whether they are its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, inspect, text

PROTECTED: dict[str, tuple[str, ...]] = {
    "accounts": ("account_id", "name", "roles", "agency", "districts", "subject", "is_disabled"),
    **dict.fromkeys(
        (
            "action_events",
            "action_moments",
            "actions",
            "erasures",
            "facts",
            "findings",
            "holds",
            "hotspots",
            "imports",
            "journal",
            "lineage",
            "meetings",
            "outcome_counts",
            "record_files",
            "recording_changes",
            "sites",
            "snapshots",
            "superseded_records",
        ),
        (),
    ),
}
"""Tables whose rows are sealed, with the columns that are (none named: all of them)."""


def digests_of(connection: Connection, tables: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of the rows of some tables as the database has them, by table."""
    there = set(inspect(connection).get_table_names())
    return {
        name: _digest(connection, name) for name in sorted(set(tables) & set(PROTECTED) & there)
    }


def _digest(connection: Connection, table: str) -> str:
    """Digest a table: its rows as JSON, sorted, so that their order does not matter."""
    columns = ", ".join(PROTECTED[table]) or "*"
    query = text(f"SELECT {columns} FROM {table}")  # noqa: S608 - names of ours
    lines = sorted(
        json.dumps({name: _plain(value) for name, value in row.items()}, sort_keys=True)
        for row in connection.execute(query).mappings()
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a database gives
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(bytes(value)).hexdigest()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    return value.isoformat() if isinstance(value, date) else value
