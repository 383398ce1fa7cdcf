"""Keep school holidays: appended, withdrawn, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select, update

from hotspot.errors import NotFoundError
from hotspot.store.reading import account_in, frame, new_number
from hotspot.store.tables.datasets import school_holidays

_STANDS = school_holidays.c.withdrawn_at.is_(None)


def add_holiday(connection: Connection, **values: Any) -> int:  # noqa: ANN401 - columns
    """Write a school holiday and return its number."""
    return new_number(connection.execute(insert(school_holidays).values(**values)))


def withdraw_holiday(connection: Connection, holiday_id: int, by: str, at: datetime) -> None:
    """Withdraw a school holiday.

    Raises
    ------
    NotFoundError
        There is no such holiday, or it is withdrawn already.
    """
    own = (school_holidays.c.holiday_id == holiday_id) & _STANDS
    done = connection.execute(
        update(school_holidays)
        .where(own)
        .values(withdrawn_by=by, withdrawn_by_id=account_in(connection), withdrawn_at=at)
    )
    if done.rowcount == 0:
        message = f"There is no school holiday {holiday_id} that stands."
        raise NotFoundError(message)


def list_holidays(connection: Connection) -> pd.DataFrame:
    """Read the school holidays that stand, by day."""
    query = select(school_holidays).where(_STANDS).order_by(school_holidays.c.first_on)
    return frame(connection, query)
