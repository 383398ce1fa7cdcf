"""Copy a database while it is used, and read the copy's own account of itself."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, inspect, select, table, text

from hotspot.errors import StoreError
from hotspot.store.audit import Head, read_head
from hotspot.store.tables import datasets as tables
from hotspot.store.trouble import plain_trouble


def copy_database(engine: Engine, target: Path) -> None:
    """Copy a SQLite database as it stands at one instant, with SQLite's own backup.

    Raises
    ------
    StoreError
        The database is a server's, which is backed up by the server's tools.
    """
    if engine.dialect.name != "sqlite":
        message = (
            "This workspace keeps its database on a server: back it up there (pg_dump), and the "
            "folder of the workspace as files. See docs/deployment.md."
        )
        raise StoreError(message)
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    with plain_trouble():
        raw = engine.raw_connection()
    try:
        source: Any = raw.driver_connection
        with plain_trouble(), closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    finally:
        raw.close()


def settle(path: Path) -> None:
    """Put everything of a closed SQLite database into its one file."""
    with plain_trouble(), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def count_rows(engine: Engine) -> dict[str, int]:
    """Count the rows of each table that is there."""
    with plain_trouble(), engine.connect() as connection:
        return {
            name: int(
                connection.execute(select(func.count()).select_from(table(name))).scalar_one()
            )
            for name in sorted(inspect(connection).get_table_names())
            if name != "alembic_version"
        }


def listed_files(engine: Engine) -> dict[str, str]:
    """List the record files that count, with their SHA-256."""
    with plain_trouble(), engine.connect() as connection:
        rows = connection.execute(select(tables.record_files.c.path, tables.record_files.c.sha256))
        return {str(path): str(digest) for path, digest in rows}


def head_of(engine: Engine) -> Head:
    """Read the end of the log."""
    with plain_trouble(), engine.connect() as connection:
        return read_head(connection)


def damage(engine: Engine) -> list[str]:
    """Ask SQLite whether the file is sound; an empty list says that it is."""
    if engine.dialect.name != "sqlite":
        return []
    try:
        with plain_trouble(), engine.connect() as connection:
            lines = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
    except StoreError as error:
        return [str(error)]
    return [line for line in lines if line != "ok"]
