"""Keep snapshots of runs, and what became of each registered hotspot in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select, update

from hotspot.errors import NotFoundError
from hotspot.store.reading import frame, new_number
from hotspot.store.tables.core import lineage, snapshots

_LISTED = (
    "snapshot_id",
    "name",
    "note",
    "taken_at",
    "taken_by",
    "code_version",
    "params",
    "sources",
    "approximate",
    "files",
    "result_sha256",
    "erased_at",
    "erased_rule",
)


def add_snapshot(connection: Connection, **values: Any) -> int:  # noqa: ANN401 - columns
    """Write a snapshot and return its number."""
    return new_number(connection.execute(insert(snapshots).values(**values)))


def list_snapshots(connection: Connection) -> pd.DataFrame:
    """Read all snapshots without their results, the newest first."""
    columns = [snapshots.c[name] for name in _LISTED]
    return frame(connection, select(*columns).order_by(snapshots.c.snapshot_id.desc()))


def read_snapshot(connection: Connection, snapshot_id: int) -> dict[str, Any]:
    """Read one snapshot whole.

    Raises
    ------
    NotFoundError
        There is no such snapshot.
    """
    query = select(snapshots).where(snapshots.c.snapshot_id == snapshot_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        message = f"There is no snapshot {snapshot_id}; look at the list of snapshots."
        raise NotFoundError(message)
    return dict(row)


def erase_snapshot(connection: Connection, snapshot_id: int, at: datetime, rule: str) -> None:
    """Erase what a snapshot keeps; its line in the list and its lineage stay."""
    values = {"result": "", "cells": b"", "briefing": None, "erased_at": at, "erased_rule": rule}
    own = snapshots.c.snapshot_id == snapshot_id
    connection.execute(update(snapshots).where(own).values(values))


def add_lineage(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write what became of hotspots in a snapshot."""
    if rows:
        connection.execute(insert(lineage), rows)


def list_lineage(connection: Connection) -> pd.DataFrame:
    """Read what became of every hotspot, the oldest first, with its snapshot's name and day."""
    at = (snapshots.c.name.label("snapshot"), snapshots.c.taken_at)
    query = select(lineage, *at).join(snapshots, snapshots.c.snapshot_id == lineage.c.snapshot_id)
    return frame(connection, query.order_by(lineage.c.lineage_id))
