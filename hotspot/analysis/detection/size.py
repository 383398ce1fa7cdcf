"""Tell when a threshold is too low for the volume, offer others, and split a hotspot."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import h3
import numpy as np
import pandas as pd
import shapely

from hotspot.analysis.detection.cells import cells_to_strings
from hotspot.analysis.detection.clusters import NOISE, cluster_cells
from hotspot.analysis.detection.run import Run
from hotspot.params import FORCE_RECORDS, STREET_CRIME_A_MONTH

MOST_SHARE, MOST_SPAN_M = 0.2, 2000.0
"""Share of all records, and greatest distance across, above which a hotspot is no place."""
_LEAST_RECORDS = 200
"""Records below which the share of one hotspot tells nothing of the threshold."""
_STEP = 1.15
_YEAR_DAYS = 365


def size_cautions(run: Run) -> list[str]:
    """Say which hotspots are too large to be one place, and a threshold of another length of time.

    Returns
    -------
    list of str
        One sentence or two for each; none where all is well.
    """
    said = []
    for key, share, span in _sizes(run):
        parts = [f"holds {share:.0%} of all records"] if share > MOST_SHARE else []
        parts += [f"is {span / 1000:.1f} km across"] if span > MOST_SPAN_M else []
        if parts:
            said.append(
                f"{key} {' and '.join(parts)}: too large to be one place. Split it, or raise the "
                "minimum weight."
            )
    return said + _period_caution(run)


def span_m(cells: list[str]) -> float:
    """Return the greatest distance between the middles of some cells, in metres."""
    points = shapely.MultiPoint([h3.cell_to_latlng(cell) for cell in cells])
    corners = list(shapely.get_coordinates(points.convex_hull))
    pairs = combinations(corners, 2)
    return max(
        (h3.great_circle_distance(tuple(a), tuple(b), unit="m") for a, b in pairs), default=0.0
    )


def _sizes(run: Run) -> list[tuple[str, float, float]]:
    """Return key, share of all records and span in metres of each hotspot."""
    total = int(run.cell_table["events"].sum()) if run.cell_table.height else 0
    is_enough = total >= _LEAST_RECORDS
    return [
        (str(key), events / total if is_enough else 0.0, span_m(list(cells)))
        for key, events, cells in zip(
            run.hotspots["key"], run.hotspots["events"], run.hotspots["cells"], strict=True
        )
    ]


def _period_caution(run: Run) -> list[str]:
    """Say that a minimum weight is meant for a longer time than the run's."""
    params, meant = run.params, _months_meant(run)
    if params.start is None or params.end is None or not meant:
        return []
    days = (params.end - params.start).days + 1
    meant_days = meant * _YEAR_DAYS / 12
    if days > meant_days / 2:
        return []
    same = max(params.min_weight * days / meant_days, 1)
    months = "twelve months" if meant == 12 else f"{meant} months"
    said = (
        f"A minimum weight of {params.min_weight:g} is meant for {months}. For these {days} days "
        f"the same rate would be {same:.1f}; so few records tell little."
    )
    return [said]


def _months_meant(run: Run) -> int:
    """Return the months that a run's minimum weight is the default of; 0 for one's own."""
    weight = run.params.min_weight
    if not run.approximate:
        return 12 if weight == FORCE_RECORDS.min_weight else 0
    months = weight / STREET_CRIME_A_MONTH
    return int(months) if months == int(months) and months <= 12 else 0


@dataclass(frozen=True)
class Threshold:
    """A minimum weight that the data suggest.

    Attributes
    ----------
    min_weight
        The weight.
    why
        By what it was found, in words.
    """

    min_weight: float
    why: str


