"""Local G: published values, esda on random data, and permutation counted out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pytest
from esda.getisord import G_Local
from hypothesis import given
from hypothesis import strategies as st
from libpysal.examples import get_path
from libpysal.weights import DistanceBand, Queen
from scipy import sparse

from hotspot.analysis.evidence import hot_cells
from hotspot.analysis.evidence.hot_cells import false_discovery, local_g, surrounding_p

POINTS = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
VALUES = np.array([2, 3, 3.2, 5, 8, 7])


def band(points: Sequence[tuple[float, float]], threshold: float) -> sparse.csr_array:
    at = np.array(points, dtype=float)
    near = np.linalg.norm(at[:, None] - at[None], axis=2) <= threshold
    return sparse.csr_array((near & ~np.eye(len(at), dtype=bool)).astype(float))


@pytest.mark.parametrize(
    ("star", "row_standard", "expected"),
    [
        (False, False, [-1.0136729, -0.04361589, 1.31558703, -0.31412676, 1.15373986, 1.77833941]),
        (True, False, [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]),
        (True, True, [-0.62488094, -0.09144599, 0.41150696, -0.09144599, 0.24690418, 1.28024388]),
    ],
    ids=["Gi", "Gi* binary", "Gi* row-standardised"],
)
def test_the_worked_example_of_six_points(
    star: bool, row_standard: bool, expected: list[float]
) -> None:
    found = local_g(VALUES, band(POINTS, 15), star=star, row_standard=row_standard)
    np.testing.assert_allclose(found, expected, atol=5e-9)


def queen(file: str) -> tuple[gpd.GeoDataFrame, sparse.csr_array]:
    table = gpd.read_file(get_path(file))
    return table, sparse.csr_array(Queen.from_dataframe(table, use_index=False).sparse)


def test_columbus() -> None:
    table, graph = queen("columbus.shp")
    z = local_g(table["CRIME"].to_numpy(), graph)
    np.testing.assert_allclose(
        z[:5], [-1.43278, -1.340008, -0.771999, -0.131733, 1.285363], atol=1e-6
    )
    assert (int(z.argmax()), int(z.argmin())) == (15, 31)
    assert (round(z.max(), 6), round(z.min(), 6)) == (3.475051, -2.851023)
    assert ((z > 1.96).sum(), (z < -1.96).sum()) == (11, 7)


@pytest.mark.parametrize(("column", "greatest"), [("HR7984", 5.127765), ("HR8893", 5.258497)])
def test_st_louis(column: str, greatest: float) -> None:
    table, graph = queen("stl_hom.shp")
    z = local_g(table[column].to_numpy(), graph)
    assert (int(z.argmax()), round(float(z.max()), 6)) == (39, greatest)
    assert ((z > 1.96).sum(), (z < -1.96).sum()) == (5, 0)


def permuted(values: np.ndarray, graph: sparse.csr_array, seed: int = 0) -> np.ndarray:
    around = hot_cells.with_diagonal(graph, 1.0)
    return surrounding_p(values, around @ values, np.diff(around.indptr), seed)


def test_the_cut_of_false_discovery_on_columbus() -> None:
    table, graph = queen("columbus.shp")
    z = local_g(table["CRIME"].to_numpy(), graph)
    from scipy.stats import norm

    p = 2 * norm.sf(np.abs(z))
    chosen = false_discovery(p)
    assert chosen.sum() == 9
    assert p[chosen].max() <= 0.00918367 < np.sort(p)[9]


@given(
    st.lists(st.integers(0, 9), min_size=5, max_size=30).filter(lambda v: len(set(v)) > 1),
    st.integers(0, 1000),
    st.booleans(),
)
def test_esda_gives_the_same(values: list[int], seed: int, star: bool) -> None:
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 10, (len(values), 2))
    weights = DistanceBand(points, 4.0, binary=True, silence_warnings=True)
    if weights.islands or max(weights.cardinalities.values()) >= len(values) - 1:
        return
    with np.errstate(all="ignore"):
        oracle = G_Local(
            np.array(values, float), weights, transform="B", permutations=0, star=star or None
        )
    found = local_g(np.array(values, float), sparse.csr_array(weights.sparse), star=star)
    known = np.isfinite(found) & np.isfinite(oracle.Zs)
    np.testing.assert_allclose(found[known], oracle.Zs[known], atol=1e-8)


@given(st.lists(st.integers(0, 4), min_size=4, max_size=6), st.integers(0, 100))
def test_the_permutation_p_is_that_of_all_layouts(values: list[int], seed: int) -> None:
    n = len(values)
    rng = np.random.default_rng(seed)
    near = rng.random((n, n)) < 0.4
    graph = sparse.csr_array((near | near.T).astype(float))
    found = permuted(np.array(values, float) / 2, graph)
    around = hot_cells.with_diagonal(graph, 1.0).toarray()
    own = around @ values
    layouts = np.array(list(itertools.permutations(values)))
    share = (layouts @ around.T >= own - 1e-9).mean(axis=0)
    np.testing.assert_allclose(found, share, atol=1e-12)


def test_drawn_layouts_agree_with_those_counted_out(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    values = rng.poisson(0.3, 400).astype(float)
    near = np.abs(np.subtract.outer(np.arange(400), np.arange(400))) <= 3
    graph = sparse.csr_array(near.astype(float))
    exact = permuted(values, graph)
    monkeypatch.setattr(hot_cells, "_MOST_STEPS", 0)
    drawn = permuted(values, graph, seed=5)
    error = 4 * np.sqrt(exact * (1 - exact) / 99_999) + 2e-5
    assert (np.abs(exact - drawn) <= error).all()


def test_weights_of_no_simple_part_are_drawn() -> None:
    values = np.zeros(50)
    values[3:6] = np.pi
    near = np.abs(np.subtract.outer(np.arange(50), np.arange(50))) <= 1
    p = permuted(values, sparse.csr_array(near.astype(float)))
    assert p.argmin() == 4
    assert p[4] < 0.001  # 1 / C(50, 3) is 0.00005


def test_no_cell_stands_out_where_all_are_alike() -> None:
    graph = sparse.csr_array(np.ones((5, 5)))
    assert np.isnan(local_g(np.ones(5), graph)).all()
    assert (permuted(np.ones(5), graph) == 1).all()
    assert not false_discovery(np.ones(5)).any()
