"""Ask of each hotspot how often chance alone would have made one as strong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspot.analysis.detection.clusters import GRAIN, NOISE, cluster_cells
from hotspot.analysis.detection.run import Run
from hotspot.analysis.detection.stability import NOBODY, enough_children
from hotspot.analysis.evidence.cell_grid import CellGrid, Floats, Numbers
from hotspot.params import Params

SIMULATIONS = 999
_WORKERS = 2


@dataclass(frozen=True)
class Judgement:
    """How the hotspots of a run compare with chance.

    Attributes
    ----------
    table
        One row a hotspot: `key`, `weight`, `expected` (weight under the baseline), `ratio`,
        `statistic` (Poisson log-likelihood ratio) and `p`.
    baseline
        What the records were compared with, in words.
    simulations, seed
        How many there were, and what fixes them.
    chance_share
        Share of the simulations in which the detection found any hotspot at all.
    """

    table: pd.DataFrame
    baseline: str
    simulations: int
    seed: int
    chance_share: float


@dataclass(frozen=True, eq=False)
class _Sets:
    """What moves together: one set a child, and one a record without a child.

    Attributes
    ----------
    cell, weight, of
        Of each part: number of its cell, weight, and number of its set; parts of children first.
    anchor
        Cell of one part of each set.
    children
        How many of the sets are children.
    """

    cell: Numbers
    weight: Floats
    of: Numbers
    anchor: Numbers
    children: int


def judge(
    run: Run,
    ground: CellGrid,
    baseline: NDArray[np.int64] | None = None,
    *,
    name: str = "an even spread over the area",
    simulations: int = SIMULATIONS,
    seed: int = 1,
) -> Judgement:
    """Return a Monte Carlo p of each hotspot of a run, by detecting again in simulated records.

    Parameters
    ----------
    run
        A run; all of its cells are cells of the ground.
    ground
        All cells of the area at the run's resolution.
    baseline
        Events of the baseline in each cell, shape (n,); `None` for an even spread.
    name
        What the baseline is, in words.

    Returns
    -------
    Judgement
        p = (1 + simulations that reach the hotspot) / (1 + simulations), where a simulation is as
        strong as its strongest hotspot: with no hotspot in truth, the share of months in which any
        one has p <= 0.05 is at most 0.05, however many there are.

    Notes
    -----
    The scan statistic of Kulldorff (1997), Communications in Statistics 26(6), over the clusters
    that the detection finds. Each child's records move as one set, keeping their distances, and
    each record without a child alone. Against a baseline of events, the places of sets are dealt
    out anew among baseline and sets together (random labelling; Diggle 2003), which is exact where
    both are draws from one density; otherwise each cell of the ground is as likely as another.
    """
    sets = _sets_of(run, ground, np.random.default_rng([seed, 0]))
    pool, share = _pool_of(sets, baseline, len(ground))
    total = float(sets.weight.sum())

    def simulate(number: int) -> float:
        rng = np.random.default_rng([seed, 1, number])
        if pool is None:
            to = rng.integers(0, len(ground), len(sets.anchor))
        else:
            to = rng.choice(pool, len(sets.anchor), replace=False)
        return _strongest(
            sets,
            ground.moved(sets.cell, sets.anchor[sets.of], to[sets.of]),
            ground,
            share,
            run.params,
        )

    with ThreadPoolExecutor(_WORKERS) as workers:
        strongest = np.fromiter(workers.map(simulate, range(simulations)), np.float64, simulations)
    rows = []
    for key, label, weight in zip(
        run.hotspots["key"], run.hotspots["label"], run.hotspots["weight"], strict=True
    ):
        cells = run.clustering.cells[run.clustering.labels == label]
        expected = total * float(share[ground.at(cells)].sum())
        statistic = float(_ratio(np.array([weight]), np.array([expected]), total)[0])
        p = (1 + int((strongest >= statistic - GRAIN).sum())) / (1 + simulations)
        rows.append((key, weight, expected, weight / expected, statistic, p))
    columns = ["key", "weight", "expected", "ratio", "statistic", "p"]
    table = pd.DataFrame(rows, columns=columns)
    return Judgement(table, name, simulations, seed, float((strongest > 0).mean()))


def _sets_of(run: Run, ground: CellGrid, rng: np.random.Generator) -> _Sets:
    """Part the weighted records of a run into what moves together."""
    table = run.weighted.sort(*(c for c in ("cell", "child", "day") if c in run.weighted.columns))
    number = ground.at(table["cell"].to_numpy())
    weight, events = table["weight"].to_numpy(), table["events"].to_numpy()
    if "child" in table.columns:
        child = table["child"].rank("dense").fill_null(0).to_numpy().astype(np.int64) - 1
    else:
        child = np.full(len(number), -1, dtype=np.int64)
    known, alone = (child >= 0) & (weight > 0), (child < 0) & (weight > 0)
    seen, of = np.unique(child[known], return_inverse=True)
    order = np.lexsort((rng.random(len(of)), of))
    _, first = np.unique(of[order], return_index=True)
    times = events[alone]
    lone_cell = np.repeat(number[alone], times)
    return _Sets(
        cell=np.concatenate([number[known], lone_cell]),
        weight=np.concatenate([weight[known], np.repeat(weight[alone] / times, times)]),
        of=np.concatenate([of, len(seen) + np.arange(len(lone_cell))]).astype(np.int64),
        anchor=np.concatenate([number[known][order[first]], lone_cell]),
        children=len(seen),
    )


def _pool_of(
    sets: _Sets, baseline: NDArray[np.int64] | None, size: int
) -> tuple[Numbers | None, Floats]:
    """Return the places that can be dealt out (`None`: all cells alike), and each cell's share."""
    if baseline is None:
        return None, np.full(size, 1 / size)
    both = baseline + np.bincount(sets.anchor, minlength=size)
    return np.repeat(np.arange(size), both), both / both.sum()


