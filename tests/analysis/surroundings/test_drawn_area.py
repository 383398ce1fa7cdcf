"""What lies in an area that was drawn, and which ground is masked."""

from __future__ import annotations

import h3
import numpy as np
import pandas as pd
import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from hotspot import InputError
from hotspot.access.actor import Actor
from hotspot.analysis.surroundings.drawn_area import area_of_ring, lies_in, masked_areas
from hotspot.services.hotspots import areas
from hotspot.services.workspace.folder import Workspace
from hotspot.store import datasets
from layers.overlays import masked
from tests.helpers import FORCE, log_of, run_of

NONE = pd.DataFrame({"lng": [], "lat": [], "kind": []})


def ring_around(shape: BaseGeometry) -> list[list[float]]:
    west, south, east, north = shape.buffer(0.003).bounds
    return [[south, west], [south, east], [north, east], [north, west]]


@pytest.mark.parametrize(
    ("ring", "says"),
    [
        ([], "3 to 200 corners"),
        ([[53.0, -2.0], [53.1, -2.0]], "3 to 200 corners"),
        ([[53.0, -2.0]] * 201, "3 to 200 corners"),
        ([["53", "-2"]] * 4, "3 to 200 corners"),
        ("text", "3 to 200 corners"),
        ([[53.0, -2.0], [53.1, -2.1], [53.1, -2.0], [53.0, -2.1]], "sides of the area cross"),
        ([[53.0, -2.0]] * 4, "sides of the area cross"),
        ([[50.0, -4.0], [50.0, 0.0], [54.0, 0.0]], "larger than"),
        ([[99.0, -4.0], [50.0, 0.0], [54.0, 0.0]], "off the map"),
        ([[float("nan"), -4.0], [50.0, 0.0], [54.0, 0.0]], "3 to 200 corners"),
    ],
)
def test_a_drawing_that_encloses_nothing_is_refused(ring: list[list[float]], says: str) -> None:
    with pytest.raises(InputError, match=says):
        area_of_ring(ring)


def test_the_area_of_a_hotspot_holds_the_hotspot(demo: Workspace, analyst: Actor) -> None:
    run = run_of(demo, analyst)
    row = run.hotspots.iloc[0]
    found = lies_in(area_of_ring(ring_around(row.geometry)), run, NONE, NONE)
    assert row["key"] in found.hotspots
    assert set(row["cells"]) <= set(found.cells)
    assert found.events >= row["events"]
    assert found.children is not None
    assert found.children >= row["children"]
    assert found.days is not None
    assert found.premises.empty


def test_everything_lies_in_the_whole_and_nothing_in_the_sea(
    demo: Workspace, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    whole = lies_in(shapely.box(-4, 52, 0, 54), run, NONE, NONE)
    assert whole.events == run.records_used
    assert len(whole.hotspots) == len(run.hotspots)
    nothing = lies_in(shapely.box(-30, 52, -29.9, 52.1), run, NONE, NONE)
    assert (nothing.events, nothing.cells, nothing.hotspots, nothing.children) == (0, [], [], None)


@given(cut=st.floats(52.8, 53.1).filter(lambda at: at not in {52.81, 52.95, 53.05}))
def test_two_halves_hold_what_the_whole_holds(cut: float) -> None:
    """Points lie in one half or the other, never in both."""
    from hotspot.analysis.surroundings.drawn_area import _points_in

    points = pd.DataFrame({"lng": [-2.1, -2.0, -2.2], "lat": [52.81, 52.95, 53.05]})
    south, north = shapely.box(-3, 52, -1, cut), shapely.box(-3, cut, -1, 54)
    assert len(_points_in(south, points)) + len(_points_in(north, points)) == 3


def test_the_service_logs_the_ground_and_reads_the_premises(
    demo: Workspace, analyst: Actor
) -> None:
    run = run_of(demo, analyst)
    ring = ring_around(run.hotspots.iloc[0].geometry)
    found = areas.what_is_in(demo, analyst, run, FORCE, ring)
    assert len(found.premises)
    assert found.premises["lat"].between(ring[0][0], ring[2][0]).all()
    row = log_of(demo).iloc[-1]
    assert row["operation"] == "ask what is in an area"
    assert row["subject"] == "area drawn on the map"


@given(
    lat=st.floats(50, 55.5),
    lng=st.floats(-5, 1.5),
    within_m=st.floats(50, 3000),
    towards=st.floats(0, 360),
)
def test_a_masked_area_covers_the_radius(
    lat: float, lng: float, within_m: float, towards: float
) -> None:
    sites = pd.DataFrame({"lat": [lat], "lng": [lng], "within_m": [within_m]})
    (area,) = masked_areas(sites)
    far_lng, far_lat, _ = Geod(ellps="WGS84").fwd(lng, lat, towards, within_m)
    assert area.contains(shapely.Point(far_lng, far_lat))
    assert area.contains(shapely.Point(lng, lat))


@given(corner=st.integers(0, 5), towards=st.floats(0, 0.9))
def test_a_masked_area_tells_no_more_than_the_cell(corner: int, towards: float) -> None:
    cell = h3.latlng_to_cell(52.9, -2.1, 9)
    middle, end = np.array(h3.cell_to_latlng(cell)), np.array(h3.cell_to_boundary(cell)[corner])
    here, there = middle, middle + (end - middle) * towards
    areas_of = [
        masked_areas(pd.DataFrame({"lat": [lat], "lng": [lng], "within_m": [200.0]}))
        for lat, lng in (here, there)
    ]
    assert areas_of[0] == areas_of[1]


def test_without_sites_nothing_is_masked() -> None:
    assert masked_areas(pd.DataFrame({"lat": [], "lng": [], "within_m": []})) == []


def test_a_map_shows_where_records_are_left_out_and_never_why(
    demo: Workspace, analyst: Actor
) -> None:
    assert areas.masked_on_map(demo, analyst) == []
    site = pl.DataFrame(
        {
            "name": ["Larkspur House"],
            "kind": ["home"],
            "within_m": [200.0],
            "lat": [52.9],
            "lng": [-2.1],
        }
    )
    with demo.engine.begin() as connection:
        datasets.add_sites(connection, 1, site)
    found = areas.masked_on_map(demo, analyst)
    assert [shape.geom_type for shape in found] == ["Polygon"]
    assert "Larkspur" not in masked(found).shapes
