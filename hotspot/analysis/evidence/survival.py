"""See in how many other settings, grids and samples each hotspot is found again."""

from __future__ import annotations

import math
from dataclasses import dataclass

import h3
import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from hotspot.analysis.detection.cells import add_cells, centres, neighbourhood_weights, reach_m
from hotspot.analysis.detection.clusters import NOISE, cluster_cells
from hotspot.analysis.detection.pipeline import detect
from hotspot.analysis.detection.run import Run
from hotspot.analysis.detection.stability import NOBODY, enough_children
from hotspot.params import Params
from hotspot.schema import RECORD_CELL, how_many


@dataclass(frozen=True)
class Survival:
    """In how many of the settings tried each hotspot of a run is found again.

    Attributes
    ----------
    table
        One row a hotspot: `key`, `settings` and `shifts` (in how many of each it held), `tried`,
        `held` (both together) and `bootstrap` (share of the resampled records).
    settings
        The settings tried, in words.
    shifts, resamples, seed
        How many grids were moved, how often the children were drawn anew, and what fixes both.
    """

    table: pd.DataFrame
    settings: tuple[str, ...]
    shifts: int
    resamples: int
    seed: int


def badge(held: int, tried: int) -> str:
    """Say in plain words how firmly a hotspot stands."""
    return f"Held in {held} of {tried} settings tried; not a probability that abuse happens here."


def settings_around(params: Params) -> list[Params]:
    """Return the settings beside those of a run: one ring less and more, a fifth less and more."""
    rings = [k for k in (params.rings - 1, params.rings, params.rings + 1) if 1 <= k <= 12]
    weights = [params.min_weight * factor for factor in (0.8, 1.0, 1.25)]
    every = [params.replace(rings=k, min_weight=w) for k in rings for w in weights]
    return [one for one in every if one != params]


