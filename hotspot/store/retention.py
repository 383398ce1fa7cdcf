"""Keep holds and erasures of records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select, update

from hotspot.errors import NotFoundError
from hotspot.store.reading import account_in, frame, new_number
from hotspot.store.tables.datasets import erasures, holds


def add_hold(connection: Connection, **values: Any) -> int:  # noqa: ANN401 - columns
    """Write a hold and return its number."""
    return new_number(connection.execute(insert(holds).values(**values)))


def lift_hold(connection: Connection, hold_id: int, by: str, at: datetime) -> None:
    """Lift a hold; it stays in the list.

    Raises
    ------
    NotFoundError
        There is no such hold, or it is lifted already.
    """
    stands = (holds.c.hold_id == hold_id) & holds.c.lifted_at.is_(None)
    own = {"lifted_by": by, "lifted_by_id": account_in(connection), "lifted_at": at}
    lifted = connection.execute(update(holds).where(stands).values(own))
    if lifted.rowcount == 0:
        message = f"There is no hold {hold_id} that stands."
        raise NotFoundError(message)


def list_holds(connection: Connection) -> pd.DataFrame:
    """Read all holds, lifted ones too, the newest first."""
    return frame(connection, select(holds).order_by(holds.c.hold_id.desc()))


def add_erasures(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Record which files of records were erased, by which rule."""
    if rows:
        connection.execute(insert(erasures), rows)


def list_erasures(connection: Connection) -> pd.DataFrame:
    """Read what was erased, the newest first."""
    return frame(connection, select(erasures).order_by(erasures.c.erasure_id.desc()))
