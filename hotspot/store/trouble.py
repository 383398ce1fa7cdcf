"""Say in one plain line what is wrong with a database, without its words, paths or addresses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError

from hotspot.errors import StoreError

_SAID = {
    "SQLITE_FULL": "the disk is full: make room, then try again",
    "SQLITE_READONLY": "it cannot be written: this is a read-only copy, or another user's folder",
    "SQLITE_CORRUPT": "it is damaged: stop the server and restore a backup (hotspot restore)",
    "SQLITE_NOTADB": "it is no database any more: stop the server and restore a backup",
    "SQLITE_BUSY": "others are writing: try again in a moment",
    "SQLITE_LOCKED": "others are writing: try again in a moment",
    "SQLITE_CANTOPEN": "it cannot be opened: check that the folder is there and may be read",
    "SQLITE_IOERR": "the disk does not answer: look at the disk before anything else is done",
}
_OTHER = "it does not answer: see that its server runs, and ask the administrator (hotspot doctor)"


def plainly(error: DatabaseError | sqlite3.Error) -> StoreError:
    """Return what to tell of an error of the database."""
    source = error.orig if isinstance(error, DatabaseError) else error
    name = str(getattr(source, "sqlite_errorname", ""))
    said = next((text for kind, text in _SAID.items() if name.startswith(kind)), _OTHER)
    return StoreError(f"The workspace's database could not be used; nothing was kept: {said}.")


@contextmanager
def plain_trouble() -> Iterator[None]:
    """Tell plainly what is wrong with the database.

    Raises
    ------
    StoreError
        The database cannot be used.
    """
    try:
        yield
    except (DatabaseError, sqlite3.Error) as error:
        raise plainly(error) from error
