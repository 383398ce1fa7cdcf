"""Ask whether what lies near each other also happened near each other in time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import poisson

from hotspot.errors import ParamsError

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Closed = Literal["left", "right"]
Metric = Literal["euclidean", "manhattan"]
_LEAST, _MOST_COUNTS = 99, 20_000_000
"""Permutations that are always made, and pairs that are looked at in all of them together."""
_NORM = {"euclidean": 2.0, "manhattan": 1.0}


@dataclass(frozen=True)
class Knox:
    """The outcome of Knox's test.

    Attributes
    ----------
    close
        Pairs near in space and in time.
    table
        Pairs near in both, in space only; in time only, in neither: shape (2, 2).
    expected
        The same if space and time had nothing to do with each other.
    poisson_p
        Chance of more close pairs, were they Poisson (an approximation, as pointpats gives it).
    p
        (1 + permutations with as many) / (1 + permutations); None without any.
    """

    close: int
    table: Numbers
    expected: Floats
    poisson_p: float
    p: float | None


@dataclass(frozen=True)
class NearRepeat:
    """Pairs by band of distance and of time, against permuted times.

    Attributes
    ----------
    observed
        Pairs, shape (bands of distance, bands of time).
    expected
        Mean over the permutations.
    p
        (1 + permutations with as many or more) / (1 + permutations).
    bands
        The convention of the bands in words.
    permutations
        How often the times were permuted.
    """

    observed: Numbers
    expected: Floats
    p: Floats
    bands: str
    permutations: int

    @property
    def ratio(self) -> Floats:
        """Return observed over expected: Knox ratios."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.observed / self.expected, dtype=np.float64)


def knox(
    places: Floats,
    days: Floats,
    near_m: float,
    near_days: float,
    permutations: int = 99,
    seed: int = 0,
) -> Knox:
    """Count the pairs near in space and time: no farther than `near_m` and `near_days`.

    Parameters
    ----------
    places
        Coordinates in metres, shape (n, 2).
    days
        Times in days, shape (n,).

    Notes
    -----
    Knox, E. G. (1964), The detection of space-time interactions, Applied Statistics 13(1).
    """
    n = len(days)
    every = n * (n - 1) // 2
    pairs = _pairs(places, near_m, "euclidean")
    order = np.sort(days)
    later = np.searchsorted(order, order + near_days, side="right") - np.arange(1, n + 1)
    in_time, in_space = int(later.sum()), len(pairs)
    close = _close_in_time(days, pairs, near_days)
    table = np.array(
        [[close, in_space - close], [in_time - close, every - in_space - in_time + close]]
    )
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    expected = np.outer(rows, columns) / max(every, 1)
    rng = np.random.default_rng(seed)
    reached = sum(
        _close_in_time(rng.permutation(days), pairs, near_days) >= close
        for _ in range(permutations)
    )
    p = (1 + reached) / (1 + permutations) if permutations else None
    return Knox(close, table, expected, float(poisson.sf(close, expected[0, 0])), p)


