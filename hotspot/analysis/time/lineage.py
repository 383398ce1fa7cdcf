"""Trace registered hotspots from one run to the next: who went on, split, merged, slept, came back.

Two hotspots are compared by where their weight lies, not by their exact points: each cell's weight
is first spread over the cell and its six neighbours, so that points set a little elsewhere, or snap
points issued anew, leave a hotspot what it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import h3
import numpy as np
import polars as pl

from hotspot.analysis.detection.cells import disks_of
from hotspot.analysis.time.growth import Size

MIN_OVERLAP = 0.2
"""Overlap (sum of the smaller shares of weight) from which two outlines are one hotspot."""
MIN_INSIDE = 0.5
"""Share of the one's weight on the other's ground from which they are related all the same."""

Weights = Mapping[str, float]
"""Weight of each cell (H3 id as text) of a hotspot."""


class LineageEvent(StrEnum):
    """What became of a hotspot."""

    NEW = "new"
    CONTINUED = "continued"
    GREW = "grew"
    SHRANK = "shrank"
    SPLIT = "split"
    MERGED = "merged"
    DORMANT = "dormant"
    REVIVED = "revived"


@dataclass(frozen=True)
class Registered:
    """A registered hotspot as it was last seen.

    Attributes
    ----------
    hotspot_id
        Its number, which is never given again.
    weights
        Its last outline.
    is_dormant
        Whether the last run did not have it.
    days
        Length of the period in which that weight came together; None where it is not known.
    merged_into
        Number of the hotspot that it merged into; None where it did not. It sleeps within that one
        with the outline it had before, and wakes when the two come apart again.
    """

    hotspot_id: int
    weights: Weights
    is_dormant: bool = False
    days: int | None = None
    merged_into: int | None = None

    @property
    def is_asleep(self) -> bool:
        """Tell whether it was no hotspot of its own in the last run."""
        return self.is_dormant or self.merged_into is not None


@dataclass(frozen=True)
class Step:
    """One hotspot's step from the last run to this one.

    Attributes
    ----------
    event
        What became of it.
    hotspot_id
        Number of a registered hotspot; None for a new one, which gets the next.
    key
        Its key in this run; None where it has none.
    related_id
        For a new hotspot that a split made: its parent. For one that merged: what it merged into;
        for one that came apart from it again: the same.
    overlap
        Sum over their common ground of the smaller share of weight, 0 to 1.
    moved_m
        How far its middle moved, in metres; None where there is nothing to compare.
    """

    event: LineageEvent
    hotspot_id: int | None
    key: str | None
    related_id: int | None = None
    overlap: float = 0.0
    moved_m: float | None = None


def overlap(one: Weights, other: Weights) -> tuple[float, float, float]:
    """Compare two outlines of one resolution.

    Gives the overlap (the sum over common ground of the smaller share of weight), the share of the
    first on the other's ground, and that of the second on the first's: each from 0 to 1.
    """
    return _compared([one], [other]).get((0, 0), (0.0, 0.0, 0.0))


def match_registered(
    registered: list[Registered], current: Mapping[str, Weights]
) -> dict[int, str]:
    """Find the hotspot of a run that carries each registered one: the one it overlaps most.

    Unlike `trace` this changes nothing and names nothing: a hotspot may carry several registered
    ones, as after a merge that no snapshot has recorded yet. Outlines of another resolution are
    brought to that of the run.
    """
    best: dict[int, tuple[float, str]] = {}
    for (number, key), overlap in _overlaps(registered, current).items():
        if _is_related(overlap, MIN_OVERLAP) and (-overlap[0], key) < best.get(number, (1.0, "")):
            best[number] = (-overlap[0], key)
    return {number: key for number, (_, key) in best.items()}


def at_resolution(weights: Weights, resolution: int) -> dict[str, float]:
    """Bring an outline to another resolution, for comparing it: by children, or by middles."""
    if all(h3.get_resolution(cell) == resolution for cell in weights):
        return dict(weights)
    by_cell: dict[str, float] = {}
    for cell, weight in weights.items():
        own = h3.get_resolution(cell)
        if own < resolution:
            parts = list(h3.cell_to_children(cell, resolution))
        else:
            parts = [h3.latlng_to_cell(*h3.cell_to_latlng(cell), resolution)]
        for part in parts:
            by_cell[part] = by_cell.get(part, 0.0) + weight / len(parts)
    return by_cell


def trace(
    registered: list[Registered],
    current: Mapping[str, Weights],
    overrides: Mapping[str, int | None] | None = None,
    min_overlap: float = MIN_OVERLAP,
    size: Size | None = None,
) -> list[Step]:
    """Match the hotspots of a run to those registered, and name what became of each.

    Parameters
    ----------
    registered
        Hotspots that have a place; those that sleep, and those that merged, with the last outline
        of their own.
    current
        Outline of each hotspot of the run by its key, all of one resolution.
    overrides
        What an analyst decided: the number of a registered hotspot for a key, or None for "new".
    min_overlap
        See `MIN_OVERLAP`.
    size
        What sizes are compared by: a hotspot grew or shrank where the 95 % interval of the ratio
        of its weights, by children and the lengths of both periods, says so.

    Returns
    -------
    list of Step
        One for each registered hotspot that does not sleep on, and one for each key. The pair with
        the greatest overlap keeps its number first, awake or asleep; of equal ones what is awake
        comes first, then the smaller number.
    """
    known = {one.hotspot_id: one for one in registered}
    pairs = {
        pair: overlap
        for pair, overlap in _overlaps(registered, current).items()
        if _is_related(overlap, min_overlap)
    }
    kept = _assign(known, pairs, overrides or {})
    match = _Match(pairs, kept)
    steps = []
    for key, weights in current.items():
        number = match.owner.get(key)
        if number is None:
            steps.append(_born(key, match, overrides or {}))
        else:
            steps.append(_went_on(known[number], key, weights, match, size or Size(), known))
    gone = (one for one in registered if one.hotspot_id not in kept and not one.is_asleep)
    return steps + [_slept(one, match) for one in gone]


Overlaps = dict[tuple[int, str], tuple[float, float, float]]


class _Match:
    """Which number goes on as which key, and what each shares ground with."""

    def __init__(self, pairs: Overlaps, kept: dict[int, str]) -> None:
        self.pairs, self.kept = pairs, kept
        self.owner = {key: number for number, key in kept.items()}
        self.keys_of: dict[int, list[str]] = defaultdict(list)
        self.numbers_of: dict[str, list[int]] = defaultdict(list)
        for number, key in pairs:
            self.keys_of[number].append(key)
            self.numbers_of[key].append(number)


def _overlaps(registered: list[Registered], current: Mapping[str, Weights]) -> Overlaps:
    """Compare every registered hotspot with those of the run that share ground with it."""
    if not any(current.values()):
        return {}
    resolution = h3.get_resolution(next(cell for weights in current.values() for cell in weights))
    keys = list(current)
    compared = _compared(
        (at_resolution(one.weights, resolution) for one in registered), current.values()
    )
    return {(registered[n].hotspot_id, keys[m]): overlap for (n, m), overlap in compared.items()}


def _compared(
    ones: Iterable[Weights], others: Collection[Weights]
) -> dict[tuple[int, int], tuple[float, float, float]]:
    """Compare the outlines that share ground, by their places in both lists (see `overlap`)."""
    both = _spread(ones).join(_spread(others), on="cell", suffix="_other")
    shared = pl.min_horizontal("share", "share_other").sum()
    table = both.group_by("outline", "outline_other").agg(
        shared.round(9), pl.col("share_other").sum().round(9), inside=pl.col("share").sum().round(9)
    )
    rows = table.select("outline", "outline_other", "share", "inside", "share_other").sort(
        "outline", "outline_other"
    )
    return {(one, other): (s, a, b) for one, other, s, a, b in rows.iter_rows()}


def _is_related(overlap: tuple[float, float, float], min_overlap: float) -> bool:
    shared, first_inside, second_inside = overlap
    return shared >= min_overlap or max(first_inside, second_inside) >= MIN_INSIDE


def _assign(
    known: dict[int, Registered], pairs: Overlaps, overrides: Mapping[str, int | None]
) -> dict[int, str]:
    """Assign numbers to keys, each number and key once."""
    kept = {number: key for key, number in overrides.items() if number is not None}
    taken = set(overrides)
    ordered = sorted(pairs, key=lambda p: (-pairs[p][0], known[p[0]].is_asleep, p))
    for number, key in ordered:
        if number not in kept and key not in taken:
            kept[number] = key
            taken.add(key)
    return kept


def _born(key: str, match: _Match, overrides: Mapping[str, int | None]) -> Step:
    """Name the parent of a hotspot without a number, if it came off one that goes on."""
    parents = [
        (-match.pairs[number, key][2], number)
        for number in match.numbers_of[key]
        if number in match.kept and match.pairs[number, key][2] >= MIN_INSIDE
    ]
    if key in overrides or not parents:
        return Step(LineageEvent.NEW, None, key)
    _, parent = min(parents)
    return Step(LineageEvent.SPLIT, None, key, parent, match.pairs[parent, key][0])


def _slept(one: Registered, match: _Match) -> Step:
    """Say whether a hotspot that has no key any more merged, and into what."""
    number = one.hotspot_id
    into = [
        (-match.pairs[number, key][0], match.owner[key])
        for key in match.keys_of[number]
        if key in match.owner and match.pairs[number, key][1] >= MIN_INSIDE
    ]
    if not into:
        return Step(LineageEvent.DORMANT, number, None)
    shared, owner = min(into)
    return Step(LineageEvent.MERGED, number, None, owner, -shared)


def _went_on(
    one: Registered,
    key: str,
    weights: Weights,
    match: _Match,
    size: Size,
    known: Mapping[int, Registered],
) -> Step:
    shared = match.pairs.get((one.hotspot_id, key), (0.0, 0.0, 0.0))[0]
    moved = _distance_m(one.weights, weights)
    parted = any(
        match.pairs[one.hotspot_id, other][2] >= MIN_INSIDE and _came_off(one, other, match, known)
        for other in match.keys_of[one.hotspot_id]
        if other != key
    )
    before, after = sum(one.weights.values()), sum(weights.values())
    if one.is_asleep:
        event = LineageEvent.REVIVED
    elif parted:
        event = LineageEvent.SPLIT
    else:
        event = LineageEvent(size.word(key, before, after, one.days))
    return Step(event, one.hotspot_id, key, one.merged_into, shared, moved)


def _came_off(one: Registered, other: str, match: _Match, known: Mapping[int, Registered]) -> bool:
    """Tell whether a hotspot on the ground of another is new, or slept in it."""
    owner = match.owner.get(other)
    return owner is None or known[owner].merged_into == one.hotspot_id


def _spread(outlines: Iterable[Weights]) -> pl.DataFrame:
    """Spread each cell's share of its outline's weight over the cell and its neighbours.

    Returns
    -------
    DataFrame
        `outline` (its place in the list), `cell` and `share`; each outline's shares sum to 1.
    """
    every = list(outlines)
    lengths = [len(weights) for weights in every]
    cells = np.array([int(cell, 16) for weights in every for cell in weights], dtype=np.uint64)
    totals = np.array([sum(one.values()) or 1.0 for one in every])
    share = np.array([w for one in every for w in one.values()]) / np.repeat(totals, lengths)
    outline = np.repeat(np.arange(len(every)), lengths)
    origin, near = disks_of(cells, 1) if len(cells) else (np.array([], dtype=np.int64), cells)
    size = np.bincount(origin, minlength=len(cells)) if len(cells) else origin
    frame = pl.DataFrame(
        {"outline": outline[origin], "cell": near, "share": (share / size)[origin]},
        schema={"outline": pl.Int64, "cell": pl.UInt64, "share": pl.Float64},
    )
    return frame.group_by("outline", "cell").agg(pl.col("share").sum())


def _distance_m(one: Weights, other: Weights) -> float:
    """Measure between the weighted middles of two outlines."""
    first, second = _middle(one), _middle(other)
    return float(h3.great_circle_distance(first, second, unit="m"))


def _middle(weights: Weights) -> tuple[float, float]:
    """Return the weighted middle of an outline: latitude and longitude."""
    total, places = sum(weights.values()), [h3.cell_to_latlng(cell) for cell in weights]
    lat = sum(w * lat for w, (lat, _) in zip(weights.values(), places, strict=True))
    lng = sum(w * lng for w, (_, lng) in zip(weights.values(), places, strict=True))
    return lat / total, lng / total
