"""Keep the log as a chain of seals: each row's HMAC covers the row and the seal before it.

The key is a file outside the database. Who can write the database but lacks the key can neither
alter nor insert a row; who has both can still be found by a head that was exported before (the
number and seal of the last row), as can a log whose tail was cut off. A row also seals a digest of
the tables that it changed (see `row_digests`), so that rows changed outside Hotspot are found.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from importlib import metadata
from typing import Any

import pandas as pd
from sqlalchemy import (
    Connection,
    Select,
    String,
    Text,
    cast,
    delete,
    func,
    insert,
    inspect,
    or_,
    select,
    update,
)

from hotspot.access.log_filter import LogFilter
from hotspot.access.permissions import LogCategory
from hotspot.errors import StoreError
from hotspot.store.reading import frame
from hotspot.store.row_digests import PROTECTED, digests_of, is_as_sealed
from hotspot.store.tables.core import audit, audit_head

BEFORE_THE_FIRST = "0" * 64
_SEALED = [column.name for column in audit.columns if column.name != "seal"]
_ADDED = ("changed", "account_id")
UPGRADED = "upgrade schema"
"""What the log calls it when a newer version first opens a workspace: nobody does it."""
_HEAD_ID = 1
MAX_PROBLEMS = 20


@dataclass(frozen=True)
class Head:
    """The end of the log: how many rows it has and the seal of the last one."""

    audit_id: int = 0
    seal: str = BEFORE_THE_FIRST


def audit_rows(connection: Connection) -> pd.DataFrame:
    """Read the log, oldest first."""
    return frame(connection, select(audit).order_by(audit.c.audit_id))


def append(
    connection: Connection, key: bytes, values: dict[str, Any], tables: Iterable[str] = ()
) -> Head:
    """Write one row at the end of the log and seal it, with a digest of the tables it changed.

    The head's row is locked first, so that two writers of one database cannot take one number, and
    a digest holds what every writer before has written.

    Raises
    ------
    StoreError
        The log has lost its head.
    """
    head = read_head(connection, lock=True)
    row = {**values, "audit_id": head.audit_id + 1, "changed": None}
    if tables:
        row["changed"] = digests_of(connection, tables) or None
    seal = _seal(key, head.seal, row)
    connection.execute(insert(audit).values(**row, seal=seal))
    new = Head(head.audit_id + 1, seal)
    _write_head(connection, new)
    return new


def read_head(connection: Connection, *, lock: bool = False) -> Head:
    """Read the end of the log as the database has it.

    Raises
    ------
    StoreError
        It has none: somebody took it away, and with it perhaps the end of the log.
    """
    query = select(audit_head.c.audit_id, audit_head.c.seal)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        message = (
            "The log has lost its head: it was changed outside Hotspot. Nothing is written to it. "
            "Restore a backup, or have the log examined (docs/security.md)."
        )
        raise StoreError(message)
    return Head(int(row[0]), str(row[1]))


def seal_older(connection: Connection, key: bytes) -> int:
    """Seal the rows that a version without a chain wrote; give their number.

    It belongs to the upgrade from revision 0001 and runs nowhere else: a log whose head is gone is
    not sealed anew.
    """
    query = select(*(audit.c[name] for name in _SEALED)).order_by(audit.c.audit_id)
    head = Head()
    rows = [dict(row) for row in connection.execute(query).mappings()]
    for number, row in enumerate(rows, 1):
        old = row["audit_id"]
        row["audit_id"] = number
        head = Head(number, _seal(key, head.seal, row))
        connection.execute(
            update(audit).where(audit.c.audit_id == old).values(audit_id=number, seal=head.seal)
        )
    if rows:
        connection.execute(delete(audit_head))
        connection.execute(
            insert(audit_head).values(head_id=_HEAD_ID, audit_id=head.audit_id, seal=head.seal)
        )
    return len(rows)


def verify(connection: Connection, key: bytes, known: Head | None = None) -> list[str]:
    """Check every seal, the numbering, the head, and a head that was exported before.

    Returns
    -------
    list of str
        What is wrong, at most `MAX_PROBLEMS` lines; empty for a log that is whole.
    """
    problems = []
    previous, expected, at_known = BEFORE_THE_FIRST, 1, None
    changed: dict[str, tuple[int, str]] = {}
    query = select(*audit.columns).order_by(audit.c.audit_id).execution_options(yield_per=5000)
    for row in connection.execute(query).mappings():
        number, seal = row["audit_id"], row["seal"] or ""
        if number != expected:
            problems.append(f"row {expected} is missing (the next one is {number})")
        sealed = _seal(key, previous, {name: row[name] for name in _SEALED})
        if not hmac.compare_digest(sealed.encode(), seal.encode()):
            problems.append(f"row {number} was altered, moved or put in: its seal does not fit")
        if known is not None and number == known.audit_id:
            at_known = seal
        changed |= {name: (number, digest) for name, digest in (row["changed"] or {}).items()}
        previous, expected = seal, number + 1
        if len(problems) >= MAX_PROBLEMS:
            return [*problems[:MAX_PROBLEMS], "and more; the check stopped here"]
    try:
        head = read_head(connection)
    except StoreError as error:
        return [*problems, str(error), *_altered(connection, changed)]
    if (head.audit_id, head.seal) != (expected - 1, previous):
        problems.append(
            f"the log ends at row {expected - 1}, but the head says {head.audit_id}: rows at the "
            "end were deleted or the head was altered"
        )
    if known is not None and known.audit_id and at_known != known.seal:
        problems.append(
            f"the exported head of row {known.audit_id} does not fit: the log was cut off or "
            "written anew since it was exported"
        )
    return problems + _altered(connection, changed)


def _altered(connection: Connection, changed: dict[str, tuple[int, str]]) -> list[str]:
    """Find the tables that are not as the last row of the log that changed them left them."""
    now = digests_of(connection, changed)
    return [
        f"the rows of '{name}' are not those that row {number} of the log left: they were changed "
        "outside Hotspot"
        for name, (number, digest) in sorted(changed.items())
        if now.get(name) != digest
    ]


def note_upgrade(connection: Connection, key: bytes, revision: str, as_logged: set[str]) -> Head:
    """Log an upgrade, and seal the tables anew that were as the log had left them before it."""
    values = {
        "at": datetime.now(UTC),
        "actor": "hotspot",
        "account_id": None,
        "roles": "",
        "agency": "",
        "session": "",
        "client": "",
        "app_version": metadata.version("hotspot"),
        "operation": UPGRADED,
        "category": LogCategory.ALTERATION.value,
        "subject": f"schema after {revision}",
        "rows": 0,
        "shape": {"tables": len(as_logged), "not as logged": sorted(set(PROTECTED) - as_logged)},
        "places": [],
        "reason": None,
        "recipients": None,
    }
    return append(connection, key, values, as_logged)


def tables_as_logged(connection: Connection) -> set[str]:
    """Return the tables that are as the log left them, and those that it never sealed."""
    if "changed" not in {column["name"] for column in inspect(connection).get_columns("audit")}:
        return set(PROTECTED)
    changed: dict[str, tuple[int, str]] = {}
    query = select(audit.c.audit_id, audit.c.changed).order_by(audit.c.audit_id)
    for number, digests in connection.execute(query.where(audit.c.changed.is_not(None))):
        changed |= {name: (number, digest) for name, digest in digests.items()}
    there = set(inspect(connection).get_table_names())
    return {
        name
        for name in PROTECTED
        if name not in changed
        or (name in there and is_as_sealed(connection, name, changed[name][1]))
    }


def read_log(connection: Connection, wanted: LogFilter, limit: int) -> tuple[pd.DataFrame, int]:
    """Read the newest rows that fit, newest first, and how many fit in all."""
    query = _narrow(select(*audit.columns), wanted)
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    result = connection.execute(query.order_by(audit.c.audit_id.desc()).limit(limit))
    return pd.DataFrame(result.all(), columns=list(result.keys())), int(total)


def rows_about(connection: Connection, places: list[str]) -> pd.DataFrame:
    """Read the rows in which one of some places was shown or sent, newest first."""
    text = cast(audit.c.places, Text)
    fits = [text.contains(json.dumps(place), autoescape=True) for place in places]
    query = select(*audit.columns).where(or_(*fits)).order_by(audit.c.audit_id.desc())
    result = connection.execute(query)
    return pd.DataFrame(result.all(), columns=list(result.keys()))


def _narrow(query: Select[Any], wanted: LogFilter) -> Select[Any]:
    number = re.fullmatch(r"\s*#(\d{1,9})\s*", wanted.actor, re.ASCII)
    if number is not None:
        query = query.where(audit.c.account_id == int(number[1]))
    named = "" if number is not None else wanted.actor
    for column, part in ((audit.c.actor, named), (audit.c.subject, wanted.subject)):
        if part.strip():
            query = query.where(cast(column, String).icontains(part.strip(), autoescape=True))
    if wanted.operations:
        query = query.where(audit.c.operation.in_(wanted.operations))
    if wanted.categories:
        query = query.where(audit.c.category.in_(wanted.categories))
    if wanted.first is not None:
        query = query.where(audit.c.at >= datetime.combine(wanted.first, time(), UTC))
    if wanted.last is not None:
        end = datetime.combine(wanted.last, time(), UTC) + timedelta(days=1)
        query = query.where(audit.c.at < end)
    return query


def _write_head(connection: Connection, head: Head) -> None:
    connection.execute(update(audit_head).values(audit_id=head.audit_id, seal=head.seal))


def _seal(key: bytes, previous: str, row: dict[str, Any]) -> str:
    """Seal a row: HMAC-SHA256 over the seal before it and the row as sorted JSON."""
    at: datetime = row["at"]
    plain = {**row, "at": at.astimezone(UTC).isoformat(timespec="microseconds")}
    for name in _ADDED:  # what older rows did not have is not in their seals
        if plain.get(name) is None:
            plain.pop(name, None)
    text = json.dumps([previous, plain], sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
