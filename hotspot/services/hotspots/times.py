"""Tell when the records of a hotspot happened: hours of the week, months, seasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import polars as pl

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.run import Run
from hotspot.analysis.time.growth import change_of
from hotspot.analysis.time.rhythm import WeekRhythm, week_rhythm
from hotspot.analysis.time.rise import Rise, rise_of
from hotspot.analysis.time.seasons import Seasons, Span, season_counts
from hotspot.analysis.time.trend import (
    Change,
    month_counts,
)
from hotspot.params import Params
from hotspot.schema import TIME_ZONE
from hotspot.services.hotspots.coverage import whole_period
from hotspot.services.hotspots.runs import holdings, scan
from hotspot.services.workspace.audit_names import places_of_hotspots
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import calendars
from hotspot.store.unit_of_work import Connection, reading

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TOO_FEW = "too few to tell a trend"
_CLEAR = 0.05


@dataclass(frozen=True)
class Times:
    """When the records of one hotspot happened.

    Attributes
    ----------
    rhythm
        By hour of the week.
    months
        `month` (its first day), `events`, `children` and the 95 % interval `low`, `high` of the
        events, for every month of the run's period that it covers whole.
    trend
        Whether these months rise or fall, tested by children.
    change
        The last three of them against the three before; None where there are fewer than six.
    seasons
        By season of the year, in school holidays and in term.
    """

    rhythm: WeekRhythm
    months: pd.DataFrame
    trend: Rise
    change: Change | None
    seasons: Seasons

    @property
    def trend_word(self) -> str:
        """Say which way the months go, if the test says so."""
        if not self.trend.is_enough:
            return TOO_FEW
        way = "rising" if self.trend.later > 0 else "falling"
        return way if self.trend.p <= _CLEAR else "no clear trend"


def times_of(workspace: Workspace, actor: Actor, run: Run, sources: list[str], key: str) -> Times:
    """Spread the records of one hotspot of a run over the hours of the week and the months.

    Raises
    ------
    NotFoundError
        The run has no such hotspot.
    """
    permit(workspace, actor, Operation.VIEW_RHYTHM)
    hotspot = run.hotspot(key)
    cells = hotspot["cells"].iloc[0]
    inside = records_in(select_used(scan(workspace, sources), run.params), cells)
    with reading(workspace.engine) as connection:
        holidays = holiday_spans(connection)
    times = times_in(inside, whole_period(holdings(workspace), sources, run.params), holidays)
    with work_on(workspace, actor, Operation.VIEW_RHYTHM) as work:
        work.log(
            "hours of the week",
            rows=inside.height,
            shape={"cells": len(cells)},
            places=places_of_hotspots(hotspot),
        )
    return times


def records_in(used: pl.DataFrame, cells: list[str]) -> pl.DataFrame:
    """Select the records that lie in some cells (H3 ids as text)."""
    numbers = pl.Series([int(cell, 16) for cell in cells], dtype=pl.UInt64)
    return used.filter(pl.col("cell").is_in(numbers.implode()))


def times_in(inside: pl.DataFrame, params: Params, holidays: list[Span]) -> Times:
    """Say when some records of a run happened (see `Times`)."""
    months = month_counts(inside, params.start, params.end)
    change = _last_against_before(inside, months["month"].tolist())
    seasons = season_counts(inside, params.start, params.end, holidays)
    return Times(
        week_rhythm(inside), months, rise_of(inside, months["month"].tolist()), change, seasons
    )


def _last_against_before(inside: pl.DataFrame, months: list[date]) -> Change | None:
    """Compare the last three whole months with the three before, with a variance by child."""
    if len(months) < 6:
        return None
    local = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.date().dt.truncate("1mo")
    before, after = (inside.filter(local.is_in(part)) for part in (months[-6:-3], months[-3:]))
    return change_of(before, after)


def holiday_spans(connection: Connection) -> list[Span]:
    """Return the first and last day of each school holiday that stands."""
    held = calendars.list_holidays(connection)
    return list(zip(held["first_on"], held["last_on"], strict=True))
