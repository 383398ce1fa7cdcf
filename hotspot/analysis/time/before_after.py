"""Count a place in the year before and after an action, its surroundings, and places without."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import h3
import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotspot.analysis.time.reference import LEAST_BLOCKS, AgainstReference, against_reference
from hotspot.errors import InputError
from hotspot.schema import TIME_ZONE

LONGEST_DAYS, LEAST_DAYS = 56, 28
CALLED_FOR_DAYS, REFERENCE_DAYS = 56, 365
"""Days before an action that called for it and foretell nothing, and of the year they are in."""
RING_STEPS, APART_STEPS = 2, 5
"""Steps of cells that the surroundings reach, and that a control keeps away."""
_BLOCK_DAYS = 28


@dataclass(frozen=True)
class Window:
    """When something was done: its first and last day, and how many days are counted after."""

    first: date
    last: date
    days: int

    @property
    def after(self) -> tuple[date, date]:
        """Return the first and last day counted after."""
        return self.last + timedelta(1), self.last + timedelta(self.days)

    @property
    def called_for(self) -> tuple[date, date]:
        """Return the first and last day of the weeks that called for it: they foretell nothing."""
        return self.first - timedelta(CALLED_FOR_DAYS), self.first - timedelta(1)

    def reference(self, held_from: date | None = None) -> list[tuple[date, date]]:
        """Return the blocks of the reference, each as long as the time after, the oldest first.

        Parameters
        ----------
        held_from
            The first day of which records are held; a block that begins before it is left out.
        """
        end, blocks = self.called_for[0] - timedelta(1), []
        year = self.first - timedelta(REFERENCE_DAYS)
        oldest = max(year, held_from) if held_from else year
        while end - timedelta(self.days - 1) >= oldest:
            blocks.append((end - timedelta(self.days - 1), end))
            end -= timedelta(self.days)
        return blocks[::-1]


@dataclass(frozen=True)
class ComparedCounts:
    """What was counted, and what can be said of it.

    Attributes
    ----------
    window
        What was compared.
    controls
        How many other hotspots serve as control.
    blocks
        How many blocks of the reference there are, each as long as the time after.
    just_before
        Count in the weeks that called for the action: said, and used for nothing.
    place
        The place after, against its reference and the other hotspots.
    around
        The ground around it, against its own reference and the ground around the others; None
        where there is too little to compare.
    """

    window: Window
    controls: int
    blocks: int
    just_before: float
    place: AgainstReference
    around: AgainstReference | None

    @property
    def sentence(self) -> str:
        """Say in two sentences what the records carry, and no more."""
        return f"{_PLACE[self.place.word]} {self._moved()}".strip()

    def _moved(self) -> str:
        if self.place.word != "fewer" or self.around is None:
            return ""
        return _AROUND.get(self.around.word, "")


_CAUTION = "whether the action did it cannot be said."
_PLACE = {
    "fewer": "Fewer records than expected from its year before and the other hotspots; " + _CAUTION,
    "more": "More records than expected from its year before and the other hotspots; " + _CAUTION,
    "no clear change": "No clear change beside its year before and the other hotspots.",
    "too few to tell": "Too few to tell: even half as many could not have been told from chance.",
}
_AROUND = {
    "more": "Around it there were more: it may have moved there.",
    "fewer": "Around it there were fewer too.",
    "no clear change": "Around it nothing clearly changed.",
    "too few to tell": "Whether it moved nearby cannot be told.",
}


def window_of(first: date, last: date, held_until: date) -> Window:
    """Choose how long after is counted: 8 weeks, or what has passed since.

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
    """Compare a place with its year before and others like it, and so the surroundings.

    Parameters
    ----------
    records
        `cell` (H3 ids of the resolution of the cells), `occurred_at`, optionally `child`. What was
        recorded between the first and the last day counts nowhere.
    treated
        Cells of the place, H3 ids as text.
    others
        Cells of the other hotspots by key. Those that lie `APART_STEPS` or more away are the
        control, each counted by itself: one alone may fade or grow by itself.

    Raises
    ------
    InputError
        There is no other hotspot far enough away with records, or too short a time before.
    """
    taken = {cell for cells in others.values() for cell in cells} | set(treated)
    away = _disk(treated, APART_STEPS)
    far = {key: cells for key, cells in others.items() if not away & set(cells)}
    dated = _dated(records)
    window, blocks = _fitted(window, dated["day"].min())  # type: ignore[arg-type]
    spans = [*blocks, window.after]
    places = [list(treated), *far.values()]
    counts = _counts(dated, places, spans)
    compared = against_reference(counts[:, :-1], counts[:, -1])
    rings = [_disk(cells, RING_STEPS) - taken for cells in places]
    around = _around(_counts(dated, rings, spans))
    just_before = float(_counts(dated, [list(treated)], [window.called_for])[0, 0])
    return ComparedCounts(window, len(far), len(blocks), just_before, compared, around)


def _fitted(window: Window, held_from: date | None) -> tuple[Window, list[tuple[date, date]]]:
    """Shorten the time after until what is held before is long enough to compare with."""
    for days in range(window.days, LEAST_DAYS - 1, -1):
        fitted = replace(window, days=days)
        blocks = fitted.reference(held_from)
        if len(blocks) >= LEAST_BLOCKS:
            return fitted, blocks
    message = (
        f"Too few records before: beside the {CALLED_FOR_DAYS // 7} weeks that called for it, "
        f"{LEAST_BLOCKS * LEAST_DAYS} days before it are needed."
    )
    raise InputError(message)


def _around(counts: NDArray[np.float64]) -> AgainstReference | None:
    try:
        return against_reference(counts[:, :-1], counts[:, -1])
    except InputError:
        return None


def _disk(cells: Collection[str], steps: int) -> set[str]:
    return {near for cell in cells for near in h3.grid_disk(cell, steps)}


def _dated(records: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.date()
    return records.with_columns(day=day)


def _counts(
    dated: pl.DataFrame, places: Sequence[Collection[str]], spans: Sequence[tuple[date, date]]
) -> NDArray[np.float64]:
    """Count records by place and span: each child once a place and 28 days, and all without one."""
    lying = [(n, int(cell, 16)) for n, cells in enumerate(places) for cell in cells]
    falling = [
        (n, first + timedelta(d), d // _BLOCK_DAYS)
        for n, (first, last) in enumerate(spans)
        for d in range((last - first).days + 1)
    ]
    where = pl.DataFrame(lying, {"place": pl.Int64, "cell": pl.UInt64}, orient="row")
    when = pl.DataFrame(
        falling, {"span": pl.Int64, "day": pl.Date, "block": pl.Int64}, orient="row"
    )
    table = dated.join(where, on="cell").join(when, on="day")
    if "child" in table.columns:
        keys = ["place", "span", "block", "child"]
        known = table.filter(pl.col("child").is_not_null()).unique(keys)
        table = pl.concat([known, table.filter(pl.col("child").is_null())])
    counts = np.zeros((len(places), len(spans)))
    np.add.at(counts, (table["place"].to_numpy(), table["span"].to_numpy()), 1)
    return counts
