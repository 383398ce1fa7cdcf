"""Open the database, and bring its schema up to date without risking what is in it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from hotspot.errors import StoreError
from hotspot.store.backup import copy_database
from hotspot.store.trouble import plainly

Database = Engine
"""What an open workspace holds; only the store looks inside."""

_MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(url: str, backups: Path) -> Engine:
    """Open a database and upgrade its schema to this version's.

    Parameters
    ----------
    url
        SQLAlchemy address.
    backups
        Folder for the copy that is made before an upgrade (SQLite).

    Raises
    ------
    StoreError
        The database cannot be opened, or its schema is newer than this version knows.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    try:
        _upgrade(engine, backups)
    except DatabaseError as error:
        raise plainly(error) from error
    except SQLAlchemyError as error:
        message = f"The workspace's database cannot be opened ({error.__class__.__name__})."
        raise StoreError(message) from error
    return engine


def sqlite_url(path: Path) -> str:
    """Give the address of a SQLite file."""
    return f"sqlite:///{path.resolve().as_posix()}"


def current_revision(engine: Engine) -> str | None:
    """Name the revision that a database's schema has."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _prepare_sqlite(engine: Engine) -> None:
    """Make SQLite keep every acknowledged write and let no two writers overwrite each other."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy sends BEGIN, see on_begin
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "busy_timeout = 10000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("hotspot_reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _upgrade(engine: Engine, backups: Path) -> None:
    config = Config()
    config.set_main_option("script_location", _MIGRATIONS.as_posix())
    script = ScriptDirectory.from_config(config)
    current, head = current_revision(engine), script.get_current_head()
    if current == head:
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        message = (
            f"The workspace was written by a newer version of Hotspot (its schema is {current}, "
            f"this version's is {head}). Update Hotspot; nothing was changed."
        )
        raise StoreError(message)
    if current is not None:
        _back_up(engine, backups, current)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _back_up(engine: Engine, backups: Path, revision: str) -> None:
    """Copy a SQLite database before its schema changes; a server's is backed up by its keepers."""
    if engine.dialect.name != "sqlite":
        return
    backups.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    copy_database(engine, backups / f"hotspot-{revision}-{stamp}.db")