def thresholds(run: Run) -> list[Threshold]:
    """Offer minimum weights from the data.

    Returns
    -------
    list of Threshold
        Where the curve of neighbourhood weights bends (a k-distance curve: Ester and others 1996),
        and, from the run's own up, the first at which no cluster holds a fifth of the records or is
        2 km across. None where there are no cells.
    """
    weights = np.sort(run.clustering.neighbourhood_weight)[::-1]
    if len(weights) < 3 or weights[0] <= weights[-1]:
        return []
    across = np.linspace(0, 1, len(weights))
    fallen = (weights - weights[-1]) / (weights[0] - weights[-1])
    bend = float(np.ceil(weights[int(np.argmax(1 - across - fallen))]))
    offered = [Threshold(bend, "where the curve of what lies within reach of each cell bends")]
    small = _small_enough(run)
    if small is not None:
        why = (
            "from yours up, the first at which nothing holds a fifth of the records or is 2 km "
            "across"
        )
        offered.append(Threshold(small, why))
    return offered


def weight_curve(run: Run, most: int = 400) -> pd.DataFrame:
    """Return what lies within reach of each cell, the greatest first, thinned evenly by rank.

    Returns
    -------
    DataFrame
        `cells` (how many have as much or more) and `weight`.
    """
    weights = np.sort(run.clustering.neighbourhood_weight)[::-1]
    if not len(weights):
        return pd.DataFrame({"cells": [], "weight": []})
    at = np.unique(np.linspace(0, len(weights) - 1, most).astype(int))
    return pd.DataFrame({"cells": at + 1, "weight": weights[at]})


def _small_enough(run: Run) -> float | None:
    """Raise the threshold until no cluster is too large; None where it never is."""
    cells, table = run.clustering.cells, run.cell_table
    weights, events = table["weight"].to_numpy(), table["events"].to_numpy()
    is_enough, weight = events.sum() >= _LEAST_RECORDS, run.params.min_weight
    while weight <= run.clustering.neighbourhood_weight.max():
        labels = cluster_cells(cells, weights, run.params.rings, weight).labels
        held = np.bincount(labels[labels != NOISE], weights=events[labels != NOISE], minlength=1)
        is_large = is_enough and held.max() > MOST_SHARE * events.sum()
        spans = (span_m(cells_to_strings(cells[labels == n])) for n in range(labels.max() + 1))
        if not is_large and all(span <= MOST_SPAN_M for span in spans):
            return float(weight)
        weight = float(np.ceil(weight * _STEP))
    return None


def cores_of(run: Run, key: str) -> pd.DataFrame:
    """Split a hotspot into the cores inside it, by a rising threshold over its own cells.

    Returns
    -------
    DataFrame
        One row a core, the heaviest first: `core` (H-01a, H-01b ...), `cells` (H3 ids), `weight`,
        `events`, `area_share` (of the hotspot's cells) and `min_weight`, the threshold that parts
        them: the one at which most cores reach the run's minimum weight. One row where nothing
        parts it.
    """
    label = int(run.hotspot(key)["label"].iloc[0])
    inside = run.clustering.labels == label
    cells = run.clustering.cells[inside]
    weights = run.cell_table["weight"].to_numpy()[inside]
    events = run.cell_table["events"].to_numpy()[inside]
    best, parted_by = np.zeros(len(cells), dtype=np.int64), run.params.min_weight
    weight = run.params.min_weight
    while weight <= run.clustering.neighbourhood_weight[inside].max():
        labels = cluster_cells(cells, weights, run.params.rings, weight).labels
        if _heavy(labels, weights, run.params.min_weight) > _heavy(best, weights, 0.0):
            best, parted_by = labels, weight
        weight = float(np.ceil(weight * _STEP))
    rows: list[dict[str, object]] = []
    for number in range(int(best.max()) + 1):
        own = best == number
        if weights[own].sum() >= run.params.min_weight or best.max() == 0:
            rows.append(
                {
                    "core": f"{key}{chr(ord('a') + len(rows) % 26)}",
                    "cells": cells_to_strings(cells[own]),
                    "weight": float(weights[own].sum()),
                    "events": int(events[own].sum()),
                    "area_share": float(own.mean()),
                    "min_weight": parted_by,
                }
            )
    return pd.DataFrame(rows)


def _heavy(labels: np.ndarray, weights: np.ndarray, least: float) -> int:
    """Count the clusters that weigh as much as a hotspot must."""
    member = labels != NOISE
    if not member.any():
        return 0
    return int((np.bincount(labels[member], weights=weights[member]) >= least).sum())
