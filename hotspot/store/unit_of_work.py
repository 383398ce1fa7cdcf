"""Do one operation and log it in one transaction, or do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import IntegrityError, OperationalError

from hotspot.access.actor import Actor
from hotspot.access.permissions import PERMISSIONS, Operation
from hotspot.errors import ConflictError, StoreError
from hotspot.store import tables


class UnitOfWork:
    """One transaction of one actor.

    Attributes
    ----------
    connection
        The open connection; what is written on it is committed when the block ends well.
    actor, operation
        Who does what.
    """

    def __init__(self, connection: Connection, actor: Actor, operation: Operation) -> None:
        self.connection = connection
        self.actor = actor
        self.operation = operation
        self.now = datetime.now(UTC)
        self.is_logged = False

    def log(
        self,
        subject: str,
        *,
        rows: int = 0,
        shape: dict[str, Any] | None = None,
        recipients: str | None = None,
    ) -> None:
        """Write the operation's one audit row.

        Parameters
        ----------
        subject
            What it was done to: a source, a hotspot's number, a file's digest.
        rows
            How many rows were read, written or shown.
        shape
            The shape of the query: settings and counts, never a person's or a place's data.
        recipients
            Who received what was disclosed.
        """
        if self.is_logged:
            message = f"'{self.operation.value}' was logged twice."
            raise StoreError(message)
        self.connection.execute(
            insert(tables.audit).values(
                at=self.now,
                actor=self.actor.name,
                roles=self.actor.role_text,
                operation=self.operation.value,
                category=PERMISSIONS[self.operation].category.value,
                subject=subject,
                rows=rows,
                shape=shape or {},
                recipients=recipients,
            )
        )
        self.is_logged = True


@contextmanager
def unit_of_work(engine: Engine, actor: Actor, operation: Operation) -> Iterator[UnitOfWork]:
    """Open a transaction; leaving without error commits it, provided that it was logged.

    Raises
    ------
    StoreError
        The database is locked, full or read-only, or the operation wrote no audit row.
    ConflictError
        Another session wrote the same thing first.
    """
    try:
        with engine.begin() as connection:
            work = UnitOfWork(connection, actor, operation)
            yield work
            if not work.is_logged:
                message = f"'{operation.value}' wrote no audit row; nothing was kept."
                raise StoreError(message)
    except OperationalError as error:
        message = (
            f"The workspace's database could not be used ({error.orig}); nothing was kept. "
            "Check that the disk has room and that the folder can be written, then try again."
        )
        raise StoreError(message) from error
    except IntegrityError as error:
        message = f"'{operation.value}' was done by someone else a moment ago; look again."
        raise ConflictError(message) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a connection for what tells nothing about anyone: versions and counts."""
    with engine.connect() as connection:
        yield connection
