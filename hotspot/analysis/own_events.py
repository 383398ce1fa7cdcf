"""Ask whether more was recorded at one premises than its surroundings explain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import false_discovery_control, nbinom

from hotspot.analysis.nearness import on_ground, usable_events

AT_M, AROUND_M = 25.0, 500.0
"""How near a record lies to be counted at premises, and how far the surroundings reach."""
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
        `AROUND_M`), `expected` (mean of the neighbours), `p` (one-sided; null with fewer than five
        neighbours), and `stands_out` (`LEAST` or more, with at most 5 % of such marks false).

    Notes
    -----
    The count of a place is taken as Poisson, its rate as one drawn from those of the neighbours:
    a gamma with their sum and number, after one neighbour's worth of the whole area's mean. The
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
    tree, mean = cKDTree(at), float(here.mean())
    sums, sizes = np.zeros(len(at)), np.zeros(len(at))
    for number, around in enumerate(tree.query_ball_point(at, AROUND_M)):
        apart = np.hypot(*(at[around] - at[number]).T) > AT_M  # what shares its pin is no neighbour
        others = np.asarray(around)[apart]
        sums[number], sizes[number] = here[others].sum(), len(others)
    shape, size = sums + mean, sizes + 1.0
    p = nbinom.sf(here - 1, np.maximum(shape, 1e-9), size / (size + 1.0))
    p = np.where(sizes >= _FEWEST_NEIGHBOURS, p, np.nan)
    known = ~np.isnan(p)
    adjusted = np.ones(len(p))
    if known.any():
        adjusted[known] = false_discovery_control(p[known])
    return premises.assign(
        here=here, neighbours=sizes.astype(int), expected=shape / size, p=p,
        stands_out=(here >= LEAST) & (adjusted <= SHARE_FALSE),
    )  # fmt: skip


def _counted(
    at: NDArray[np.float64], of: NDArray[np.float64], events: pl.DataFrame
) -> NDArray[np.int64]:
    """Count distinct children and records without a child at each place."""
    children = events["child"].to_list() if "child" in events.columns else [None] * events.height
    own = [f"#{number}" if child is None else child for number, child in enumerate(children)]
    near = cKDTree(of).query_ball_point(at, AT_M)
    return np.array([len({own[n] for n in found}) for found in near], dtype=np.int64)
