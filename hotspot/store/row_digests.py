"""Digest the rows of the tables that matter, so that the log can tell whether they are its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, inspect, text

_ACCOUNT = ("account_id", "name", "roles", "agency", "districts", "subject", "is_disabled")
_ACCOUNT_AND_SECRETS = (*_ACCOUNT, "password_hash", "second_factor", "must_change_password")
PROTECTED: dict[str, tuple[str, ...]] = {
    "accounts": (*_ACCOUNT_AND_SECRETS, "shown_as"),
    **dict.fromkeys(
        (
            "action_events",
            "action_moments",
            "actions",
            "boundaries",
            "calendar_feeds",
            "erasures",
            "facts",
            "findings",
            "holds",
            "hotspots",
            "imports",
            "journal",
            "lineage",
            "mappings",
            "meetings",
            "outcome_counts",
            "places",
            "premises",
            "record_files",
            "recording_changes",
            "rejects",
            "school_holidays",
            "sites",
            "snapshots",
            "superseded_records",
        ),
        (),
    ),
}
"""Tables whose rows are sealed, with the columns that are (none named: all of them).

What is written all the time and is no operation of anyone is not: sessions, failures of signing in,
unsent texts; and of an account, what a sign-in counts on.
"""
_BEFORE = {"accounts": (_ACCOUNT, _ACCOUNT_AND_SECRETS)}
"""Columns that older versions sealed, each version's by itself."""


def digests_of(connection: Connection, tables: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of the rows of some tables as the database has them, by table."""
    there = set(inspect(connection).get_table_names())
    return {
        name: _digest(connection, name, PROTECTED[name])
        for name in sorted(set(tables) & set(PROTECTED) & there)
    }


def is_as_sealed(connection: Connection, table: str, sealed: str) -> bool:
    """Tell whether a table is as a row of the log sealed it, by this version or an older one."""
    ways = [PROTECTED[table], *_BEFORE.get(table, ())]
    return any(_digest(connection, table, columns) == sealed for columns in ways)


def _digest(connection: Connection, table: str, columns: tuple[str, ...]) -> str:
    """Digest a table: its rows as JSON, sorted, so that their order does not matter."""
    named = ", ".join(columns) or "*"
    query = text(f"SELECT {named} FROM {table}")  # noqa: S608 - names of ours
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
