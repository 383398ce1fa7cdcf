"""Space and time together: published tables, pointpats, and children kept apart."""

from __future__ import annotations

from typing import Literal

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.examples import get_path
from pointpats import Knox as Oracle

from hotspot.analysis.evidence.near_repeat import Exchange, knox, near_repeat
from hotspot.errors import ParamsError


@pytest.fixture(scope="module")
def burkitt() -> tuple[np.ndarray, np.ndarray]:
    table = gpd.read_file(get_path("burkitt.shp"))
    return table[["X", "Y"]].to_numpy(float), table["T"].to_numpy(float)


def test_knox_on_burkitt(burkitt: tuple[np.ndarray, np.ndarray]) -> None:
    found = knox(*burkitt, near_m=20, near_days=5, permutations=999, seed=12345)
    assert found.close == 13
    assert found.table.tolist() == [[13, 3416], [39, 14110]]
    np.testing.assert_allclose(
        found.expected, [[10.1438161, 3418.85618], [41.8561839, 14107.1438]], rtol=1e-8
    )
    assert found.poisson_p == pytest.approx(0.14624558197140414, abs=1e-12)
    published = 0.21  # of 99 permutations
    error = 2 * np.sqrt(published * (1 - published) * (1 / 99 + 1 / 999))
    assert found.p == pytest.approx(published, abs=error)


@given(st.integers(0, 10_000), st.integers(5, 60))
def test_pointpats_counts_the_same(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    places, days = rng.integers(0, 30, (n, 2)).astype(float), rng.integers(0, 30, n).astype(float)
    ours = knox(places, days, 6, 4, permutations=0)
    theirs = Oracle(places, days.reshape(-1, 1), 6, 4, permutations=0)
    assert ours.close == theirs.statistic_


def test_bands_say_whether_an_edge_belongs_above_or_below() -> None:
    places = np.array([[0.0, 0.0], [100.0, 0.0], [300.0, 0.0]])
    days = np.array([0.0, 7.0, 7.0])
    left = near_repeat(places, days, [0, 100, 200, 400], [0, 7, 14], permutations=9)
    right = near_repeat(
        places, days, [0, 100, 200, 400], [0, 7, 14], closed="right", permutations=9
    )
    assert left.observed.tolist() == [[0, 0], [0, 1], [1, 1]]
    assert right.observed.tolist() == [[1, 0], [1, 0], [1, 0]]
    assert left.bands != right.bands


def test_manhattan_is_measured_along_the_axes() -> None:
    places, days = np.array([[0.0, 0.0], [60.0, 60.0]]), np.zeros(2)
    counted: dict[Literal["euclidean", "manhattan"], list[list[int]]] = {
        "euclidean": [[1], [0]],
        "manhattan": [[0], [1]],
    }
    for metric, observed in counted.items():
        found = near_repeat(places, days, [0, 100, 200], [0, 1], metric=metric, permutations=1)
        assert found.observed.tolist() == observed


def test_repeats_at_one_place_and_time_are_found() -> None:
    rng = np.random.default_rng(2)
    places = np.repeat(rng.uniform(0, 10_000, (60, 2)), 2, axis=0)
    days = np.repeat(rng.uniform(0, 365, 60), 2)
    found = near_repeat(places, days, [0, 100], [0, 7], permutations=199)
    assert found.observed[0, 0] >= 60
    assert found.p[0, 0] == 1 / 200
    assert found.ratio[0, 0] > 5


def test_one_childs_returns_to_one_place_are_no_interaction() -> None:
    rng = np.random.default_rng(3)
    places = np.repeat(rng.uniform(0, 50_000, (20, 2)), 6, axis=0)
    days = np.repeat(rng.uniform(0, 300, 20), 6) + np.tile(np.arange(6.0), 20)
    children = np.repeat([f"c{n}" for n in range(20)], 6).astype(object)
    plain = near_repeat(places, days, [0, 100], [0, 7], permutations=99)
    kept_apart = near_repeat(places, days, [0, 100], [0, 7], children=children, permutations=99)
    assert plain.p[0, 0] == 0.01
    assert kept_apart.observed[0, 0] == 0
    assert kept_apart.p[0, 0] == 1.0


def test_records_without_a_child_are_permuted_among_themselves() -> None:
    rng = np.random.default_rng(5)
    places = np.repeat(rng.uniform(0, 10_000, (40, 2)), 2, axis=0)
    days = np.repeat(rng.uniform(0, 365, 40), 2)
    children = np.array([None] * 80, dtype=object)
    found = near_repeat(places, days, [0, 100], [0, 7], children=children, permutations=99)
    assert found.observed[0, 0] >= 40
    assert found.p[0, 0] == 0.01


def test_children_with_one_record_each_are_dealt_among_each_other() -> None:
    """149 planted pairs of children with one record each had p = 1: each was its own stratum."""
    rng = np.random.default_rng(6)
    places = np.repeat(rng.uniform(0, 20_000, (149, 2)), 2, axis=0)
    days = np.repeat(rng.uniform(0, 365, 149), 2)
    children = np.array([f"c{n}" for n in range(298)], dtype=object)
    found = near_repeat(places, days, [0, 100], [0, 7], children=children, permutations=99)
    assert found.observed[0, 0] >= 149
    assert found.p[0, 0] == 0.01


def test_children_are_the_units_also_where_they_have_many_records() -> None:
    """A child's burst moves as one: two children's chance meeting is not many meetings."""
    called = []
    for seed in range(60):
        rng = np.random.default_rng([7, seed])
        homes, starts = rng.integers(0, 8, 40), rng.uniform(0, 360, 40)
        places = np.repeat(np.column_stack([homes * 5_000.0, homes * 0.0]), 5, axis=0)
        days = np.repeat(starts, 5) + np.tile(np.arange(5.0), 40)
        children = np.repeat([f"c{n}" for n in range(40)], 5).astype(object)
        found = near_repeat(places, days, [0, 100], [0, 7], children=children, permutations=39)
        called.append(found.p[0, 0] <= 0.05)
    assert np.mean(called) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)


def test_an_exchange_keeps_each_childs_times_together() -> None:
    units = np.array([0, 0, 1, 1, 2, 3, 3, 3])
    times = np.array([1.0, 2.0, 10.0, 11.0, 50.0, 7.0, 8.0, 9.0])
    seen = set()
    for seed in range(20):
        dealt = Exchange(units).permuted(times, np.random.default_rng(seed))
        assert sorted(dealt) == sorted(times)
        assert set(dealt[5:]) == {7.0, 8.0, 9.0}
        assert dealt[4] == 50
        seen.add(frozenset(dealt[:2]))
    assert seen == {frozenset({1.0, 2.0}), frozenset({10.0, 11.0})}


@pytest.mark.parametrize("edges", [[0], [0, 0], [100, 50]])
def test_edges_that_do_not_ascend_are_refused(edges: list[float]) -> None:
    with pytest.raises(ParamsError, match="ascending"):
        near_repeat(np.zeros((2, 2)), np.zeros(2), edges, [0, 1])
