"""Open the database, and bring its schema up to date without risking what is in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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

FIRST_REVISION = "0001"
"""The revision whose log had no seals."""
_NOT_MADE = "Opening makes none; a new workspace is made with: hotspot init"
_MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Upgrade:
    """What is done with the data in the transaction of an upgrade.

    Attributes
    ----------
    before
        Is called with the connection and the revision that is there; what it gives is handed on.
    after
        Is called with the connection, that revision, and what `before` gave.
    """

    before: Callable[[Connection, str], Any]
    after: Callable[[Connection, str, Any], None]


def open_database(
    url: str, backups: Path, *, makes: bool = False, upgrade: Upgrade | None = None
) -> Engine:
    """Open a database and upgrade its schema to this version's.

    Parameters
    ----------
    url
        SQLAlchemy address.
    backups
        Folder for the copy that is made before an upgrade (SQLite).
    makes
        Whether the database is made where there is none: for a new workspace only. A database that
        is missing is lost, and an empty one in its place would hide that.
    upgrade
        What is done with the data when the schema is upgraded.

    Raises
    ------
    StoreError
        The database is missing or empty, cannot be opened, or its schema is newer than this
        version knows.
    """
    engine = create_engine(url)
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    if path is not None and not makes and not Path(path).is_file():
        message = f"{Path(path).name} is missing; restore it from a backup. {_NOT_MADE}"
        raise StoreError(message)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    try:
        _upgrade(engine, backups, upgrade, makes=makes)
    except DatabaseError as error:
        engine.dispose()
        raise plainly(error) from error
    except SQLAlchemyError as error:
        engine.dispose()
        message = f"The workspace's database cannot be opened ({error.__class__.__name__})."
        raise StoreError(message) from error
    return engine


def sqlite_url(path: Path) -> str:
    """Return the address of a SQLite file."""
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


def _upgrade(engine: Engine, backups: Path, steps: Upgrade | None, *, makes: bool) -> None:
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
    if current is None and not makes:
        message = f"The workspace's database is empty; restore it from a backup. {_NOT_MADE}"
        raise StoreError(message)
    copy = _back_up(engine, backups, current) if current is not None else None
    try:
        with _free_to_rebuild(engine) as connection:
            noted = steps.before(connection, current) if steps and current else None
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if steps and current:
                steps.after(connection, current, noted)
    except BaseException:
        if copy is not None:
            copy.unlink(missing_ok=True)  # the database is as it was
        raise
    if copy is not None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        copy.replace(copy.with_name(f"hotspot-{current}-{stamp}.db"))


@contextmanager
def _free_to_rebuild(engine: Engine) -> Iterator[Connection]:
    """Open a transaction in which SQLite lets tables be rebuilt that others refer to.

    Raises
    ------
    StoreError
        A row refers to one that is not there once it is done; nothing is kept.
    """
    with engine.connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        raw: Any = connection.connection.driver_connection
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys = OFF")  # has no effect within a transaction
        try:
            with connection.begin():
                yield connection
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                    message = "Rows refer to others that are not there; nothing was upgraded."
                    raise StoreError(message)
        finally:
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys = ON")


def _back_up(engine: Engine, backups: Path, revision: str) -> Path | None:
    """Copy a SQLite database before its schema changes; a server's is backed up by its keepers.

    The copy has one name until the upgrade is done: of attempts that failed or were killed none
    leaves a copy of its own.
    """
    if engine.dialect.name != "sqlite":
        return None
    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = backups / f"hotspot-{revision}-before-upgrade.db"
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    copy_database(engine, copy)
    return copy
