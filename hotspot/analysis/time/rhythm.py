"""Spread events over the hours of the week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotspot.schema import TIME_ZONE

HOURS_OF_WEEK = 168
_LONGEST = pl.duration(hours=72)


@dataclass(frozen=True)
class WeekRhythm:
    """Events by hour of the week.

    Attributes
    ----------
    events
        Expected events, shape (7, 24), Monday first, hours in local time. Sums to `timed`.
    timed
        Records that could be placed.
    untimed
        Records without an hour: no time, a day or a month only, or an interval over 72 hours.
    """

    events: NDArray[np.float64]
    timed: int
    untimed: int


def week_rhythm(records: pl.DataFrame) -> WeekRhythm:
    """Count records by hour of the week, spreading intervals by their minutes (aoristic analysis).

    Parameters
    ----------
    records
        Columns `occurred_at`, `occurred_to` (UTC) and `time_precision` ("minute", "day" or
        "month"). A record with `occurred_to` happened some time between the two.

    Notes
    -----
    Ratcliffe, J. H. (2000), Aoristic analysis: the spatial interpretation of unspecific temporal
    events, International Journal of Geographical Information Science 14(7).
    """
    exact = records.filter(
        pl.col("time_precision") == "minute", pl.col("occurred_at").is_not_null()
    )
    span = pl.col("occurred_to") - pl.col("occurred_at")
    placed = exact.filter(span.is_null() | (span <= _LONGEST)).with_columns(
        end=pl.coalesce("occurred_to", "occurred_at")
    )
    totals = np.zeros(HOURS_OF_WEEK)
    if placed.height:
        first = pl.col("occurred_at").dt.truncate("1h")
        last = pl.max_horizontal(
            first, (pl.col("end") - pl.duration(microseconds=1)).dt.truncate("1h")
        )
        hours = placed.select(
            "occurred_at", "end", hour=pl.datetime_ranges(first, last, "1h")
        ).explode("hour")
        hours = hours.with_columns(share=_share_in_hour())
        local = pl.col("hour").dt.convert_time_zone(TIME_ZONE)
        by_hour = hours.group_by(
            at=(local.dt.weekday().cast(pl.Int32) - 1) * 24 + local.dt.hour()
        ).agg(pl.col("share").sum())
        totals[by_hour["at"].to_numpy()] = by_hour["share"].to_numpy()
    return WeekRhythm(totals.reshape(7, 24), placed.height, records.height - placed.height)


def _share_in_hour() -> pl.Expr:
    """Build the share of a record's interval that lies in an hour; an instant lies whole in its."""
    hour, whole = pl.col("hour"), pl.col("end") - pl.col("occurred_at")
    until = pl.min_horizontal("end", hour + pl.duration(hours=1))
    inside = until - pl.max_horizontal("occurred_at", "hour")
    share = inside.dt.total_microseconds() / whole.dt.total_microseconds()
    return pl.when(whole > pl.duration()).then(share).otherwise(1.0)