def resampled_share(run: Run, resamples: int = 100, seed: int = 1) -> dict[str, float]:
    """Return the share of resampled records in which each hotspot is found again (bootstrap).

    Children are drawn with replacement, each with all of its records, and records without a child
    one by one.

    Notes
    -----
    Efron, B. (1979), Bootstrap methods: another look at the jackknife, Annals of Statistics 7(1).
    """
    sample = _sample_of(run)
    cells, weights = run.clustering.cells, run.cell_table["weight"].to_numpy()
    kept = np.zeros(len(run.hotspots))
    for turn in range(resamples):
        weight = sample.weight * sample.drawn(np.random.default_rng([seed, turn]))
        total = np.bincount(sample.at, weights=weight, minlength=len(cells)).astype(np.float64)
        some = np.flatnonzero(total > 0)
        clusters = cluster_cells(cells[some], total[some], run.params.rings, run.params.min_weight)
        labels = np.full(len(cells), NOISE, dtype=np.int64)
        labels[some] = clusters.labels
        kept += _held(run, sample.accepted(labels, weight, run.params), weights)
    shares = kept / max(resamples, 1)
    return dict(zip(run.hotspots["key"], shares.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class _Sample:
    """The weighted records of a run, those of children first.

    Attributes
    ----------
    at, weight, events
        Of each row: number of its cell, weight and records.
    of
        Number of the child of each of the first rows.
    """

    at: NDArray[np.int64]
    weight: NDArray[np.float64]
    events: NDArray[np.int64]
    of: NDArray[np.int64]

    @property
    def children(self) -> int:
        return int(self.of.max(initial=-1)) + 1

    def drawn(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """Say how often each row is in one resample."""
        children = self.children
        times = np.bincount(rng.integers(0, max(children, 1), children), minlength=children)
        lone = self.events[len(self.of) :]
        if not len(lone):
            return times[self.of].astype(np.float64)
        again = rng.multinomial(int(lone.sum()), lone / lone.sum()) / lone
        return np.concatenate([times[self.of], again])

    def accepted(
        self, labels: NDArray[np.int64], weight: NDArray[np.float64], params: Params
    ) -> NDArray[np.int64]:
        """Drop the clusters with too few children, as the detection does."""
        lone = np.full(len(self.at) - len(self.of), NOBODY)
        good = enough_children(labels[self.at], np.concatenate([self.of, lone]), weight, params)
        good = np.append(good, False)
        return np.where(good[labels], labels, NOISE)


def _sample_of(run: Run) -> _Sample:
    has_child = "child" in run.weighted.columns
    order = [name for name in ("cell", "child", "day") if name in run.weighted.columns]
    table = run.weighted.sort(order).filter(pl.col("weight") > 0)
    known = table.filter(pl.col("child").is_not_null()) if has_child else table.clear()
    lone = table.filter(pl.col("child").is_null()) if has_child else table
    both = pl.concat([known, lone])
    of = known["child"].rank("dense").to_numpy() if has_child else np.array([], dtype=np.int64)
    return _Sample(
        np.searchsorted(run.clustering.cells, both["cell"].to_numpy()),
        both["weight"].to_numpy(),
        both["events"].to_numpy().astype(np.int64),
        of.astype(np.int64) - 1,
    )


def survival(
    points: pl.DataFrame, run: Run, shifts: int = 12, resamples: int = 100, seed: int = 1
) -> Survival:
    """Try other settings and moved grids, and see in how many each hotspot is found again.

    Parameters
    ----------
    points
        The records that the run counted (`counts.select_used`), with `lng`, `lat` and `cell`.
    run
        The run.
    shifts
        How many grids to move: all points by the same random offset of less than one cell.

    Returns
    -------
    Survival
        A hotspot is found again where one hotspot of the other run holds half or more of the
        hotspot's weight.
    """
    kept = np.zeros(len(run.hotspots), dtype=np.int64)
    weights = run.cell_table["weight"].to_numpy()
    around = settings_around(run.params)
    for params in around:
        other = detect(points, params, approximate=run.approximate)
        labels = _hotspot_labels(other)
        kept += _held(run, labels, weights)
    moved_kept = np.zeros_like(kept)
    for turn in range(shifts):
        rng = np.random.default_rng([seed, turn])
        moved_kept += _held_when_moved(points, run, rng.uniform(-0.5, 0.5, 2))
    resampled = resampled_share(run, resamples, seed)
    table = pd.DataFrame(
        {
            "key": run.hotspots["key"],
            "settings": kept,
            "shifts": moved_kept,
            "held": kept + moved_kept,
            "tried": len(around) + shifts,
            "bootstrap": [resampled[key] for key in run.hotspots["key"]],
        }
    )
    words = tuple(f"{how_many(p.rings, 'ring')}, minimum weight {p.min_weight:g}" for p in around)
    return Survival(table, words, shifts, resamples, seed)


def reach_curve(run: Run, most_rings: int = 6) -> pd.DataFrame:
    """Return the share of weight in core cells at each reach, for choosing one (k-distance).

    Returns
    -------
    DataFrame
        `rings`, `reach_m` and `share` of the weight that lies in cells whose surroundings reach
        the minimum weight: where the curve bends, a wider reach only joins what lies between.
    """
    cells, weights = run.clustering.cells, run.cell_table["weight"].to_numpy()
    rows = []
    if len(cells):
        lat, lng = centres(cells[len(cells) // 2 : len(cells) // 2 + 1])
        for rings in range(1, most_rings + 1):
            core = neighbourhood_weights(cells, weights, rings) >= run.params.min_weight
            metres = reach_m(rings, run.params.resolution, float(lat[0]), float(lng[0]))
            rows.append((rings, metres, float(weights[core].sum() / weights.sum())))
    return pd.DataFrame(rows, columns=["rings", "reach_m", "share"])


def _hotspot_labels(run: Run) -> NDArray[np.int64]:
    """Return the label of each cell's hotspot, -1 where it is in none."""
    labels = run.clustering.labels
    return np.where(np.isin(labels, run.hotspots["label"].to_numpy()), labels, NOISE)


def _held(run: Run, other: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Tell which hotspots keep half of their weight or more in one cluster of other labels."""
    held = []
    for label in run.hotspots["label"]:
        inside = run.clustering.labels == label
        again = other[inside]
        is_clustered = again != NOISE
        most = np.bincount(again[is_clustered], weights=weights[inside][is_clustered]).max(
            initial=0.0
        )
        held.append(most >= 0.5 * weights[inside].sum())
    return np.array(held, dtype=np.int64)


def _held_when_moved(
    points: pl.DataFrame, run: Run, offset: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Move all points by part of a cell, detect again, and tell which hotspots held."""
    lat = float(points["lat"].median() or 0.0)  # type: ignore[arg-type]
    across = math.sqrt(h3.average_hexagon_area(run.params.resolution, unit="m^2"))
    up = offset[1] * across / 111_320
    right = offset[0] * across / (111_320 * math.cos(math.radians(lat)))
    moved = points.drop([c for c in (RECORD_CELL, "cell") if c in points.columns]).with_columns(
        lng=pl.col("lng") + right, lat=pl.col("lat") + up
    )
    other = detect(moved, run.params, approximate=run.approximate)
    cells = add_cells(moved.select("lng", "lat"), run.params.resolution)["cell"].to_numpy()
    label_of = _hotspot_labels(other)[np.searchsorted(other.clustering.cells, cells)]
    own = run.clustering.labels[np.searchsorted(run.clustering.cells, points["cell"].to_numpy())]
    held = []
    for label in run.hotspots["label"]:
        again = label_of[own == label]
        most = np.bincount(again[again != NOISE]).max(initial=0)
        held.append(most >= 0.5 * len(again))
    return np.array(held, dtype=np.int64)
