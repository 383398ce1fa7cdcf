"""Draw what is shared of a hotspot's ground so that no outline tells of fewer than three children.

An outline of occupied cells is a list of those cells: it can be read back, and two months can be
subtracted. What is shared is therefore made of coarse pieces of ground. A piece is drawn where
three children or more were recorded in it, hangs together with the rest, and comes or goes only
where the records of three children or more came or went since it was last drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import h3
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import MultiPolygon, Polygon, shape

from hotspot.disclosure.suppression import MIN_CHILDREN, SHORTEST_WEEKS, band

PIECE_RESOLUTION = 9
"""H3 resolution of a piece of ground: some 350 m across; coarser cells are their own pieces."""
MIN_RECORDS = 5
"""Records that a piece needs where no source tells children apart."""
REDRAWN_AFTER = timedelta(weeks=SHORTEST_WEEKS)
"""How much later a period must end before the shared outlines are drawn anew."""
_SMOOTH_M, _GRID_M = 60.0, 10.0
_METRES_A_DEGREE = 111_320.0

SENTENCE = (
    f"Outlines are drawn of pieces of ground some 350 m across with {MIN_CHILDREN} children or "
    f"more in each, not of what was recorded; they are drawn anew every {SHORTEST_WEEKS} weeks, "
    f"and a piece comes or goes only with the records of {MIN_CHILDREN} children or more."
)
"""What the rule says to readers."""
NO_OUTLINE = "Its outline follows when the shared outlines are drawn anew."
"""What stands where the ground of a hotspot is not shared yet."""


@dataclass(frozen=True)
class SharedPlace:
    """A hotspot's ground as it is shared.

    Attributes
    ----------
    number
        It is the same from one drawing to the next.
    pieces
        Each piece (H3 id) with the last day of the period in which it was safe by itself.
    events, children
        Banded, as they were last shared.
    """

    number: int
    pieces: Mapping[str, date]
    events: str
    children: str


@dataclass(frozen=True)
class SharedGround:
    """What is shared of the ground at a time: the period that it rests on, and its places.

    `sites` are digests of the sensitive sites that were entered when it was drawn.
    """

    start: date
    end: date
    places: tuple[SharedPlace, ...] = ()
    sites: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        places = [
            {
                "number": one.number,
                "pieces": {piece: day.isoformat() for piece, day in sorted(one.pieces.items())},
                "events": one.events,
                "children": one.children,
            }
            for one in self.places
        ]
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "places": places,
            "sites": list(self.sites),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SharedGround:
        """Read what `as_dict` wrote."""
        places = tuple(
            SharedPlace(
                int(one["number"]),
                {piece: date.fromisoformat(day) for piece, day in one["pieces"].items()},
                str(one["events"]),
                str(one["children"]),
            )
            for one in values["places"]
        )
        start, end = (date.fromisoformat(values[name]) for name in ("start", "end"))
        kept = values["sites"]
        sites = tuple(kept) if isinstance(kept, list) else ()  # older ones kept their number
        return cls(start, end, places, sites)


def piece_of(cell: str) -> str:
    """Name the piece of ground that a cell (H3 id) belongs to."""
    return str(h3.cell_to_parent(cell, min(PIECE_RESOLUTION, h3.get_resolution(cell))))


def children_in_pieces(records: pd.DataFrame) -> pd.DataFrame:
    """Count children and events in each piece of each hotspot.

    Parameters
    ----------
    records
        What was counted: `key` (of the hotspot), `piece`, `child` (null where not known) and
        `events`, with any number of rows.

    Returns
    -------
    DataFrame
        `key`, `piece`, `children` (distinct; null where no child is known anywhere) and `events`.
    """
    counts = records.groupby(["key", "piece"]).agg(
        children=("child", "nunique"), events=("events", "sum")
    )
    table = counts.reset_index().astype({"children": "Int64", "events": "int64"})
    if records["child"].isna().all():
        table["children"] = pd.NA
    return table


def safe_pieces(counts: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Choose the pieces of each hotspot that may be drawn: enough children in each, and no island.

    A piece that two hotspots share belongs to the one with more events in it.
    """
    enough = counts["children"].ge(MIN_CHILDREN).fillna(counts["events"] >= MIN_RECORDS)
    safe = counts[enough.astype(bool)].sort_values(["events", "key"], ascending=[False, True])
    safe = safe.drop_duplicates("piece")
    weights = dict(zip(safe["piece"], safe["events"].astype(float), strict=True))
    return {
        str(key): main_part(part["piece"].tolist(), weights) for key, part in safe.groupby("key")
    }