def near_repeat(  # noqa: PLR0913 - bands, their convention, and what is permuted
    places: Floats,
    days: Floats,
    space_m: list[float],
    time_days: list[float],
    *,
    closed: Closed = "left",
    metric: Metric = "euclidean",
    children: NDArray[np.object_] | None = None,
    permutations: int = 999,
    seed: int = 0,
) -> NearRepeat:
    """Count pairs by band of distance and time, and compare with times permuted.

    Parameters
    ----------
    places
        Coordinates in metres, shape (n, 2).
    days
        Times in days, shape (n,).
    space_m, time_days
        Edges of the bands, ascending, the first the lower edge of the first band.
    closed
        "left": a band holds its lower edge and not its upper one, [a, b). "right": (a, b], with
        the lower edge of the first band too. Published tables differ by this alone.
    metric
        How distance is measured; "manhattan" is along the axes.
    children
        Who each record is of, None where nobody is known, shape (n,). The unit is then the child:
        pairs of one child are not counted, and the times of a child's records go together to the
        places of another child with as many records (its own where there is no other); a record
        without a child is a unit of its own. What is left is whether different children come to
        the same places at the same times.
    permutations
        At most; fewer where there are very many pairs, 99 at least (see `NearRepeat.permutations`).

    Raises
    ------
    ParamsError
        The edges are not ascending.

    Notes
    -----
    Ratcliffe, J. H. and Rengert, G. F. (2008), Security Journal 21.
    """
    for edges in (space_m, time_days):
        if len(edges) < 2 or any(a >= b for a, b in pairwise(edges)):
            message = f"The edges {edges} are not ascending; give for example 0, 100, 200."
            raise ParamsError(message)
    pairs = _pairs(places, space_m[-1], metric)
    units = _units(children, len(days))
    pairs = pairs[units[pairs[:, 0]] != units[pairs[:, 1]]]
    apart = places[pairs[:, 0]] - places[pairs[:, 1]]
    distance = np.linalg.norm(apart, ord=_NORM[metric], axis=1) if len(pairs) else np.array([])
    row = _band(distance, space_m, closed)
    order = np.argsort(row, kind="stable")[int((row < 0).sum()) :]
    first, second, row = pairs[order, 0].copy(), pairs[order, 1].copy(), row[order]
    shape = (len(space_m) - 1, len(time_days) - 1)
    bounds = np.searchsorted(row, np.arange(shape[0] + 1))

    def count(times: Floats) -> Numbers:
        apart_in_time = np.abs(times[first] - times[second])
        upto = [
            np.concatenate([[0], np.cumsum(_is_below(apart_in_time, time_days, n, closed))])[bounds]
            for n in range(len(time_days))
        ]
        return np.diff(np.diff(np.array(upto), axis=0).T, axis=0)

    observed = count(days)
    rng = np.random.default_rng(seed)
    permutations = min(permutations, max(_LEAST, _MOST_COUNTS // max(len(row), 1)))
    exchange = Exchange(units)
    total, reached = np.zeros(shape), np.zeros(shape)
    for _ in range(permutations):
        counts = count(exchange.permuted(days, rng))
        total += counts
        reached += counts >= observed
    bands = "[a, b): from a, to less than b" if closed == "left" else "(a, b]: over a, to b"
    return NearRepeat(
        observed,
        total / max(permutations, 1),
        (1 + reached) / (1 + permutations),
        bands,
        permutations,
    )


class Exchange:
    """Exchange the times of units, those of a child together, among units of as many records.

    Parameters
    ----------
    units
        Number of the unit of each record, shape (n,).
    """

    def __init__(self, units: Numbers) -> None:
        order = np.argsort(units, kind="stable")
        _, first, sizes = np.unique(units[order], return_index=True, return_counts=True)
        self._groups = [
            order[first[sizes == size][:, None] + np.arange(size)]
            for size in np.unique(sizes).tolist()
        ]

    def permuted(self, times: Floats, rng: np.random.Generator) -> Floats:
        """Return the times dealt out anew, the record's place kept."""
        dealt = times.copy()
        for group in self._groups:
            units = len(group)
            own = times[group[rng.permutation(units)]]
            dealt[group] = own if units > 1 else rng.permuted(own, axis=1)
        return dealt


def _pairs(places: Floats, within: float, metric: Metric) -> Numbers:
    pairs: Numbers = cKDTree(places).query_pairs(
        within * (1 + 1e-12), p=_NORM[metric], output_type="ndarray"
    )
    return pairs


def _close_in_time(days: Floats, pairs: Numbers, near_days: float) -> int:
    return int((np.abs(days[pairs[:, 0]] - days[pairs[:, 1]]) <= near_days).sum())


def _band(values: Floats, edges: list[float], closed: Closed) -> Numbers:
    """Return the number of the band of each value, -1 where it is in none."""
    bounds = np.asarray(edges, dtype=np.float64)
    if closed == "left":
        bands = np.searchsorted(bounds, values, side="right") - 1
    else:
        bands = np.searchsorted(bounds, values, side="left") - 1
        bands[values == bounds[0]] = 0
    return np.where(bands >= len(edges) - 1, -1, bands)


def _is_below(values: Floats, edges: list[float], n: int, closed: Closed) -> NDArray[np.bool_]:
    """Tell which values lie in bands below an edge."""
    below = values < edges[n] if closed == "left" or n == 0 else values <= edges[n]
    return np.asarray(below, dtype=np.bool_)


def _units(children: NDArray[np.object_] | None, n: int) -> Numbers:
    """Return the number of the unit of each record: a child, or a record without one."""
    if children is None:
        return np.arange(n)
    named = [f"r{at}" if child is None else f"c{child}" for at, child in enumerate(children)]
    return np.unique(named, return_inverse=True)[1].astype(np.int64)
