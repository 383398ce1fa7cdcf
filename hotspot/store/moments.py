"""Keep when the events of an action's clock happened: appended, the latest of each counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from hotspot.store.tables.core import action_moments


def add_moment(
    connection: Connection, action_id: int, event: str, happened: str | None, by: str, at: datetime
) -> None:
    """Write when an event happened (ISO day or moment); None takes an earlier entry back."""
    values = {
        "action_id": action_id,
        "event": event,
        "happened": happened,
        "recorded_by": by,
        "recorded_at": at,
    }
    connection.execute(insert(action_moments).values(values))


def list_moments(connection: Connection) -> dict[int, dict[str, str]]:
    """Read what stands: by action, when each event happened."""
    table = action_moments.c
    rows = connection.execute(
        select(table.action_id, table.event, table.happened).order_by(table.moment_id)
    )
    by_action: dict[int, dict[str, str]] = {}
    for number, event, happened in rows:
        own = by_action.setdefault(int(number), {})
        if happened is None:
            own.pop(event, None)
        else:
            own[event] = happened
    return by_action
