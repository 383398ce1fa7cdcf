"""Describe the columns of the list of actions once, for every page and paper that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pandas as pd

from hotspot.disruption.measures import OBJECTIVES


class Kind(StrEnum):
    """How the values of a column are written."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"


class ShownAt(StrEnum):
    """Where the list of actions is shown."""

    PAGE = "page"
    MAP = "page beside a map"
    PAPERS = "papers of premises"
    EXPORT = "file that leaves"
    TODAY = "today"
    MEETING = "hotspot in a meeting"


@dataclass(frozen=True)
class Column:
    """One column of the list of actions.

    Attributes
    ----------
    name, title
        What the list calls it, and what people read above it.
    places
        Where it is shown.
    kind
        How its values are written.
    words
        What is written for a value, where the value itself is a code.
    only_if_any
        Whether it is left out of a page where no action has something to say in it.
    """

    name: str
    title: str
    places: frozenset[ShownAt]
    kind: Kind = Kind.TEXT
    words: Mapping[Any, str] = field(default_factory=dict)
    only_if_any: bool = False


_PAGES = frozenset({ShownAt.PAGE, ShownAt.MAP})
_LISTS = _PAGES | {ShownAt.PAPERS, ShownAt.EXPORT}
_ALL = frozenset(ShownAt)
_LATE = {True: "late", False: ""}
COLUMNS = (
    Column("action_id", "No.", _LISTS, Kind.NUMBER),
    Column("hotspot", "Hotspot", _PAGES | {ShownAt.EXPORT, ShownAt.TODAY}),
    Column("measure", "Measure", _ALL),
    Column("due_on", "Due", _ALL, Kind.DAY),
    Column("next_due", "Next deadline", _LISTS, Kind.DAY, only_if_any=True),
    Column("next_says", "What is due", _LISTS, only_if_any=True),
    Column("stands", "State", _ALL),
    Column("outcome", "Outcome", _PAGES | {ShownAt.EXPORT}, only_if_any=True),
    Column("is_overdue", "Late", _ALL - {ShownAt.EXPORT}, words=_LATE, only_if_any=True),
    Column("owner", "Owner", _ALL),
    Column("agency", "Agency", _ALL),
    Column("premises_name", "Premises", _LISTS | {ShownAt.TODAY}, only_if_any=True),
    Column("key", "On the map as", frozenset({ShownAt.MAP})),
    Column("objective", "Objective", _PAGES, words=OBJECTIVES),
    Column("necessity", "Why necessary", _PAGES, only_if_any=True),
    Column("victim_impact", "For the child", _PAGES, only_if_any=True),
    Column("reference", "Reference", _PAGES, only_if_any=True),
    Column("note", "Note", _PAGES | {ShownAt.EXPORT}, only_if_any=True),
    Column("recorded_by", "Recorded by", _PAGES, only_if_any=True),
    Column("recorded_at", "Recorded", _PAGES, Kind.MOMENT),
)
"""In the order in which they are shown; a new column is a line here."""


def columns_at(place: ShownAt) -> list[Column]:
    """Return the columns that are shown at a place."""
    return [column for column in COLUMNS if place in column.places]


def action_table(actions: pd.DataFrame, place: ShownAt) -> pd.DataFrame:
    """Return the list of actions as a place shows it, under the titles that people read.

    Parameters
    ----------
    actions
        As `services.actions.lists` gives them; a column that it lacks is shown empty.
    place
        A file that leaves keeps columns without a value; everywhere else the columns that only
        sometimes have something to say are left out where nothing is said.
    """
    shown: dict[str, pd.Series] = {}
    for column in columns_at(place):
        values = actions.get(column.name, pd.Series("", index=actions.index, dtype=object))
        if column.words:
            values = values.map(column.words)
        if column.kind is Kind.TEXT:
            values = values.fillna("")
        is_silent = values.isna().all() or (values == "").all()
        if not (column.only_if_any and is_silent and place is not ShownAt.EXPORT):
            shown[column.title] = values
    return pd.DataFrame(shown, index=actions.index)
