"""Ask how many children a cluster rests on, and whether it would be there without one of them."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from hotspot.analysis.detection.clusters import GRAIN, NOISE, Clustering
from hotspot.params import Params

NOBODY = -1
"""Stands for the child of a record without one."""


def single_child_clusters(
    clustering: Clustering, weighted: pl.DataFrame, min_weight: float
) -> NDArray[np.int64]:
    """Find the clusters that dissolve when some one child is left out.

    Parameters
    ----------
    clustering
        Labelled cells.
    weighted
        The weighted tally with `cell`, `child` and `weight`.
    min_weight
        As in `hotspot.Params`.

    Returns
    -------
    ndarray of int64
        Ascending labels of the clusters in which no core cell would remain.
    """
    core_at = clustering.core_at
    without = (clustering.graph @ _weight_by_child(clustering, weighted)).tocoo()
    row, child = without.coords
    weakened = clustering.neighbourhood_weight[core_at][row] - without.data
    lost = weakened < min_weight - GRAIN / 2
    labels = clustering.labels[core_at]
    core_cells = np.bincount(labels) if len(labels) else np.array([], dtype=np.int64)
    pairs = np.column_stack([labels[row[lost]], child[lost]])
    distinct, cores_lost = np.unique(pairs, axis=0, return_counts=True)
    dissolved = cores_lost == core_cells[distinct[:, 0]]
    return np.unique(distinct[dissolved, 0])


def enough_children(
    own: NDArray[np.int64],
    child: NDArray[np.int64],
    weight: NDArray[np.float64],
    params: Params,
) -> NDArray[np.bool_]:
    """Tell which clusters have enough distinct children, or weight without any child.

    Parameters
    ----------
    own, child, weight
        Of each part of the records: label of its cluster (-1 for noise), number of its child
        (`NOBODY` without one), and weight. Shape (n,).

    Returns
    -------
    ndarray of bool
        By label. All have enough where no child is known at all.
    """
    size, width = int(own.max(initial=NOISE)) + 1, int(child.max(initial=NOBODY)) + 1
    if not width:
        return np.ones(size, dtype=bool)
    inside = (own != NOISE) & (weight > 0)
    known, lone = inside & (child != NOBODY), inside & (child == NOBODY)
    pairs = np.unique(own[known] * width + child[known])
    distinct = np.bincount(pairs // width, minlength=size)
    carried = np.bincount(own[lone], weights=weight[lone], minlength=size)
    return (distinct >= params.min_children) | (carried >= params.min_weight - GRAIN / 2)


def _weight_by_child(clustering: Clustering, weighted: pl.DataFrame) -> sparse.csr_array:
    """Build the matrix cells x children of weights."""
    known = weighted.filter(pl.col("child").is_not_null() & (pl.col("weight") > 0))
    cell = np.searchsorted(clustering.cells, known["cell"].to_numpy())
    child = known["child"].to_numpy().astype(np.int64)
    size = (len(clustering.cells), int(child.max()) + 1 if len(child) else 0)
    return sparse.csr_array((known["weight"].to_numpy(), (cell, child)), shape=size)
