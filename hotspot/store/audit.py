"""Keep the log as a chain of seals: each row's HMAC covers the row and the seal before it.

The key is a file outside the database. Who can write the database but lacks the key can neither
alter nor insert a row; who has both can still be found by a head that was exported before (the
number and seal of the last row), as can a log whose tail was cut off.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, String, Text, cast, func, insert, or_, select, update

from hotspot.access.log_filter import LogFilter
from hotspot.store.reading import frame
from hotspot.store.tables.core import audit, audit_head

BEFORE_THE_FIRST = "0" * 64
_SEALED = [column.name for column in audit.columns if column.name != "seal"]
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


def append(connection: Connection, key: bytes, values: dict[str, Any]) -> Head:
    """Write one row at the end of the log and seal it.

    The head's row is locked first, so that two writers of one database cannot take one number.
    """
    head = read_head(connection, lock=True)
    row = {**values, "audit_id": head.audit_id + 1}
    seal = _seal(key, head.seal, row)
    connection.execute(insert(audit).values(**row, seal=seal))
    new = Head(head.audit_id + 1, seal)
    _write_head(connection, new, is_first=head.audit_id == 0)
    return new


def read_head(connection: Connection, *, lock: bool = False) -> Head:
    """Read the end of the log as the database has it."""
    query = select(audit_head.c.audit_id, audit_head.c.seal)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return Head(int(row[0]), str(row[1])) if row else Head()


def seal_older(connection: Connection, key: bytes) -> int:
    """Seal the rows that a version without a chain wrote; give their number.

    Only a log that has no seal at all is taken for such a one.
    """
    if read_head(connection).audit_id:
        return 0
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
        _write_head(connection, head, is_first=True)
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
        previous, expected = seal, number + 1
        if len(problems) >= MAX_PROBLEMS:
            return [*problems[:MAX_PROBLEMS], "and more; the check stopped here"]
    head = read_head(connection)
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
    return problems


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
    for column, part in ((audit.c.actor, wanted.actor), (audit.c.subject, wanted.subject)):
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


def _write_head(connection: Connection, head: Head, *, is_first: bool) -> None:
    values = {"audit_id": head.audit_id, "seal": head.seal}
    if is_first:
        connection.execute(insert(audit_head).values(head_id=_HEAD_ID, **values))
    else:
        connection.execute(update(audit_head).values(**values))


def _seal(key: bytes, previous: str, row: dict[str, Any]) -> str:
    """Seal a row: HMAC-SHA256 over the seal before it and the row as sorted JSON."""
    at: datetime = row["at"]
    plain = {**row, "at": at.astimezone(UTC).isoformat(timespec="microseconds")}
    text = json.dumps([previous, plain], sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
