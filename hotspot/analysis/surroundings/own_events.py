"""Ask whether more was recorded at one premises than its surroundings explain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import false_discovery_control, nbinom

from hotspot.analysis.surroundings.nearness import on_ground, usable_events

AT_M, RING_M, AROUND_M = 25.0, 100.0, 500.0
"""How near a record lies to be counted at premises; how far the ground around it, and the other
premises around it, reach."""
_RING_SHARE = (RING_M**2 - AT_M**2) / AT_M**2
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
        `AROUND_M`), `expected` (the greater of what the neighbours have and what the ground
        around has on as much of it), `p` (one-sided, the greater of the two; null with fewer than
        five neighbours), and `stands_out` (`LEAST` or more, with at most 5 % of such marks false).

    Notes
    -----
    Neither what the other premises around have, nor how much lies on the ground within `RING_M`,
    may explain the count: else every premises in the middle of a hotspot would stand out. The count
    of a place is taken as Poisson, its rate as one drawn from those of the surroundings: a gamma
    with their sum and number, after one place's worth of the whole area's mean. The
    count to be expected then is negative binomial, so that few neighbours make a wide guess
    (Gelman and others, Bayesian Data Analysis, section 2.6). False marks are controlled after
    Benjamini and Hochberg (1995). It says nothing about what happened there, and nothing of a
    business: it asks a person to look.
    """
    kept, _, _ = usable_events(events)
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
    by_ground = _beyond(here, ring + mean, _RING_SHARE + 1.0)
    p = np.where(sizes >= _FEWEST_NEIGHBOURS, np.maximum(by_neighbours, by_ground), np.nan)
    expected = np.maximum((sums + mean) / (sizes + 1.0), (ring + mean) / (_RING_SHARE + 1.0))
    known = ~np.isnan(p)
    adjusted = np.ones(len(p))
    if known.any():
        adjusted[known] = false_discovery_control(p[known])
    return premises.assign(
        here=here,
        neighbours=sizes.astype(int),
        expected=expected,
        p=p,
        stands_out=(here >= LEAST) & (adjusted <= SHARE_FALSE),
    )


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
    """Count the records around each premises that are not at it; a child as often as it is there.

    That makes one expect more, not less.
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
