"""DBSCAN over cells, against scikit-learn on the same graph."""

from __future__ import annotations

import geopandas as gpd
import h3
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from libpysal.examples import get_path
from sklearn.cluster import DBSCAN

from hotspot.analysis.detection.cells import index_points, neighbour_graph
from hotspot.analysis.detection.clusters import NOISE, cluster_cells, cluster_points

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


@pytest.mark.parametrize(("left", "right"), [(20.0, 30.0), (30.0, 20.0)])
def test_a_cell_between_two_clusters_joins_the_denser_one(left: float, right: float) -> None:
    start = h3.latlng_to_cell(52.9, -2.1, 10)
    end = next(cell for cell in h3.grid_ring(start, 4))
    path = [int(cell, 16) for cell in h3.grid_path_cells(start, end)]
    weight = dict(zip(path, (left, 2.0, 1.0, 2.0, right), strict=True))
    cells = np.sort(np.array(path, dtype=np.uint64))
    found = cluster_cells(cells, np.array([weight[int(cell)] for cell in cells]), 1, 10)
    label = dict(zip(cells.tolist(), found.labels.tolist(), strict=True))
    assert label[path[0]] != label[path[4]]
    assert label[path[2]] == label[path[0 if left > right else 4]]


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


@pytest.mark.parametrize(
    ("file", "columns", "eps", "least", "clusters", "noise", "core", "sizes"),
    [
        ("juvenile.shp", None, 5, 5, 10, 70, 64, [41, 11, 7, 6, 6, 6, 6, 5, 5, 5]),
        ("juvenile.shp", None, 5, 10, 1, 154, None, None),
        ("juvenile.shp", None, 10, 10, 5, 23, 88, [81, 27, 17, 10, 10]),
        ("burkitt.shp", ["X", "Y"], 10, 5, 5, 27, 142, None),
        ("burkitt.shp", ["X", "Y"], 20, 10, 2, 9, 164, None),
    ],
)
def test_dbscan_on_published_points(  # noqa: PLR0917 - one published row
    file: str,
    columns: list[str] | None,
    eps: float,
    least: int,
    clusters: int,
    noise: int,
    core: int | None,
    sizes: list[int] | None,
) -> None:
    table = gpd.read_file(get_path(file))
    places = table[columns].to_numpy(float) if columns else shapely.get_coordinates(table.geometry)
    labels, is_core = cluster_points(places, eps, least)
    oracle = DBSCAN(eps=eps, min_samples=least).fit(places)
    assert np.flatnonzero(is_core).tolist() == sorted(oracle.core_sample_indices_.tolist())
    assert (labels == NOISE).tolist() == (oracle.labels_ == NOISE).tolist()
    assert (labels.max() + 1, (labels == NOISE).sum()) == (clusters, noise)
    assert core is None or is_core.sum() == core
    found = sorted(np.bincount(labels[labels != NOISE]).tolist(), reverse=True)
    assert sizes is None or np.abs(np.subtract(found, sizes)).sum() <= 4  # borders may differ


@given(st.integers(0, 1000), st.integers(1, 12))
def test_points_are_clustered_as_scikit_learn_does(seed: int, least: int) -> None:
    rng = np.random.default_rng(seed)
    places, weights = rng.uniform(0, 10, (60, 2)), rng.integers(1, 4, 60).astype(float)
    labels, is_core = cluster_points(places, 1.5, least, weights)
    oracle = DBSCAN(eps=1.5, min_samples=least).fit(places, sample_weight=weights)
    assert np.flatnonzero(is_core).tolist() == sorted(oracle.core_sample_indices_.tolist())
    assert (labels == NOISE).tolist() == (oracle.labels_ == NOISE).tolist()


@pytest.mark.parametrize("n", [15_000, 21_000])
def test_coincident_events_are_found_however_many_others_there_are(n: int) -> None:
    rng = np.random.default_rng(27)
    places = rng.uniform((-2.9, 52.0), (-0.5, 53.9), (300, 2))
    rest = rng.uniform((-3.0, 51.9), (-0.4, 54.0), (n - 3000, 2))
    at = np.concatenate([np.repeat(places, 10, axis=0), rest])
    cells = index_points(at[:, 1], at[:, 0], 11)
    occupied, counts = np.unique(cells, return_counts=True)
    labels = cluster_cells(occupied, counts.astype(float), 1, 8).labels
    assert labels.max() + 1 == 300


def test_no_cell_gives_no_cluster() -> None:
    found = cluster_cells(np.array([], dtype=np.uint64), np.array([]), 2, 10)
    assert len(found.labels) == 0
