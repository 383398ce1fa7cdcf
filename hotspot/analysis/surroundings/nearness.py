"""Compare how many events lie near each type of premises with how many would by chance."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from scipy import sparse
from scipy.spatial import cKDTree

from hotspot.hours import latest_closing
from hotspot.schema import SNAPPED, WGS84

BANDS_M = (50, 100, 250)
"""Distances in metres within which an event is near."""
_PERMUTATIONS = 499
_AT_A_TIME = 100
_COLUMNS = ["type", "places", "within_m", "observed", "expected", "ratio", "low", "high", "p"]
_CLOSINGS = ((36, "after 02:00"), (26, "by 02:00"), (24, "by midnight"), (23, "by 23:00"))


@dataclass(frozen=True)
class Nearness:
    """Observed against expected events near each type.

    Attributes
    ----------
    table
        `type`, `places`, `within_m`, `observed`, `expected`, `ratio`, `low` and `high` (95 % of
        what chance gives, as a ratio: outside of it chance seldom goes), `p` (one-sided).
    used
        Events that were compared.
    snapped
        Events left out: on snap points of open data.
    """

    table: pd.DataFrame
    used: int
    snapped: int


def nearness(
    events: pl.DataFrame,
    places: pd.DataFrame,
    types: pd.Series[str],
    bands_m: tuple[float, ...] = BANDS_M,
    seed: int = 1,
) -> Nearness:
    """Count the events near each type of place, and compare with types dealt out anew.

    Parameters
    ----------
    events
        Columns `lng`, `lat` (WGS84 degrees), optionally `precision`.
    places
        Columns `lng`, `lat`; each place stays where it is.
    types
        Type of each place. Dealing these out anew among all places keeps the town centre as dense
        as it is: what is asked is whether this type stands out among its neighbours.

    Returns
    -------
    Nearness
        An event near several places of a type counts once. Snap points of open data are left out:
        their places are not those of events. Points on which many events lie stay: whether one
        stands for many places is told at the import, by their descriptions. It says nothing about
        any one business.
    """
    kept = without_snap_points(events)
    snapped = events.height - kept.height
    if kept.is_empty() or places.empty:
        return Nearness(pd.DataFrame(columns=_COLUMNS), kept.height, snapped)
    at, of = on_ground(places, kept)
    names = sorted(types.unique())
    sizes = [int((types == name).sum()) for name in names]
    rng = np.random.default_rng(seed)
    rows = []
    tree = cKDTree(at)
    for within in bands_m:
        near = np.asarray(tree.query_ball_point(of, within), dtype=object)
        lengths = np.array([len(neighbours) for neighbours in near])
        some = np.repeat(np.arange(len(of)), lengths)
        which = np.concatenate([np.asarray(neighbours, dtype=np.int64) for neighbours in near])
        touch = sparse.csr_array(
            (np.ones(len(which), dtype=np.float32), (some, which)), shape=(len(of), len(at))
        )
        drawn = _dealt_out(touch, sizes, rng)
        for name, size, chance in zip(names, sizes, drawn, strict=True):
            own = (types == name).to_numpy().astype(np.float32)
            observed = int((touch @ own > 0).sum())
            expected = float(chance.mean())
            low, high = np.quantile(chance, [0.025, 0.975])
            p = (1 + int((chance >= observed).sum())) / (1 + len(chance))
            scale = expected or np.nan
            rows.append(
                (
                    name,
                    size,
                    within,
                    observed,
                    expected,
                    observed / scale,
                    low / scale,
                    high / scale,
                    p,
                )
            )
    return Nearness(pd.DataFrame(rows, columns=_COLUMNS), kept.height, snapped)


def closing_of(open_until: pd.Series[str]) -> pd.Series[str]:
    """Class premises by when they close: "by 23:00", "by midnight", "by 02:00", "after 02:00"."""
    late = open_until.map(latest_closing, na_action="ignore").astype("Float64") / 60 + 12
    named = pd.Series("unknown", index=open_until.index, dtype=object)
    for limit, name in _CLOSINGS:
        named[(late <= limit).fillna(value=False)] = name
    return named


def rising_places(
    events: pl.DataFrame, places: pd.DataFrame, within_m: float, split: pl.Expr
) -> pd.DataFrame:
    """Count the events near each place before and after a split in time.

    Parameters
    ----------
    split
        True for the later events, null for those that count in neither part.

    Returns
    -------
    DataFrame
        The places' columns with `before` and `after`, those with more after, the greatest rise
        first.
    """
    kept = (
        without_snap_points(events).with_columns(later=split).filter(pl.col("later").is_not_null())
    )
    if kept.is_empty() or places.empty:
        return places.head(0).assign(before=0, after=0)
    at, of = on_ground(places, kept)
    later = kept["later"].to_numpy()
    near = np.asarray(cKDTree(of).query_ball_point(at, within_m), dtype=object)
    after = np.array([int(later[neighbours].sum()) for neighbours in near])
    before = np.array([len(neighbours) for neighbours in near]) - after
    counted = places.assign(before=before, after=after)
    rising = counted[counted["after"] > counted["before"]]
    order = (rising["after"] - rising["before"]).sort_values(ascending=False, kind="stable").index
    return rising.loc[order].reset_index(drop=True)


def without_snap_points(events: pl.DataFrame) -> pl.DataFrame:
    """Leave out the snap points of open data: their places are not those of events."""
    if "precision" not in events.columns:
        return events
    return events.filter((pl.col("precision") != SNAPPED).fill_null(value=True))


def on_ground(
    places: pd.DataFrame, events: pl.DataFrame
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the metres of places and events in a plane around the places."""
    return to_plane(places, places), to_plane(places, events)


def to_plane(middle_of: pd.DataFrame, places: pd.DataFrame | pl.DataFrame) -> NDArray[np.float64]:
    """Return the metres of places (`lng`, `lat`, WGS84) in a plane around the middle of some."""
    lat, lng = middle_of["lat"].median(), middle_of["lng"].median()
    plane = CRS.from_proj4(f"+proj=aeqd +lat_0={lat} +lon_0={lng} +ellps=WGS84 +units=m")
    change = Transformer.from_crs(WGS84, plane, always_xy=True)
    return np.column_stack(
        change.transform(places["lng"].to_numpy().astype(float), places["lat"].to_numpy())
    )


def _dealt_out(
    touch: sparse.csr_array, sizes: list[int], rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Count the events near each type's number of places, types dealt out anew many times."""
    n = touch.shape[1]
    counts: list[list[NDArray[np.int64]]] = [[] for _ in sizes]
    edges = np.concatenate([[0], np.cumsum(sizes)])
    for start in range(0, _PERMUTATIONS, _AT_A_TIME):
        turns = min(_AT_A_TIME, _PERMUTATIONS - start)
        orders = rng.permuted(np.tile(np.arange(n), (turns, 1)), axis=1)
        for number, (low, high) in enumerate(pairwise(edges.tolist())):
            marks = np.zeros((n, turns), dtype=np.float32)
            np.put_along_axis(marks, orders[:, low:high].T, 1.0, axis=0)
            counts[number].append((touch @ marks > 0).sum(axis=0))
    return [np.concatenate(parts) for parts in counts]
