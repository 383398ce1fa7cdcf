"""Find cells whose surroundings hold more than chance: Getis and Ord's local G, by permutation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from hotspot.analysis.detection.cells import cells_to_strings
from hotspot.analysis.detection.run import Run
from hotspot.analysis.evidence.cell_grid import CellGrid, Floats

_GRAIN_PARTS = (1, 2, 4, 10, 20, 100)
_MOST_STEPS = 20_000
_MOST_NEIGHBOURS = 127
_DRAWS = 99_999


def local_g(
    values: Floats, graph: sparse.csr_array[Any], *, star: bool = True, row_standard: bool = False
) -> Floats:
    """Return the standardised local G of each place.

    Parameters
    ----------
    values
        Values of all places, zeros included, shape (n,).
    graph
        Ones where two places are neighbours, shape (n, n); its diagonal is not read.
    star
        Whether a place counts among its own neighbours (Gi*).
    row_standard
        Whether each place's weights are made to sum to one, as esda does it: its variance then
        takes the sum of the weights where Ord and Getis take that of their squares (with squares,
        nothing would change). For comparing with published values only.

    Returns
    -------
    ndarray, shape (n,)
        Standard deviations from what is expected; NaN where nothing varies. Read as a normal score
        it is far too bold for sparse counts: see `surrounding_p`.

    Notes
    -----
    Getis, A. and Ord, J. K. (1992), Geographical Analysis 24(3); Ord and Getis (1995) 27(4).
    """
    n = len(values)
    weights = with_diagonal(graph, value=1.0 if star else 0.0)
    if row_standard:
        sums = np.asarray(weights.sum(axis=1)).ravel()
        weights = sparse.diags_array(1 / np.where(sums > 0, sums, 1)).tocsr() @ weights
    count = np.asarray(weights.sum(axis=1)).ravel()
    squares = np.asarray(weights.sum(axis=1)).ravel()  # ones are their own squares
    total, square_total = values.sum(), (values**2).sum()
    if star:
        size, mean = n, np.full(n, total / n)
        variance = square_total / n - mean**2
    else:
        size, mean = n - 1, (total - values) / (n - 1)
        variance = (square_total - values**2) / (n - 1) - mean**2
    spread = np.sqrt(np.clip(variance * (size * squares - count**2) / (size - 1), 0, None))
    with np.errstate(invalid="ignore", divide="ignore"):
        z: Floats = np.where(spread > 0, (weights @ values - count * mean) / spread, np.nan)
    return z


def with_diagonal(graph: sparse.csr_array[Any], value: float) -> sparse.csr_array[Any]:
    """Return the graph with one value on its whole diagonal."""
    kept = graph.tocoo()
    row, column = kept.coords
    beside = row != column
    n = graph.shape[0]
    at = np.arange(n)
    data = np.concatenate([kept.data[beside].astype(np.float64), np.full(n, value)])
    coords = (np.concatenate([row[beside], at]), np.concatenate([column[beside], at]))
    made = sparse.csr_array((data, coords), shape=graph.shape)
    made.eliminate_zeros()
    return made


def hot_cells(run: Run, ground: CellGrid, share: float = 0.05) -> pd.DataFrame:
    """Find the cells whose surroundings hold more than chance, false discovery controlled.

    Parameters
    ----------
    run
        A run; all of its cells are cells of the ground.
    ground
        All cells of the area, empty ones included.
    share
        Share of the cells found that may be false on average.

    Returns
    -------
    DataFrame
        One row an occupied cell: `cell` (H3 id as text), `weight`, `around` (weight within reach),
        `p` (one-sided, by permutation over all cells of the area) and `is_hot`.
    """
    occupied = ground.at(run.clustering.cells)
    values = np.zeros(len(ground))
    values[occupied] = run.cell_table["weight"].to_numpy()
    sums = ground.around(values, run.params.rings)
    p = surrounding_p(values, sums, ground.neighbours(run.params.rings))
    is_hot = false_discovery(p, share)
    return pd.DataFrame(
        {
            "cell": cells_to_strings(run.clustering.cells),
            "weight": values[occupied],
            "around": sums[occupied],
            "p": p[occupied],
            "is_hot": is_hot[occupied],
        }
    )


def surrounding_p(values: Floats, sums: Floats, sizes: NDArray[np.int64], seed: int = 0) -> Floats:
    """Return the one-sided permutation p of each place's surroundings, itself included (Gi*).

    The share of all ways to lay the values out over the places in which so many places as
    this one's surroundings hold as much or more.

    Parameters
    ----------
    values
        Values of all places of the area, zeros included, not negative, shape (n,).
    sums
        Value of each place's surroundings, itself included, shape (n,).
    sizes
        Places in each place's surroundings, itself included, shape (n,).
    seed
        Used only where the sums cannot be counted out.

    Returns
    -------
    ndarray, shape (n,)

    Notes
    -----
    That share depends only on how many places there are around one. Where the values are multiples
    of a simple part, it is counted out exactly (the multivariate hypergeometric law, by dynamic
    programming over the distinct values); otherwise 99,999 random layouts are drawn, and
    p = (1 + those that reach it) / 100,000.
    """
    parts = _parts_of(values)
    greatest = int(sizes.max(initial=0))
    steps = round(float(sums.max(initial=0)) * (parts or 1))
    p = np.ones(len(values))
    if parts and steps <= _MOST_STEPS and greatest <= _MOST_NEIGHBOURS:
        tails = _tails(np.rint(values * parts).astype(np.int64), greatest, steps)
        p[:] = tails[sizes, np.rint(sums * parts).astype(np.int64)]
        return p
    rng = np.random.default_rng(seed)
    for size in np.unique(sizes):
        drawn = np.sort(_sums_of_draws(values, int(size), rng))
        at = sizes == size
        reached = _DRAWS - np.searchsorted(drawn, sums[at] - 1e-9, side="left")
        p[at] = (1 + reached) / (1 + _DRAWS)
    return p


def _parts_of(values: Floats) -> int | None:
    """Return the smallest number of parts of one that all values are multiples of."""
    for parts in _GRAIN_PARTS:
        scaled = values * parts
        if np.abs(scaled - np.rint(scaled)).max(initial=0.0) < 1e-6:
            return parts
    return None


def _tails(values: NDArray[np.int64], greatest: int, steps: int) -> Floats:
    """Return P(sum >= s) of k values drawn without replacement, shape (greatest + 1, steps + 1).

    Coefficients of the product over the distinct values v of (sum over j of C(n_v, j) t^j z^(v j)),
    with t in units of 1/n so that no term overflows.
    """
    n = len(values)
    distinct, counts = np.unique(values, return_counts=True)
    ways = np.zeros((greatest + 1, steps + 1))
    ways[0, 0] = 1.0
    for value, count in zip(distinct.tolist(), counts.tolist(), strict=True):
        most = min(count, greatest)
        terms = _terms(count, most, n)
        longer = ways.copy()
        for j in range(1, most + 1):
            shift = value * j
            if shift > steps:
                break
            longer[j:, shift:] += terms[j] * ways[: greatest + 1 - j, : steps + 1 - shift]
        ways = longer
    every = _terms(n, greatest, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(every[:, None] > 0, ways / every[:, None], 0.0)
    below = np.cumsum(share, axis=1) - share
    tails: Floats = np.clip(1.0 - below, np.finfo(float).eps, 1.0)
    return tails


def _terms(count: int, most: int, n: int) -> Floats:
    """Return C(count, j) / n^j for j from 0 to `most`."""
    j = np.arange(1, most + 1)
    return np.concatenate([[1.0], np.cumprod((count - j + 1) / (j * n))])


def _sums_of_draws(values: Floats, size: int, rng: np.random.Generator) -> Floats:
    """Add up `size` values drawn without replacement, `_DRAWS` times."""
    n = len(values)
    filled = np.flatnonzero(values)
    among = rng.hypergeometric(len(filled), n - len(filled), size, _DRAWS)
    sums = np.zeros(_DRAWS)
    for count in np.unique(among[among > 0]):
        at = np.flatnonzero(among == count)
        order = rng.random((len(at), len(filled))) if len(filled) < 4 * count else None
        if order is not None:
            chosen = filled[np.argsort(order, axis=1)[:, :count]]
        else:
            chosen = filled[_distinct_draws(len(filled), int(count), len(at), rng)]
        sums[at] = values[chosen].sum(axis=1)
    return sums


def _distinct_draws(n: int, count: int, rows: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw `count` different numbers below n, in each of some rows."""
    drawn = rng.integers(0, n, (rows, count))
    while True:
        ordered = np.sort(drawn, axis=1)
        again = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
        if not again.any():
            return drawn
        drawn[again] = rng.integers(0, n, (int(again.sum()), count))


def false_discovery(p: Floats, share: float = 0.05) -> NDArray[np.bool_]:
    """Choose the p-values of which no more than a share are expected to be false.

    Notes
    -----
    Benjamini, Y. and Hochberg, Y. (1995), Journal of the Royal Statistical Society B 57(1); it
    holds for sums that overlap, which depend on each other positively (Benjamini and Yekutieli
    2001).
    """
    n = len(p)
    order = np.argsort(p, kind="stable")
    passes = np.flatnonzero(p[order] <= share * np.arange(1, n + 1) / n)
    chosen = np.zeros(n, dtype=bool)
    if len(passes):
        chosen[order[: passes[-1] + 1]] = True
    return chosen
