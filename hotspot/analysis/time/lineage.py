"""Trace registered hotspots from one run to the next: who went on, split, merged, slept, came back.

Two hotspots are compared by where their weight lies, not by their exact points: each cell's weight
is first spread over the cell and its six neighbours, so that points set a little elsewhere, or snap
points issued anew, leave a hotspot what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import h3
import numpy as np

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
    """

    hotspot_id: int
    weights: Weights
    is_dormant: bool = False
    days: int | None = None


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
        For a new hotspot that a split made: its parent. For one that merged: what it merged into.
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
    return _compared(_spread(one), _spread(other))


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
        Hotspots that are neither merged away nor closed.
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
        One for each registered hotspot that is not dormant still, and one for each key. The pair
        with the greatest overlap keeps its number first; what is awake comes before what sleeps;
        ties go to the smaller number.
    """
    known = {one.hotspot_id: one for one in registered}
    pairs = {
        pair: overlap
        for pair, overlap in _overlaps(registered, current).items()
        if _is_related(overlap, min_overlap)
    }
    kept = _assign(known, pairs, overrides or {})
    owner = {key: number for number, key in kept.items()}
    steps = []
    for key, weights in current.items():
        number = owner.get(key)
        if number is None:
            steps.append(_born(key, pairs, kept, overrides or {}))
        else:
            steps.append(_went_on(known[number], key, weights, pairs, owner, size or Size()))
    for one in registered:
        if one.hotspot_id in kept or one.is_dormant:
            continue
        into = [
            (-overlap[0], owner[key])
            for (number, key), overlap in pairs.items()
            if number == one.hotspot_id and key in owner and overlap[1] >= MIN_INSIDE
        ]
        merged = min(into)[1] if into else None
        event = LineageEvent.DORMANT if merged is None else LineageEvent.MERGED
        steps.append(Step(event, one.hotspot_id, None, merged, -min(into)[0] if into else 0.0))
    return steps


Overlaps = dict[tuple[int, str], tuple[float, float, float]]


def _overlaps(registered: list[Registered], current: Mapping[str, Weights]) -> Overlaps:
    """Compare every registered hotspot with those of the run that share ground with it."""
    if not any(current.values()):
        return {}
    resolution = h3.get_resolution(next(cell for weights in current.values() for cell in weights))
    spread = {key: _spread(weights) for key, weights in current.items()}
    on: dict[str, list[str]] = {}
    for key, shares in spread.items():
        for cell in shares:
            on.setdefault(cell, []).append(key)
    overlaps: Overlaps = {}
    for one in registered:
        own = _spread(at_resolution(one.weights, resolution))
        for key in sorted({key for cell in own for key in on.get(cell, ())}):
            overlaps[one.hotspot_id, key] = _compared(own, spread[key])
    return overlaps


def _compared(a: dict[str, float], b: dict[str, float]) -> tuple[float, float, float]:
    common = a.keys() & b.keys()
    shared = sum(min(a[cell], b[cell]) for cell in common)
    return shared, sum(a[cell] for cell in common), sum(b[cell] for cell in common)


def _is_related(overlap: tuple[float, float, float], min_overlap: float) -> bool:
    shared, first_inside, second_inside = overlap
    return shared >= min_overlap or max(first_inside, second_inside) >= MIN_INSIDE


def _assign(
    known: dict[int, Registered], pairs: Overlaps, overrides: Mapping[str, int | None]
) -> dict[int, str]:
    """Assign numbers to keys, each number and key once."""
    kept = {number: key for key, number in overrides.items() if number is not None}
    taken = set(overrides)
    ordered = sorted(pairs, key=lambda p: (known[p[0]].is_dormant, -pairs[p][0], p))
    for number, key in ordered:
        if number not in kept and key not in taken:
            kept[number] = key
            taken.add(key)
    return kept


def _born(
    key: str, pairs: Overlaps, kept: dict[int, str], overrides: Mapping[str, int | None]
) -> Step:
    """Name the parent of a hotspot without a number, if it came off one that goes on."""
    parents = [
        (-overlap[2], number)
        for (number, other), overlap in pairs.items()
        if other == key and number in kept and overlap[2] >= MIN_INSIDE
    ]
    if key in overrides or not parents:
        return Step(LineageEvent.NEW, None, key)
    _, parent = min(parents)
    return Step(LineageEvent.SPLIT, None, key, parent, pairs[parent, key][0])


def _went_on(
    one: Registered,
    key: str,
    weights: Weights,
    pairs: Overlaps,
    owner: dict[str, int],
    size: Size,
) -> Step:
    shared = pairs.get((one.hotspot_id, key), (0.0, 0.0, 0.0))[0]
    moved = _distance_m(one.weights, weights)
    parted = any(
        number == one.hotspot_id and other not in owner and overlap[2] >= MIN_INSIDE
        for (number, other), overlap in pairs.items()
    )
    before, after = sum(one.weights.values()), sum(weights.values())
    if one.is_dormant:
        event = LineageEvent.REVIVED
    elif parted:
        event = LineageEvent.SPLIT
    else:
        event = LineageEvent(size.word(key, before, after, one.days))
    return Step(event, one.hotspot_id, key, None, shared, moved)


def _spread(weights: Weights) -> dict[str, float]:
    """Spread each cell's share of the weight over the cell and its neighbours."""
    total = sum(weights.values()) or 1.0
    by_cell: dict[str, float] = {}
    for cell, weight in weights.items():
        disk = h3.grid_disk(cell, 1)
        for near in disk:
            by_cell[near] = by_cell.get(near, 0.0) + weight / total / len(disk)
    return by_cell


def _distance_m(one: Weights, other: Weights) -> float:
    """Measure between the weighted middles of two outlines."""
    first, second = _middle(one), _middle(other)
    return float(h3.great_circle_distance(first, second, unit="m"))


def _middle(weights: Weights) -> tuple[float, float]:
    places = np.array([h3.cell_to_latlng(cell) for cell in weights])
    lat, lng = np.average(places, axis=0, weights=list(weights.values()))
    return float(lat), float(lng)
