"""Count a place before and after an action, its surroundings, and a place like it without."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import h3
import polars as pl

from hotspot.analysis.time.effect import (
    BeforeAfter,
    Displacement,
    detectable_difference,
    displacement_difference,
    displacement_quotient,
)
from hotspot.errors import InputError
from hotspot.schema import TIME_ZONE

LONGEST_DAYS, LEAST_DAYS = 56, 28
RING_STEPS, APART_STEPS = 2, 5
"""Steps of cells that the surroundings reach, and that a control keeps away."""
_BLOCK_DAYS = 28


@dataclass(frozen=True)
class Window:
    """When something was done: its first and last day, and how long before and after is counted."""

    first: date
    last: date
    days: int

    @property
    def before(self) -> tuple[date, date]:
        """Return the first and last day counted before."""
        return self.first - timedelta(self.days), self.first - timedelta(1)

    @property
    def after(self) -> tuple[date, date]:
        """Return the first and last day counted after."""
        return self.last + timedelta(1), self.last + timedelta(self.days)


@dataclass(frozen=True)
class ComparedCounts:
    """What was counted, and what can be said of it.

    Attributes
    ----------
    window
        What was compared.
    controls
        How many other hotspots serve as control, pooled.
    treated, control, around_treated, around_control
        Counts: each child once in 28 days, and records without a child.
    difference
        Weighted displacement difference.
    quotient
        Weighted displacement quotient; None where it must not be read.
    detectable
        The smallest difference that would be seen in four of five cases.
    """

    window: Window
    controls: int
    treated: BeforeAfter
    control: BeforeAfter
    around_treated: BeforeAfter
    around_control: BeforeAfter
    difference: Displacement
    quotient: float | None
    detectable: float


def window_of(first: date, last: date, held_until: date) -> Window:
    """Choose how long before and after is counted: 8 weeks, or what has passed since.

    Raises
    ------
    InputError
        The last day lies before the first, or less than 4 weeks have been recorded since.
    """
    if last < first:
        message = f"{last:%d %B %Y} lies before {first:%d %B %Y}; check both days."
        raise InputError(message)
    days = min(LONGEST_DAYS, (held_until - last).days)
    if days < LEAST_DAYS:
        message = (
            f"Too early: the records reach to {held_until:%d %B %Y}, and {LEAST_DAYS} days after "
            f"{last:%d %B %Y} are needed."
        )
        raise InputError(message)
    return Window(first, last, days)


def before_and_after(
    records: pl.DataFrame,
    treated: Collection[str],
    others: Mapping[str, Collection[str]],
    window: Window,
) -> ComparedCounts:
    """Compare a place with others like it, pooled, and the surroundings of both.

    Parameters
    ----------
    records
        `cell` (H3 ids of the resolution of the cells), `occurred_at`, optionally `child`. What was
        recorded between the first and the last day counts nowhere.
    treated
        Cells of the place, H3 ids as text.
    others
        Cells of the other hotspots by key. Those that lie `APART_STEPS` or more away are the
        control, weighed down together to as many records before as the place had: one alone may
        fade or grow by itself.

    Raises
    ------
    InputError
        There is no other hotspot far enough away with records before.
    """
    taken = {cell for cells in others.values() for cell in cells} | set(treated)
    away = _disk(treated, APART_STEPS)
    far = {key: cells for key, cells in others.items() if not away & set(cells)}
    pooled = sorted({cell for cells in far.values() for cell in cells})
    own, control = _counted(records, treated, window), _counted(records, pooled, window)
    if not control.before:
        message = "No other hotspot can serve as control, so nothing can be said of the effect."
        raise InputError(message)
    scale = max(control.before / max(own.before, 1.0), 1.0)
    around = _counted(records, _disk(treated, RING_STEPS) - taken, window)
    around_control = _counted(records, _disk(pooled, RING_STEPS) - taken, window)
    control, around_control = (replace(place, area=scale) for place in (control, around_control))
    places = (own, control, around, around_control)
    difference = displacement_difference(own, control, around, around_control)
    detectable = detectable_difference([place.before / place.area**2 for place in places])
    quotient = displacement_quotient(own, around, control)
    return ComparedCounts(window, len(far), *places, difference, quotient, detectable)


def _disk(cells: Collection[str], steps: int) -> set[str]:
    return {near for cell in cells for near in h3.grid_disk(cell, steps)}


def _counted(records: pl.DataFrame, cells: Collection[str], window: Window) -> BeforeAfter:
    numbers = pl.Series([int(cell, 16) for cell in sorted(cells)], dtype=pl.UInt64)
    inside = records.filter(pl.col("cell").is_in(numbers.implode()))
    return BeforeAfter(_number(inside, *window.before), _number(inside, *window.after))


def _number(inside: pl.DataFrame, first: date, last: date) -> float:
    """Count each child once in a block of days, and each record without a child."""
    day = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.date()
    records = inside.with_columns(day=day).filter(pl.col("day").is_between(first, last))
    if "child" not in records.columns:
        return float(records.height)
    known = records.filter(pl.col("child").is_not_null())
    block = (pl.col("day") - first).dt.total_days() // _BLOCK_DAYS
    capped = known.select("child", block=block).unique().height
    return float(capped + records.height - known.height)
