"""Cluster weighted cells with DBSCAN on their neighbour graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from hotspot.analysis.cells import CellIds, neighbour_graph, neighbourhood_weights

NOISE = -1
GRAIN = 1e-9
"""Sums are rounded to this, so that the order of adding floats never decides a core cell."""


@dataclass(frozen=True)
class Clustering:
    """Labels of cells, with what decided them.

    Attributes
    ----------
    cells
        Occupied cells, ascending, shape (n,).
    core_at
        Indices of the core cells, ascending, shape (m,).
    graph
        Ones where a core cell and a cell are neighbours, shape (m, n).
    neighbourhood_weight
        Weight of each cell's neighbourhood, itself included, shape (n,);
        a core cell's reaches the minimum.
    labels
        Cluster of each cell, 0, 1, ... by falling weight (ties: the smaller first cell);
        -1 for noise. Shape (n,).
    """

    cells: CellIds
    core_at: NDArray[np.int64]
    graph: sparse.csr_array[Any]
    neighbourhood_weight: NDArray[np.float64]
    labels: NDArray[np.int64]

    @property
    def core(self) -> NDArray[np.bool_]:
        """Say of each cell whether it is a core cell, shape (n,)."""
        return np.isin(np.arange(len(self.cells)), self.core_at)


def cluster_cells(
    cells: CellIds, weights: NDArray[np.float64], rings: int, min_weight: float
) -> Clustering:
    """Run DBSCAN over occupied cells.

    Parameters
    ----------
    cells
        Distinct H3 cells, ascending, shape (n,).
    weights
        Weight of each cell, shape (n,).
    rings, min_weight
        As in `hotspot.Params`.

    Returns
    -------
    Clustering
        Core cells and noise equal scikit-learn's DBSCAN with precomputed distances and
        `sample_weight`. A border cell joins the neighbouring core cell with the greatest
        neighbourhood weight, ties going to the smaller cell, so that row order never matters.
    """
    neighbourhood = np.round(neighbourhood_weights(cells, weights, rings) / GRAIN) * GRAIN
    core_at = np.flatnonzero(neighbourhood >= min_weight - GRAIN / 2)
    graph = neighbour_graph(cells, core_at, rings)
    labels = np.full(len(cells), NOISE, dtype=np.int64)
    if len(core_at):
        _, labels[core_at] = csgraph.connected_components(graph[:, core_at], directed=False)
        _join_borders(graph, core_at, neighbourhood, labels)
    return Clustering(cells, core_at, graph, neighbourhood, _by_weight(labels, weights))


def _join_borders(
    graph: sparse.csr_array[Any],
    core_at: NDArray[np.int64],
    neighbourhood: NDArray[np.float64],
    labels: NDArray[np.int64],
) -> None:
    """Give each non-core cell beside a core cell that core cell's label, in place."""
    core_row, cell = graph.tocoo().coords
    border = labels[cell] == NOISE
    core, cell = core_at[core_row[border]], cell[border]
    order = np.lexsort((core, -neighbourhood[core], cell))
    chosen, first = np.unique(cell[order], return_index=True)
    labels[chosen] = labels[core[order][first]]


def _by_weight(labels: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order the labels by falling weight; a tie goes to the one with the smaller first cell."""
    member = labels != NOISE
    if not member.any():
        return labels
    total = np.round(np.bincount(labels[member], weights=weights[member]) / GRAIN)
    _, first = np.unique(labels[member], return_index=True)
    rank = np.empty(len(total), dtype=np.int64)
    rank[np.lexsort((first, -total))] = np.arange(len(total))
    return np.where(member, rank[labels], NOISE)
