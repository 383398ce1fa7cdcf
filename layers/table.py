"""Show the table beside a map: drawn by the same component, so that both choose at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from layers.component import MAP


def show_table(  # noqa: PLR0913 - what is drawn, and what is asked back
    key: str,
    table: pd.DataFrame,
    *,
    map_key: str,
    title: str,
    selected: str | None,
    on_choose: Callable[[], None],
    under: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Draw the table beside a map; choosing in one chooses in the other at once.

    Parameters
    ----------
    key
        Key of the widget.
    table
        What the map draws, a row a hotspot; its first column is the key. Numbers, days
        and months (`pandas.Period`) are aligned and sorted as such.
    map_key
        Key of the map.
    title
        Says what the table holds; for screen readers.
    selected
        Key of the hotspot to mark.
    on_choose
        Callback; the state of the widget then has the hotspot's key as `chosen`, once.
    under
        Columns of text that are written small below the key instead of beside it, each with its
        style: "name", or "note" for what must not be overlooked.
    """
    kinds = [_kind(table[name]) for name in table.columns]
    rows = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    data = {
        "part": "table",
        "map": map_key,
        "title": title,
        "columns": [
            {"name": name, "kind": kind, "under": under.get(name)}
            for name, kind in zip(table.columns, kinds, strict=True)
        ],
        "rows": [{"key": row[0], "cells": [_plain(value) for value in row]} for row in rows],
        "selected": selected,
    }
    MAP(key=key, data=data, height="content", on_chosen_change=on_choose)


def _kind(column: pd.Series) -> str:
    """Tell what a column of a table holds."""
    if pd.api.types.is_numeric_dtype(column):
        return "number"
    known = column.dropna()
    first = known.iloc[0] if len(known) else None
    if isinstance(first, pd.Period):
        return "month"
    return "day" if isinstance(first, date) else "text"


def _plain(value: object) -> object:
    """Return a cell of a table as JSON has it."""
    if isinstance(value, pd.Period):
        return str(value)
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return value.item() if isinstance(value, np.generic) else value
