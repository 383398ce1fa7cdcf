"""Do one operation and log it in one transaction, or do nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

import sqlalchemy
from sqlalchemy import Engine, Table, UpdateBase, event
from sqlalchemy.exc import DatabaseError, IntegrityError

from hotspot.access.actor import Actor
from hotspot.access.permissions import PERMISSIONS, Operation, Scope
from hotspot.errors import ConflictError, NotAllowedError, StoreError
from hotspot.store import accounts, audit
from hotspot.store.row_digests import PROTECTED
from hotspot.store.tables.core import ACCOUNT
from hotspot.store.trouble import plainly
from hotspot.store.unfinished import Unfinished

Connection = sqlalchemy.Connection
"""Services name the type; that it is SQLAlchemy's is the store's own business."""

_VERSION = metadata.version("hotspot")
_LONGEST_WAIT_S = 60.0
_TURNS: dict[str, threading.Lock] = {}
_GUARD = threading.Lock()


class UnitOfWork:
    """One transaction of one actor.

    Attributes
    ----------
    connection
        The open connection; what is written on it is committed when the block ends well.
    actor, operation, scope
        Who does what, and how much of the workspace the permission covers.
    reason
        Why, where the force asks for it.
    files
        The files that it writes beside the database; they go if it does not end well.
    """

    def __init__(
        self,
        connection: Connection,
        key: bytes,
        actor: Actor,
        operation: Operation,
        scope: Scope = Scope.ALL,
        reason: str = "",
    ) -> None:
        self.connection = connection
        self.actor = actor
        self.operation = operation
        self.scope = scope
        self.reason = reason
        self.now = datetime.now(UTC)
        self.head: audit.Head | None = None
        self.files: Unfinished | None = None
        self._key = key
        self._row: dict[str, Any] | None = None
        self._tables: set[str] = set()
        event.listen(connection, "before_execute", self._note)

    def log(
        self,
        subject: str,
        *,
        rows: int = 0,
        shape: dict[str, Any] | None = None,
        places: Iterable[str] = (),
        recipients: str | None = None,
    ) -> None:
        """Write the operation's one row of the log.

        Parameters
        ----------
        subject
            What it was done to: a source, a hotspot's number, a file's digest.
        rows
            How many rows were read, written or shown.
        shape
            The shape of the query: settings and counts, never a person's or a place's data.
        places
            Which places were shown or sent (`services.places_logged`), so that "who saw what about
            this place" has an answer.
        recipients
            Who received what was disclosed.
        """
        if self._row is not None:
            message = f"'{self.operation.value}' was logged twice."
            raise StoreError(message)
        self._row = {
            "at": self.now,
            "actor": self.actor.name,
            "account_id": self.actor.account_id,
            "roles": self.actor.role_text,
            "agency": self.actor.agency,
            "session": self.actor.session,
            "client": self.actor.client,
            "app_version": _VERSION,
            "operation": self.operation.value,
            "category": PERMISSIONS[self.operation].category.value,
            "subject": subject,
            "rows": rows,
            "shape": shape or {},
            "places": sorted(set(places)),
            "reason": self.reason or None,
            "recipients": recipients,
        }

    def seal_all(self) -> None:
        """Seal every table that is sealed at all: where none has rows, one put in is found too."""
        self._tables |= set(PROTECTED)

    def finish(self) -> None:
        """Seal the row of the log over everything that was written.

        Raises
        ------
        StoreError
            The operation wrote no row of the log, or the log has lost its head.
        """
        if self._row is None:
            message = f"'{self.operation.value}' wrote no audit row; nothing was kept."
            raise StoreError(message)
        event.remove(self.connection, "before_execute", self._note)
        self.head = audit.append(self.connection, self._key, self._row, self._tables)

    def _note(self, _connection: Connection, statement: object, *_: object) -> None:
        """Remember which tables are written to."""
        if isinstance(statement, UpdateBase) and isinstance(statement.table, Table):
            self._tables.add(statement.table.name)


@contextmanager
def unit_of_work(
    engine: Engine,
    key: bytes,
    actor: Actor,
    operation: Operation,
    scope: Scope = Scope.ALL,
    reason: str = "",
) -> Iterator[UnitOfWork]:
    """Open a transaction; leaving without error commits it, provided that it was logged.

    Raises
    ------
    StoreError
        The database is locked, full or read-only, or the operation wrote no row of the log.
    ConflictError
        Another session wrote the same thing first.
    NotAllowedError
        The actor's account was disabled or changed since the session began: what it has running
        keeps nothing any more.
    """
    try:
        with _turn(engine), engine.begin() as connection:
            _refuse_what_was_stopped(connection, actor)
            connection.execution_options(**{ACCOUNT: actor.account_id})
            work = UnitOfWork(connection, key, actor, operation, scope, reason)
            yield work
            work.finish()
    except IntegrityError as error:
        message = f"'{operation.value}' was done by someone else a moment ago; look again."
        raise ConflictError(message) from error
    except DatabaseError as error:
        raise plainly(error) from error


def _refuse_what_was_stopped(connection: Connection, actor: Actor) -> None:
    """Look at the account once the turn to write has come: from here on nobody else changes it."""
    if actor.session and accounts.is_stopped(connection, actor.session):
        message = "Your account was changed or disabled meanwhile; nothing was kept."
        raise NotAllowedError(message)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a connection that only reads, and waits for no writer.

    It is for what tells nothing about anyone (versions, counts, sessions) and for the long first
    half of an operation whose second half is a unit of work.

    Raises
    ------
    StoreError
        The database cannot be used.
    """
    try:
        with engine.connect() as connection:
            yield connection.execution_options(hotspot_reads=True)
    except DatabaseError as error:
        raise plainly(error) from error


@contextmanager
def keeping_time(engine: Engine) -> Iterator[Connection]:
    """Write what is no operation of anyone: that a session was used, or is half open.

    Raises
    ------
    StoreError
        The database cannot be used.
    """
    try:
        with _turn(engine), engine.begin() as connection:
            yield connection
    except DatabaseError as error:
        raise plainly(error) from error


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Let the writers of one process write one after the other, in their order.

    SQLite lets one write at a time, and those who wait only ask again and again: of many, some
    would never come through. A server's database needs no such turn.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    with _GUARD:
        turn = _TURNS.setdefault(str(engine.url), threading.Lock())
    if not turn.acquire(timeout=_LONGEST_WAIT_S):
        message = "Others have been writing for a minute; nothing was kept. Try again."
        raise StoreError(message)
    try:
        yield
    finally:
        turn.release()
