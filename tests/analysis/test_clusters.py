"""DBSCAN over cells, against scikit-learn on the same graph."""

from __future__ import annotations

import h3
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from hotspot.analysis.cells import neighbour_graph
from hotspot.analysis.clusters import NOISE, cluster_cells

MIDDLE = h3.latlng_to_cell(53.02, -2.18, 10)
DISK = np.sort(np.array([int(c, 16) for c in h3.grid_disk(MIDDLE, 8)], dtype=np.uint64))

weighted_cells = st.dictionaries(
    st.sampled_from(range(len(DISK))),
    st.integers(1, 24).map(lambda n: n / 2),
    min_size=1,
    max_size=120,
)


@given(weighted_cells, st.integers(1, 3), st.integers(2, 40))
def test_core_cells_and_noise_equal_scikit_learn(
    chosen: dict[int, float], rings: int, min_weight: int
) -> None:
    at = sorted(chosen)
    cells, weights = DISK[at], np.array([chosen[i] for i in at])
    found = cluster_cells(cells, weights, rings, min_weight)
    graph = neighbour_graph(cells, np.arange(len(cells)), rings).toarray()
    oracle = DBSCAN(eps=0.5, min_samples=min_weight, metric="precomputed").fit(
        1 - graph, sample_weight=weights
    )
    assert found.core_at.tolist() == sorted(oracle.core_sample_indices_.tolist())
    assert (found.labels == NOISE).tolist() == (oracle.labels_ == NOISE).tolist()
    pairs = set(zip(found.labels[found.core_at], oracle.labels_[found.core_at], strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


@given(weighted_cells, st.integers(1, 3), st.integers(2, 40))
def test_a_border_cell_joins_the_heaviest_core_neighbour(
    chosen: dict[int, float], rings: int, min_weight: int
) -> None:
    at = sorted(chosen)
    cells, weights = DISK[at], np.array([chosen[i] for i in at])
    found = cluster_cells(cells, weights, rings, min_weight)
    graph = neighbour_graph(cells, np.arange(len(cells)), rings).toarray().astype(bool)
    for i in np.flatnonzero(~found.core & (found.labels != NOISE)):
        near = [j for j in np.flatnonzero(graph[i]) if found.core[j]]
        best = min(near, key=lambda j: (-found.neighbourhood_weight[j], cells[j]))
        assert found.labels[i] == found.labels[best]


def test_clusters_are_numbered_by_weight() -> None:
    far = np.sort(
        np.array(
            [int(c, 16) for c in h3.grid_disk(h3.latlng_to_cell(52.8, -2.1, 10), 1)],
            dtype=np.uint64,
        )
    )
    near = np.sort(np.array([int(c, 16) for c in h3.grid_disk(MIDDLE, 1)], dtype=np.uint64))
    cells = np.sort(np.concatenate([far, near]))
    weights = np.where(np.isin(cells, far), 9.0, 4.0)
    labels = cluster_cells(cells, weights, 1, 10).labels
    assert set(labels[np.isin(cells, far)]) == {0}
    assert set(labels[np.isin(cells, near)]) == {1}


def test_no_cell_gives_no_cluster() -> None:
    found = cluster_cells(np.array([], dtype=np.uint64), np.array([]), 2, 10)
    assert len(found.labels) == 0