def pieces_near(pieces: Iterable[str], sites: pd.DataFrame) -> set[str]:
    """Find the pieces that reach to within `within_m` of some sites (`lat`, `lng`, `within_m`)."""
    return {
        piece
        for piece in pieces
        for site in sites[["lat", "lng", "within_m"]].to_dict("records")
        if h3.great_circle_distance(h3.cell_to_latlng(piece), (site["lat"], site["lng"]), unit="m")
        <= site["within_m"] + 2 * h3.average_hexagon_edge_length(h3.get_resolution(piece), "m")
    }


def main_part(pieces: Iterable[str], weights: Mapping[str, float]) -> frozenset[str]:
    """Return the pieces that hang together and weigh most."""
    waiting, parts = set(pieces), []
    while waiting:
        part, edge = set(), {waiting.pop()}
        while edge:
            part |= edge
            edge = {near for one in edge for near in h3.grid_disk(one, 1)} & waiting
            waiting -= edge
        parts.append(part)
    if not parts:
        return frozenset()
    heaviest = max(parts, key=lambda part: (sum(weights.get(one, 0.0) for one in part), min(part)))
    return frozenset(heaviest)


@dataclass(frozen=True)
class RunGround:
    """What a run found, as the drawing needs it.

    Attributes
    ----------
    start, end
        Its period.
    counts
        See `children_in_pieces`; of hotspots that may be shared only.
    came, went
        Distinct children in each piece whose records came, or went, since the last drawing.
    events, children
        Of each hotspot by its key.
    sites
        Digests of the sensitive sites that are entered.
    """

    start: date
    end: date
    counts: pd.DataFrame
    came: Mapping[str, int]
    went: Mapping[str, int]
    events: Mapping[str, float]
    children: Mapping[str, float | None]
    sites: tuple[str, ...] = ()


def is_due(before: SharedGround | None, end: date) -> bool:
    """Tell whether the shared outlines are drawn anew."""
    return before is None or end - before.end >= REDRAWN_AFTER


def without(before: SharedGround, masked: Collection[str], sites: tuple[str, ...]) -> SharedGround:
    """Take pieces away at once, and nothing else: what protects a home does not wait.

    No piece comes, for what came since would be read from it; the next drawing brings it.
    """
    places = []
    for place in before.places:
        unmasked = set(place.pieces) - set(masked)
        left = main_part(unmasked, dict.fromkeys(unmasked, 1.0))
        if left:
            pieces = {piece: day for piece, day in place.pieces.items() if piece in left}
            places.append(replace(place, pieces=pieces))
    return SharedGround(before.start, before.end, tuple(places), sites)


def redraw(before: SharedGround | None, ground: RunGround) -> SharedGround:
    """Draw the shared ground anew, by steps that tell of three children or more.

    Parameters
    ----------
    before
        What is shared now; `None` at first.
    ground
        What a run finds.
    """
    wanted = safe_pieces(ground.counts)
    strongest = sorted(wanted, key=lambda key: (-ground.events[key], key))
    if before is None:
        places = [
            _place(number, dict.fromkeys(wanted[key], ground.end), ground, key)
            for number, key in enumerate(strongest, 1)
        ]
        return SharedGround(ground.start, ground.end, tuple(places), ground.sites)
    known = {place.number: place for place in before.places}
    owner = {piece: place.number for place in before.places for piece in place.pieces}
    following = max(known, default=0) + 1
    places = []
    for key in strongest:
        mine = _same_place(wanted[key], owner, set(known))
        free = {p for p in wanted[key] if p not in owner and ground.came.get(p, 0) >= MIN_CHILDREN}
        if mine is None:
            weights = dict.fromkeys(free, 1.0)
            if part := main_part(free, weights):
                places.append(_place(following, dict.fromkeys(part, ground.end), ground, key))
                following += 1
            continue
        pieces = _stepped(known.pop(mine), wanted[key], free, ground)
        places.append(_place(mine, pieces, ground, key))
    for place in known.values():  # no hotspot any more: it goes when all of it may
        if kept := _stepped(place, frozenset(), set(), ground):
            places.append(SharedPlace(place.number, kept, place.events, place.children))
    return SharedGround(ground.start, ground.end, tuple(places), ground.sites)


