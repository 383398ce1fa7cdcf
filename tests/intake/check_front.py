"""Cases of the front door: what a notebook gives is used, or is told in words; never a crash."""

from __future__ import annotations

import runpy
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import polars as pl
import pytest

import hotspot
from hotspot.analysis.detection.cells import index_points, index_points_reference
from hotspot.errors import InputError, OutsideAreaError
from tests.intake.cases import INCIDENT, numbered, text_of
from tests.intake.shared_cases import Bench, Case, checks

N = 30
POINTS = pd.DataFrame({"lng": [-2.18] * N, "lat": [53.02] * N})
GEO = gpd.GeoDataFrame(geometry=gpd.points_from_xy(POINTS["lng"], POINTS["lat"]), crs=4326)
DAYS = pd.Series(pd.date_range("2026-06-01", periods=N))


def found(points: Any, **settings: Any) -> int:
    """How many hotspots there are in points."""
    return len(hotspot.detect(points, min_weight=20, **settings).hotspots)


@checks("B212", "B213", "B216", "B217", "B218", "B220", "B221", "B223")
def an_odd_input_gives_a_result_or_a_named_error(bench: Bench, case: Case) -> None:
    """The line's own script, whose answers name every foreign exception."""
    del bench
    said = StringIO()
    with redirect_stdout(said):
        runpy.run_path(str(case.files[0]))
    assert "FOREIGN" not in said.getvalue()
    if case.number == "B223":
        assert said.getvalue().splitlines() == ["empty list columns 0", "all-None occurred_at 1"]
    else:
        assert said.getvalue().count("ok\n") == 8
        assert "min_weight text named error" in said.getvalue()


@checks("B222")
def a_column_that_cannot_be_used_is_told(bench: Bench, case: Case) -> None:
    del bench, case
    for name, value, said in (
        ("weight", 1j, "'weight' cannot be used"),
        ("at_origin", "yes", "'at_origin' is String"),
    ):
        with pytest.raises(InputError, match=said):
            hotspot.detect(POINTS.assign(**{name: [value] * N}))
    assert found(POINTS.assign(cell_10="text")) == 1
    assert found(POINTS.assign(note=1j)) == 1


@checks("B226")
def a_mark_that_is_false_sets_nothing_aside(bench: Bench, case: Case) -> None:
    del bench, case
    run = hotspot.detect(POINTS.assign(set_aside=[False] * 25 + [True] * 5), min_weight=20)
    assert (run.hotspots["events"].tolist(), sum(run.left_out.values())) == ([25], 5)


@checks("B227", "B228")
def usual_names_and_geometry_are_read(bench: Bench, case: Case) -> None:
    del bench
    if case.number == "B227":
        assert found(GEO) == found(GEO.assign(lat=1, lon=2)) == 1
    for names in (("longitude", "latitude"), ("lon", "lat"), ("LNG", "LAT"), ("Long", "Lat")):
        assert found(POINTS.set_axis(names, axis=1)) == 1


TRIES: dict[str, list[Any]] = {
    "B231": [POINTS.assign(child=pd.Categorical([f"C{n}" for n in range(N)]))],
    "B232": [
        POINTS.assign(child=pd.Series(range(N)).astype(kind))
        for kind in ("int64", "Int64", "int64[pyarrow]", "string[pyarrow]")
    ],
    "B233": [POINTS.set_axis([0] * N, axis=0)],
    "B234": [POINTS.set_index(pd.MultiIndex.from_arrays([range(N), range(N)]))],
    "B235": [
        POINTS.assign(occurred_at=DAYS.dt.tz_localize(zone))
        for zone in ("UTC", "Europe/London", "America/New_York")
    ],
    "B236": [POINTS.head(1)],
    "B237": [
        POINTS.astype("float32"),
        POINTS.astype("float16"),
        POINTS.round().astype("int64"),
    ],
    "B238": [pl.from_pandas(POINTS).lazy()],
}


@checks(*TRIES)
def what_was_used_is_used(bench: Bench, case: Case) -> None:
    del bench
    for points in TRIES[case.number]:
        assert found(points) == (case.number != "B236")


