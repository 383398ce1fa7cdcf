"""Read what a query finds into frames and numbers: what every module of the store shares."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Column, Connection, CursorResult, Select, func, select

from hotspot.store.tables.core import ACCOUNT


def account_in(connection: Connection) -> int | None:
    """Return the number of the account that writes on a connection; None where it has none."""
    number: int | None = connection.get_execution_options().get(ACCOUNT)
    return number


def new_number(result: CursorResult[Any]) -> int:
    """Return the number that the database gave to the row just written."""
    (number,) = result.inserted_primary_key or (0,)
    return int(number)


def frame(connection: Connection, query: Select[Any]) -> pd.DataFrame:
    """Read the rows of a query into a frame, its columns named even where there are none."""
    result = connection.execute(query)
    return pd.DataFrame(result.all(), columns=list(result.keys()))


def last_number(connection: Connection, column: Column[int]) -> int:
    """Return the greatest number in a column; 0 where there is none."""
    return int(connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one())
