"""Keep monthly counts of outcomes and marks of recording changes: appended, never overwritten."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, insert, select

from hotspot.store.reading import frame, new_number
from hotspot.store.tables.datasets import imports, outcome_counts, recording_changes


def add_counts(
    connection: Connection,
    counts: list[dict[str, Any]],
    by: str,
    at: datetime,
    import_id: int | None = None,
) -> None:
    """Append counts (`month`, `district`, `what`, `number`); the latest entry is what stands."""
    values = [{**row, "import_id": import_id, "entered_by": by, "entered_at": at} for row in counts]
    if values:
        connection.execute(insert(outcome_counts), values)


def current_counts(connection: Connection) -> pd.DataFrame:
    """Read the counts that stand, with who entered them; one entered as nothing is left out."""
    table = outcome_counts
    withdrawn = select(imports.c.import_id).where(imports.c.withdrawn_at.is_not(None))
    stands = table.c.import_id.is_(None) | table.c.import_id.not_in(withdrawn)
    latest = (
        select(func.max(table.c.count_id))
        .where(stands)
        .group_by(table.c.month, table.c.district, table.c.what)
    )
    query = select(table).where(table.c.count_id.in_(latest), table.c.number.is_not(None))
    return frame(connection, query.order_by(table.c.month, table.c.district, table.c.what))


def add_change(
    connection: Connection, source: str, on_day: date, note: str, by: str, at: datetime
) -> int:
    """Mark the day from which a source was recorded otherwise."""
    values = {"source": source, "on_day": on_day, "note": note, "marked_by": by, "marked_at": at}
    return new_number(connection.execute(insert(recording_changes).values(values)))


def list_changes(connection: Connection) -> pd.DataFrame:
    """Read the marks of recording changes, by day."""
    query = select(recording_changes).order_by(recording_changes.c.on_day)
    return frame(connection, query)
