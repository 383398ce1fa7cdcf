"""Ask whether more was recorded at one premises than its surroundings explain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import binom, false_discovery_control, nbinom

from hotspot.analysis.surroundings.nearness import on_ground, without_snap_points

AT_M, RING_M, AROUND_M = 25.0, 100.0, 500.0
"""How near a record lies to be counted at premises; how far the ground around it, and the other
premises around it, reach."""
TIGHTEST_M = 25.0
"""Spread (standard deviation) of the tightest knot of records that is taken for chance."""
CORE_SHARE = 0.4
"""Share within `AT_M` of what such a knot has within `RING_M`, around its very middle: 0.393."""
LEAST, SHARE_FALSE = 3, 0.05
_FEWEST_NEIGHBOURS = 5


def own_events(events: pl.DataFrame, premises: pd.DataFrame) -> pd.DataFrame:
    """Count what was recorded at each premises beside what its neighbours make one expect.

    Parameters
    ----------
    events
        `lng`, `lat` (WGS84 degrees), optionally `child` and `precision`. Each child counts once at
        a premises; records without a child count each.
    premises
        `lng`, `lat`.

    Returns
    -------
    DataFrame
        The premises' columns with `here` (within `AT_M`), `neighbours` (other premises within
        `AROUND_M`), `expected` (the greater of what the neighbours have and what the tightest knot
        around would have), `p` (one-sided, the greater of the two; null with fewer than five
        neighbours), and `stands_out` (`LEAST` or more; where nothing is at any premises, at most 5
        in 100 months have a mark).

    Notes
    -----
    Neither what the other premises around have, nor how records lie within `RING_M`, may explain
    the count. The count of a place is taken as Poisson, its rate as one drawn from those of the
    neighbours: a gamma with their sum and number, after one place's worth of the whole area's
    mean. The count to be expected then is negative binomial, so that few neighbours make a wide
    guess (Gelman and others, Bayesian Data Analysis, section 2.6). Records also lie in knots that
    are no premises: a corner, a bus shelter. Of what a normal knot of `TIGHTEST_M` has within
    `RING_M`, `CORE_SHARE` lies within `AT_M` of its middle, more than of a wider one or of a
    street; the count given all within `RING_M` is binomial with that share. A tighter knot beside
    premises cannot be told from them. False marks are controlled after Benjamini and Hochberg
    (1995) over those that have enough within `RING_M` to stand out at all (Tarone 1990). It says
    nothing about what happened there, and nothing of a business: it asks a person to look.
    """
    kept = without_snap_points(events)
    if premises.empty:
        return premises.assign(here=0, neighbours=0, expected=0.0, p=np.nan, stands_out=False)
    if kept.is_empty():
        return premises.assign(here=0, neighbours=0, expected=0.0, p=1.0, stands_out=False)
    at, of = on_ground(premises, kept)
    here = _counted(at, of, kept)
    mean = float(here.mean())
    sums, sizes = _of_neighbours(at, here)
    ring = _in_ring(at, of)
    by_neighbours = _beyond(here, sums + mean, sizes + 1.0)
    by_core = binom.sf(here - 1, here + ring, CORE_SHARE)
    p = np.where(sizes >= _FEWEST_NEIGHBOURS, np.maximum(by_neighbours, by_core), np.nan)
    expected = np.maximum((sums + mean) / (sizes + 1.0), ring * CORE_SHARE / (1 - CORE_SHARE))
    can_stand_out = ~np.isnan(p) & _can_stand_out(here + ring)
    adjusted = np.ones(len(p))
    if can_stand_out.any():
        adjusted[can_stand_out] = false_discovery_control(p[can_stand_out])
    return premises.assign(
        here=here,
        neighbours=sizes.astype(int),
        expected=expected,
        p=p,
        stands_out=(here >= LEAST) & (adjusted <= SHARE_FALSE),
    )


def _can_stand_out(around: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which premises have enough records around for the least p that they could have.

    The number of these is what a mark is adjusted for: of the ranks k, the first at which no more
    than k premises could have a p of `SHARE_FALSE` / k (Tarone 1990, Biometrics 46).
    """
    least = np.sort(CORE_SHARE**around)
    ranks = np.arange(1, len(least) + 1)
    could = np.searchsorted(least, SHARE_FALSE / ranks, side="right")
    fits = ranks[could <= ranks]
    return np.asarray(CORE_SHARE**around <= SHARE_FALSE / fits[0], dtype=np.bool_)


def _of_neighbours(
    at: NDArray[np.float64], here: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add up the counts of the premises around each, and how many they are."""
    tree = cKDTree(at)
    sums, sizes = np.zeros(len(at)), np.zeros(len(at))
    for number, around in enumerate(tree.query_ball_point(at, AROUND_M)):
        apart = np.hypot(*(at[around] - at[number]).T) > AT_M  # what shares its pin is no neighbour
        others = np.asarray(around)[apart]
        sums[number], sizes[number] = here[others].sum(), len(others)
    return sums, sizes


def _in_ring(at: NDArray[np.float64], of: NDArray[np.float64]) -> NDArray[np.float64]:
    """Count the records around each premises that are not at it, each as often as it is there.

    That makes one expect more of them, not fewer.
    """
    tree = cKDTree(of)
    wide = tree.query_ball_point(at, RING_M, return_length=True)
    return np.asarray(wide - tree.query_ball_point(at, AT_M, return_length=True), dtype=np.float64)


def _beyond(
    here: NDArray[np.int64], shape: NDArray[np.float64], size: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    """Return the chance of as many or more, where the rate is one drawn from a gamma."""
    share = np.asarray(size) / (np.asarray(size) + 1.0)
    return np.asarray(nbinom.sf(here - 1, np.maximum(shape, 1e-9), share), dtype=np.float64)


def _counted(
    at: NDArray[np.float64], of: NDArray[np.float64], events: pl.DataFrame
) -> NDArray[np.int64]:
    """Count distinct children and records without a child at each place."""
    children = events["child"].to_list() if "child" in events.columns else [None] * events.height
    own = [f"#{number}" if child is None else child for number, child in enumerate(children)]
    near = np.asarray(cKDTree(of).query_ball_point(at, AT_M), dtype=object)
    return np.array([len({own[n] for n in neighbours}) for neighbours in near], dtype=np.int64)