@checks("B229")
def a_place_that_is_no_number_is_counted_as_none(bench: Bench, case: Case) -> None:
    del bench, case
    for odd in (np.nan, np.inf, -np.inf):
        points = pd.concat([POINTS, pd.DataFrame({"lng": [odd], "lat": [53.0]})])
        run = hotspot.detect(points, min_weight=20)
        assert (run.hotspots["events"].tolist(), dict(run.left_out)) == ([N], {"no_location": 1})


@checks("B230", "B239", "B240")
def what_cannot_be_is_told(bench: Bench, case: Case) -> None:
    del bench
    with pytest.raises(InputError, match=r"metres|resolution is 15|lng twice"):
        if case.number == "B230":
            hotspot.detect(POINTS.assign(lng=388_000.0, lat=347_000.0))
        elif case.number == "B239":
            hotspot.detect(POINTS, resolution=15)
        else:
            hotspot.detect(pd.concat([POINTS, POINTS[["lng"]]], axis=1))


@checks("B241")
def a_run_is_written_in_every_form(bench: Bench, case: Case) -> None:
    del case
    run, folder = hotspot.detect(POINTS, min_weight=20), bench.workspace.folder
    for ending in ("gpkg", "geojson", "shp"):
        run.to_file(folder / f"run.{ending}")
        assert len(gpd.read_file(folder / f"run.{ending}")) == 1
    run.to_parquet(folder / "run.parquet")
    assert len(gpd.read_parquet(folder / "run.parquet")) == 1
    with pytest.raises(InputError, match="no ending that is written"):
        run.to_file(folder / "run.xlsx")


@checks("B089")
def points_outside_the_area_are_asked_about(bench: Bench, case: Case) -> None:
    del case
    rows = numbered(30, INCIDENT | {"Easting": "530000", "Northing": "180000"})
    path = bench.workspace.folder / "outside.csv"
    path.write_text(text_of(*rows))
    with pytest.raises(OutsideAreaError, match="--outside-ok") as asked:
        bench.bring("incidents", path)
    assert asked.value.codes == ("outside",)


@checks("B090")
def one_stray_point_is_a_run(bench: Bench, case: Case) -> None:
    del bench, case
    stray = pd.concat([POINTS, pd.DataFrame({"lng": [1.7], "lat": [60.1]})])
    assert found(stray) == 1
    tiny = POINTS.assign(lng=POINTS["lng"] + np.linspace(0, 1e-9, N))
    assert found(tiny, resolution=7) == 1


@checks("B091")
def edges_and_corners_lie_where_h3_says(bench: Bench, case: Case) -> None:
    """A point on an edge belongs to either side; those of our own are the same bit for bit."""
    del bench, case
    draw = np.random.default_rng(2)
    corners = [
        corner
        for lat, lng in zip(53 + draw.random(100) / 2, -2.4 + draw.random(100), strict=True)
        for corner in h3.cell_to_boundary(h3.latlng_to_cell(lat, lng, 10))
    ]
    lat, lng = np.array(corners).T
    for resolution in (7, 8, 9, 10, 11, 12):
        ours = index_points(lat, lng, resolution)
        theirs = index_points_reference(lat, lng, resolution)
        assert (ours != theirs).mean() < 0.2
        for one, other in zip(ours, theirs, strict=True):
            if one != other:
                assert h3.grid_distance(h3.int_to_str(int(one)), h3.int_to_str(int(other))) == 1


@checks("B092")
def a_pentagon_and_the_pole_are_counted(bench: Bench, case: Case) -> None:
    del bench, case
    pentagon = h3.get_pentagons(9)[0]
    lat, lng = h3.cell_to_latlng(pentagon)
    run = hotspot.detect(POINTS.assign(lng=lng, lat=lat), min_weight=20, resolution=9)
    assert run.cells["weight"].tolist() == [N]
    assert found(POINTS.assign(lng=0.0, lat=90.0)) == 1
    assert len(h3.grid_disk(pentagon, 2)) == 16


@checks("B093")
def a_label_over_the_antimeridian_lies_near_it(bench: Bench, case: Case) -> None:
    del bench, case
    points = pd.DataFrame({"lng": [179.9999, -179.9999] * 15, "lat": [0.5] * N})
    assert abs(hotspot.detect(points, min_weight=20).hotspots["lng"].item()) > 179.9