def _strongest(
    sets: _Sets, cell: Numbers, ground: CellGrid, share: Floats, params: Params
) -> float:
    """Detect hotspots in moved sets and give the statistic of the strongest; 0 without any."""
    weights = _sums(cell, sets.weight, len(ground))
    core = (weights > 0) & (ground.around(weights, params.rings) >= params.min_weight - GRAIN / 2)
    if not core.any():
        return 0.0
    near = np.flatnonzero(
        (weights > 0) & (ground.around(core.astype(np.float64), 2 * params.rings) > 0)
        if 2 * params.rings <= 12
        else weights > 0
    )
    clustering = cluster_cells(ground.cells[near], weights[near], params.rings, params.min_weight)
    labels = np.full(len(ground), NOISE, dtype=np.int64)
    labels[near] = clustering.labels
    own = labels[cell]
    child = np.where(sets.of < sets.children, sets.of, NOBODY)
    accepted = enough_children(own, child, sets.weight, params)
    if not accepted.any():
        return 0.0
    inside, size = own != NOISE, len(accepted)
    observed = _sums(own[inside], sets.weight[inside], size)
    member = labels != NOISE
    total = float(sets.weight.sum())
    expected = total * _sums(labels[member], share[member], size)
    return float(_ratio(observed[accepted], expected[accepted], total).max())


def _sums(at: Numbers, weights: Floats, size: int) -> Floats:
    return np.bincount(at, weights=weights, minlength=size).astype(np.float64)


def _ratio(observed: Floats, expected: Floats, total: float) -> Floats:
    """Return the Poisson log-likelihood ratio, 0 where no more was observed than expected."""
    rest, others = np.maximum(total - observed, 0.0), np.maximum(total - expected, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = observed * np.log(observed / expected)
        outer = np.where(rest > 0, rest * np.log(rest / others), 0.0)
    return np.where(observed > expected, inner + outer, 0.0)
