"""Keep journals: what was noted about premises and in meetings, appended and never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select, update

from hotspot.errors import ConflictError, NotFoundError
from hotspot.store.reading import account_in, frame, new_number
from hotspot.store.tables.core import meetings
from hotspot.store.tables.journals import drafts, journal


def add_entry(
    connection: Connection, about: str, kind: str, body: dict[str, Any], by: str, at: datetime
) -> int:
    """Write an entry about something and give its number."""
    values = {"about": about, "kind": kind, "body": body, "recorded_by": by, "recorded_at": at}
    return new_number(connection.execute(insert(journal).values(values)))


def list_entries(
    connection: Connection, *, about: str | None = None, starts: str = "", withdrawn: bool = False
) -> pd.DataFrame:
    """Read entries, the oldest first: those about one thing, or about all that begin alike."""
    query = select(journal).order_by(journal.c.entry_id)
    if about is not None:
        query = query.where(journal.c.about == about)
    if starts:
        query = query.where(journal.c.about.startswith(starts, autoescape=True))
    if not withdrawn:
        query = query.where(journal.c.withdrawn_at.is_(None))
    return frame(connection, query)


def withdraw_entry(connection: Connection, entry_id: int, by: str, at: datetime, why: str) -> None:
    """Take an entry back; it stays readable as withdrawn.

    Raises
    ------
    NotFoundError
        There is none that stands.
    """
    done = connection.execute(
        update(journal)
        .where(journal.c.entry_id == entry_id, journal.c.withdrawn_at.is_(None))
        .values(
            withdrawn_by=by,
            withdrawn_by_id=account_in(connection),
            withdrawn_at=at,
            withdrawn_why=why,
        )
    )
    if done.rowcount == 0:
        message = "That entry does not stand any more; look again."
        raise NotFoundError(message)


def last_entry(connection: Connection) -> tuple[int, int]:
    """Return the greatest entry number and how many were withdrawn: they change when any do."""
    row = connection.execute(
        select(func.coalesce(func.max(journal.c.entry_id), 0), func.count(journal.c.withdrawn_at))
    ).one()
    return int(row[0]), int(row[1])


def add_meeting(connection: Connection, **values: Any) -> int:  # noqa: ANN401 - columns
    """Open a meeting and give its number."""
    return new_number(connection.execute(insert(meetings).values(**values)))


def list_meetings(connection: Connection) -> pd.DataFrame:
    """Read the meetings, the newest first."""
    return frame(connection, select(meetings).order_by(meetings.c.meeting_id.desc()))


def close_meeting(connection: Connection, meeting_id: int, by: str, at: datetime) -> None:
    """Close a meeting.

    Raises
    ------
    ConflictError
        It is closed already, or there is none.
    """
    done = connection.execute(
        update(meetings)
        .where(meetings.c.meeting_id == meeting_id, meetings.c.closed_at.is_(None))
        .values(closed_by=by, closed_by_id=account_in(connection), closed_at=at)
    )
    if done.rowcount == 0:
        message = "That meeting is closed, or there is none."
        raise ConflictError(message)


def keep_draft(connection: Connection, owner: str, field: str, text: str, at: datetime) -> None:
    """Keep what somebody has typed and not sent; empty text forgets it."""
    mine = (drafts.c.owner == owner) & (drafts.c.field == field)
    connection.execute(delete(drafts).where(mine))
    if text:
        values = {"owner": owner, "field": field, "text": text, "saved_at": at}
        connection.execute(insert(drafts).values(values))


def draft_of(connection: Connection, owner: str, field: str) -> str:
    """Return what somebody had typed; empty where nothing was kept."""
    mine = (drafts.c.owner == owner) & (drafts.c.field == field)
    draft = connection.execute(select(drafts.c.text).where(mine)).scalar_one_or_none()
    return str(draft or "")
