"""Cluster weighted cells with DBSCAN on their neighbour graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from hotspot.analysis.detection.cells import CellIds, neighbour_graph, neighbourhood_weights

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
    labels = _label(graph, core_at, neighbourhood)
    return Clustering(cells, core_at, graph, neighbourhood, _by_weight(labels, weights))


def cluster_points(
    places: NDArray[np.float64],
    reach: float,
    min_weight: float,
    weights: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Run DBSCAN over points themselves, for comparing with published results.

    Parameters
    ----------
    places
        Coordinates in a plane, shape (n, 2).
    reach
        Greatest distance of neighbours (eps), in the units of the plane.
    min_weight
        Weight that a point's neighbourhood, itself included, must reach (MinPts).
    weights
        Weight of each point, shape (n,); one each by default.

    Returns
    -------
    (ndarray of int64, ndarray of bool), shapes (n,)
        Labels as in `Clustering`, and which points are core. It holds every pair within reach in
        memory: `cluster_cells` is for many points.
    """
    n = len(places)
    weights = np.ones(n) if weights is None else weights
    pairs = cKDTree(places).query_pairs(reach, output_type="ndarray")
    own = np.arange(n)
    row = np.concatenate([pairs[:, 0], pairs[:, 1], own])
    column = np.concatenate([pairs[:, 1], pairs[:, 0], own])
    graph = sparse.csr_array((np.ones(len(row)), (row, column)), shape=(n, n))
    neighbourhood = np.round(np.asarray(graph @ weights) / GRAIN) * GRAIN
    core = neighbourhood >= min_weight - GRAIN / 2
    labels = _label(graph[core], np.flatnonzero(core), neighbourhood)
    return _by_weight(labels, weights), core


def _label(
    graph: sparse.csr_array[Any], core_at: NDArray[np.int64], neighbourhood: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Label connected core members and the borders that join them; -1 for noise."""
    labels = np.full(graph.shape[1], NOISE, dtype=np.int64)
    if len(core_at):
        _, labels[core_at] = csgraph.connected_components(graph[:, core_at], directed=False)
        _join_borders(graph, core_at, neighbourhood, labels)
    return labels


def _join_borders(
    graph: sparse.csr_array[Any],
    core_at: NDArray[np.int64],
    neighbourhood: NDArray[np.float64],
    labels: NDArray[np.int64],
) -> None:
    """Give each non-core member beside a core one that one's label, in place."""
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
