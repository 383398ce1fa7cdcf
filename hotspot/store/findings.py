"""Keep findings about registered hotspots: appended, signed or withdrawn, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select, update

from hotspot.errors import ConflictError
from hotspot.store.reading import account_in, frame, new_number
from hotspot.store.tables.core import findings

_OPEN = findings.c.withdrawn_at.is_(None)


def add_finding(connection: Connection, **values: Any) -> int:  # noqa: ANN401 - columns
    """Write a finding and return its number."""
    return new_number(connection.execute(insert(findings).values(**values)))


def list_findings(connection: Connection, hotspot_id: int) -> pd.DataFrame:
    """Read the findings about a hotspot that stand, in the order in which they were written."""
    query = select(findings).where(findings.c.hotspot_id == hotspot_id, _OPEN)
    return frame(connection, query.order_by(findings.c.finding_id))


def find_finding(connection: Connection, finding_id: int) -> dict[str, Any] | None:
    """Read one finding that stands."""
    query = select(findings).where(findings.c.finding_id == finding_id, _OPEN)
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def sign_finding(connection: Connection, finding_id: int, by: str, at: datetime) -> None:
    """Sign a finding.

    Raises
    ------
    ConflictError
        Someone has signed or withdrawn it since it was read.
    """
    is_free = (findings.c.finding_id == finding_id) & findings.c.signed_at.is_(None) & _OPEN
    own = {"signed_by": by, "signed_by_id": account_in(connection), "signed_at": at}
    _changed(connection, update(findings).where(is_free).values(own))


def withdraw_finding(connection: Connection, finding_id: int, by: str, at: datetime) -> None:
    """Withdraw a finding; it stays stored.

    Raises
    ------
    ConflictError
        Someone has withdrawn it since it was read.
    """
    stands = (findings.c.finding_id == finding_id) & _OPEN
    own = {"withdrawn_by": by, "withdrawn_by_id": account_in(connection), "withdrawn_at": at}
    _changed(connection, update(findings).where(stands).values(own))


def _changed(connection: Connection, change: Any) -> None:  # noqa: ANN401 - a statement
    if connection.execute(change).rowcount == 0:
        message = "Someone else has just signed or withdrawn this finding. Look again."
        raise ConflictError(message)