def _same_place(
    wanted: frozenset[str], owner: Mapping[str, int], open_ones: Collection[int]
) -> int | None:
    """Find the place that has most of some pieces and is nobody else's yet."""
    numbers = [owner[piece] for piece in sorted(wanted) if owner.get(piece) in open_ones]
    return max(set(numbers), key=lambda n: (numbers.count(n), -n)) if numbers else None


def _stepped(
    place: SharedPlace, wanted: frozenset[str], free: set[str], ground: RunGround
) -> dict[str, date]:
    """Let pieces of a place come and go, as far as each step is safe and it hangs together."""
    pieces = {
        piece: ground.end if piece in wanted else day
        for piece, day in place.pieces.items()
        if piece in wanted or not _may_go(piece, day, ground)
    }
    if len(main_part(pieces, {})) < len(pieces):  # what is left would be islands
        pieces = {p: ground.end if p in wanted else day for p, day in place.pieces.items()}
    if not pieces:
        return {}
    weights = dict.fromkeys(pieces, 1000000000.0)
    new = main_part({*pieces, *free}, weights) - set(pieces)
    return pieces | dict.fromkeys(new, ground.end)


def _may_go(piece: str, safe_until: date, ground: RunGround) -> bool:
    """Tell whether a piece may go: enough children's records did, or all of its period is past."""
    return ground.went.get(piece, 0) >= MIN_CHILDREN or safe_until < ground.start


def _place(number: int, pieces: Mapping[str, date], ground: RunGround, key: str) -> SharedPlace:
    return SharedPlace(number, pieces, band(ground.events[key]), band(ground.children[key]))


def places_of(counts: pd.DataFrame, ground: SharedGround) -> dict[str, int]:
    """Find the place of each hotspot of a run: the one that has most of its events.

    Parameters
    ----------
    counts
        See `children_in_pieces`.

    Returns
    -------
    dict
        Number of the place by the hotspot's key; a hotspot whose ground is not shared is absent,
        and of two in one place the stronger has it.
    """
    owner = {piece: place.number for place in ground.places for piece in place.pieces}
    mine = counts.assign(place=counts["piece"].map(owner)).dropna(subset="place")
    ranked = (
        mine.groupby(["key", "place"])["events"]
        .sum()
        .reset_index()
        .sort_values(["events", "key"], ascending=[False, True])
    )
    places: dict[str, int] = {}
    for key, place in zip(ranked["key"], ranked["place"].astype(int), strict=True):
        if key not in places and place not in places.values():
            places[str(key)] = int(place)
    return places


def outline_of(pieces: Iterable[str]) -> Polygon | MultiPolygon:
    """Draw pieces of ground as one rounded shape, WGS84, longitude before latitude.

    The shape depends on the pieces alone: nothing finer than a piece can be read from it.
    """
    ids = sorted(pieces)
    if not ids:
        return Polygon()
    united = shape(h3.cells_to_h3shape(ids, tight=True).__geo_interface__)
    east = _METRES_A_DEGREE * float(np.cos(np.radians(united.centroid.y)))
    scale = np.array([east, _METRES_A_DEGREE])
    flat = shapely.transform(united, lambda points: points * scale)
    rounded = flat.buffer(-_SMOOTH_M).buffer(2 * _SMOOTH_M).buffer(-_SMOOTH_M)
    plain: Any = shapely.set_precision(rounded.simplify(_GRID_M), _GRID_M)
    drawn: Polygon | MultiPolygon = shapely.transform(plain, lambda points: points / scale)
    return drawn


def read_pieces(drawn: Polygon | MultiPolygon, resolution: int = PIECE_RESOLUTION) -> set[str]:
    """Read back from a shape the cells whose middle lies in it: what a reader could do."""
    return (
        set(h3.geo_to_cells(drawn.__geo_interface__, resolution)) if not drawn.is_empty else set()
    )
