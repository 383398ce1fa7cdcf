"""Compare the seasons of the year, and the school holidays with term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import polars as pl

from hotspot.analysis.time.growth import change_of
from hotspot.analysis.time.trend import Change, poisson_interval
from hotspot.schema import TIME_ZONE

SEASONS = {
    "Winter (Dec to Feb)": (12, 1, 2),
    "Spring (Mar to May)": (3, 4, 5),
    "Summer (Jun to Aug)": (6, 7, 8),
    "Autumn (Sep to Nov)": (9, 10, 11),
}
"""Meteorological seasons: whole months."""
HOLIDAYS, TERM = "School holidays", "School term"
RATE_DAYS = 28
"""Events are given for so many days, so that parts of different length can be compared."""
_COLUMNS = ["part", "days", "events", "children", "rate", "low", "high"]

Span = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True)
class Seasons:
    """When in the year the records of one place happened.

    Attributes
    ----------
    table
        `part`, its `days` in the period, `events`, distinct `children`, and `rate`: events in 28
        days, with its 95 % interval `low`, `high` (see `trend.poisson_interval`). A part without a
        day in the period is left out.
    holidays
        Rate in the school holidays (`after`) over that in term (`before`); None where the calendar
        of holidays tells nothing about the period.
    undated
        Records of which no day is known: counted nowhere above.
    """

    table: pd.DataFrame
    holidays: Change | None
    undated: int


def season_counts(
    records: pl.DataFrame, start: date | None, end: date | None, holidays: Sequence[Span] = ()
) -> Seasons:
    """Count records and children by season, and in school holidays and term.

    Parameters
    ----------
    records
        Columns `occurred_at` (UTC), `time_precision` and, if known, `child`.
    start, end
        First and last day of the period; without them there is nothing to compare.
    holidays
        School holidays, in any order, which may overlap. Term is every other day, weekends too,
        between the first and the last day that they cover; of days before and after nothing is
        known, so they count as neither.
    """
    dated = records.filter(pl.col("time_precision") != "month", pl.col("occurred_at").is_not_null())
    undated = records.height - dated.height
    if start is None or end is None:
        return Seasons(pd.DataFrame(columns=_COLUMNS), None, undated)
    every = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    free = {day for first, last in holidays for day in every if first <= day <= last}
    parts = {
        name: {day for day in every if day.month in months} for name, months in SEASONS.items()
    }
    if free:
        first, last = min(span[0] for span in holidays), max(span[1] for span in holidays)
        parts[HOLIDAYS] = free
        parts[TERM] = {day for day in every if first <= day <= last} - free
    on = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.date()
    dated = dated.with_columns(on=on)
    rows = [_row(name, days, dated) for name, days in parts.items() if days]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    by_part = {row["part"]: row for row in table.to_dict("records")}
    change = None
    if HOLIDAYS in by_part and TERM in by_part:
        term, away = (dated.filter(pl.col("on").is_in(list(parts[p]))) for p in (TERM, HOLIDAYS))
        change = change_of(term, away, by_part[TERM]["days"], by_part[HOLIDAYS]["days"])
    return Seasons(table, change, undated)


def _row(name: str, days: set[date], dated: pl.DataFrame) -> tuple[object, ...]:
    inside = dated.filter(pl.col("on").is_in(list(days)))
    children = inside["child"].drop_nulls().n_unique() if "child" in inside.columns else 0
    low, high = poisson_interval(inside.height)
    times = RATE_DAYS / len(days)
    rate = inside.height * times
    return name, len(days), inside.height, children, rate, low * times, high * times
