"""Points to cells."""

from __future__ import annotations

import h3
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon

from hotspot.analysis.detection import cells
from hotspot.analysis.detection.cells import (
    add_cells,
    disk_size,
    index_points,
    index_points_reference,
    neighbour_graph,
    neighbourhood_weights,
    reach_m,
    rings_for_reach,
)

coordinates = st.lists(
    st.tuples(st.floats(49.8, 60.9), st.floats(-8.2, 1.8)), min_size=1, max_size=200
)


@given(coordinates, st.integers(7, 11))
def test_index_equals_h3_bit_for_bit(points: list[tuple[float, float]], resolution: int) -> None:
    lat, lng = (np.array(axis) for axis in zip(*points, strict=True))
    found = index_points(lat, lng, resolution)
    assert found.dtype == np.uint64
    assert found.tolist() == index_points_reference(lat, lng, resolution).tolist()
    assert [f"{cell:x}" for cell in found] == [
        h3.latlng_to_cell(y, x, resolution) for y, x in points
    ]


def test_a_point_is_counted_in_the_hexagon_drawn_around_it() -> None:
    rng = np.random.default_rng(1)
    lat, lng = rng.uniform(52.4, 53.2, 300), rng.uniform(-2.4, -1.6, 300)
    for y, x, cell in zip(lat, lng, index_points(lat, lng, 9), strict=True):
        ring = [(b, a) for a, b in h3.cell_to_boundary(f"{cell:x}")]
        assert Polygon(ring).buffer(1e-9).contains(Point(x, y))


@pytest.mark.parametrize("distinct", [3, 5000])
def test_repeated_coordinates_get_the_same_cells(distinct: int) -> None:
    rng = np.random.default_rng(2)
    places = rng.uniform((-2.4, 52.4), (-1.6, 53.2), size=(distinct, 2))
    chosen = places[rng.integers(distinct, size=5000)]
    points = pl.DataFrame({"lng": chosen[:, 0], "lat": chosen[:, 1], "n": range(5000)})
    with_cells = add_cells(points, 10)
    assert with_cells["n"].to_list() == list(range(5000))
    expected = index_points_reference(chosen[:, 1], chosen[:, 0], 10)
    assert with_cells["cell"].to_numpy().tolist() == expected.tolist()


@pytest.mark.parametrize("fast", [True, False])
def test_neighbours_are_those_of_grid_disk(fast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not fast:
        monkeypatch.setattr(cells, "h3ronpy", None)
    middle = h3.latlng_to_cell(53.02, -2.18, 10)
    occupied = np.sort(
        np.array([int(c, 16) for c in h3.grid_disk(middle, 4)][::2], dtype=np.uint64)
    )
    graph = neighbour_graph(occupied, np.arange(len(occupied)), 2).toarray()
    for i, a in enumerate(occupied):
        near = {int(c, 16) for c in h3.grid_disk(f"{a:x}", 2)}
        assert [bool(x) for x in graph[i]] == [int(b) in near for b in occupied]
    weights = np.arange(len(occupied), dtype=float)
    assert neighbourhood_weights(occupied, weights, 2).tolist() == (graph @ weights).tolist()


def test_pentagons_do_not_break_the_neighbourhood() -> None:
    pentagon = next(iter(h3.get_pentagons(9)))
    near = np.sort(np.array([int(c, 16) for c in h3.grid_disk(pentagon, 2)], dtype=np.uint64))
    found = neighbourhood_weights(near, np.ones(len(near)), 1)
    assert found.max() == 7
    assert found[near.tolist().index(int(pentagon, 16))] == 6


def test_reach_follows_the_area_rule() -> None:
    area = h3.cell_area(h3.latlng_to_cell(53, -2, 10), unit="m^2")
    assert reach_m(2, 10, 53, -2) == pytest.approx((19 * area / np.pi) ** 0.5)
    assert disk_size(2) == 19


@given(st.integers(1, 12), st.integers(7, 11))
def test_rings_are_found_again_from_their_reach(rings: int, resolution: int) -> None:
    assert rings_for_reach(reach_m(rings, resolution, 53, -2), resolution, 53, -2) == rings
