"""The front door: what a notebook holds goes in, and every wrong input is told in words."""

from __future__ import annotations

import re
import subprocess
import sys
import uuid
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import polars as pl
import pytest
import shapely

import hotspot
from hotspot.errors import InputError, NotAllowedError, StoreError
from hotspot.services.workspace.folder import Workspace
from tests.conftest import ROOT

N = 30
POINTS = pd.DataFrame({"lng": [-2.18] * N, "lat": [53.02] * N})
GEO = gpd.GeoDataFrame(
    {"note": range(N)}, geometry=gpd.points_from_xy(POINTS["lng"], POINTS["lat"]), crs=4326
)
GRID = pd.DataFrame({"Easting": [388_022.0] * N, "Northing": [347_060.0] * N})


def count(points: Any, **settings: Any) -> int:
    return len(hotspot.detect(points, min_weight=20, **settings).hotspots)


@pytest.mark.parametrize(
    "points",
    [
        POINTS,
        pl.from_pandas(POINTS),
        pl.from_pandas(POINTS).lazy(),
        POINTS.rename(columns={"lng": "Longitude", "lat": "Latitude"}),
        POINTS.rename(columns={"lng": "lon"}),
        GEO,
        GEO.to_crs(27700),
        GEO.to_crs(3857).geometry,
        POINTS.assign(note=[n if n % 2 else "x" for n in range(N)]),
        POINTS.assign(shape=pd.Series([shapely.Point(0, 0)] * N, dtype=object)),
        POINTS.assign(lng=pd.Series([Decimal("-2.18")] * N, dtype=object)),
        POINTS.assign(child=pd.Series([uuid.uuid4() for _ in range(N)], dtype=object)),
        POINTS.assign(child=[10**25 + n for n in range(N)]),
        POINTS.assign(child=[""] * N),
        POINTS.assign(occurred_at="14/01/2026 10:00"),
        POINTS.assign(occurred_at="2026-01-14"),
        POINTS.assign(occurred_at=None),
        POINTS.assign(role="Frequented", setting="Hotel"),
        POINTS.assign(set_aside=False),
        POINTS.assign(cell_10="x"),
    ],
)
def test_what_people_hold_in_a_notebook_gives_the_hotspot(points: Any) -> None:
    assert count(points) == 1


def test_metres_are_read_where_their_system_is_said() -> None:
    assert count(GRID, crs="EPSG:27700") == 1
    with pytest.raises(InputError, match=r"'Easting' and 'Northing'.*crs='EPSG:27700'"):
        hotspot.detect(GRID)


def test_the_same_points_in_any_form_give_the_same_cells() -> None:
    straight = hotspot.detect(POINTS, min_weight=20).cells["cell"].tolist()
    assert hotspot.detect(GEO.to_crs(27700), min_weight=20).cells["cell"].tolist() == straight


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (POINTS.rename(columns={"lng": "lat", "lat": "lng"}), r"53\.02 and -2\.18.*swapped"),
        (POINTS.assign(lng=388_000.0, lat=347_000.0), r"388000 and 347000.*metres"),
        (POINTS[["lng"]], r"no columns of coordinates \(they have: lng\)"),
        (POINTS.assign(lng="x"), "'lng' is String"),
        (POINTS.assign(weight="x"), "'weight' is String"),
        (POINTS.assign(weight=[1j] * N), "'weight' cannot be used"),
        (POINTS.assign(occurred_at="last week"), "'last week', which is no date"),
        (POINTS.assign(role="somewhere"), "'somewhere', which is not known"),
        (POINTS.assign(at_origin="yes"), "'at_origin' is String"),
        (pd.concat([POINTS, POINTS[["lng"]]], axis=1), r"column\(s\) lng twice"),
        (
            GEO.set_crs(None, allow_override=True),  # type: ignore[call-overload] # as its guide has it
            "does not say its coordinate system",
        ),
        (GEO.set_geometry(GEO.buffer(0.1)), "holds Polygon; give points"),
        ([1, 2], "Points are a list"),
        (None, "Points are a NoneType"),
    ],
)
def test_what_cannot_be_used_is_told_with_what_was_seen(points: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        hotspot.detect(points, min_weight=20)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"resolution": 15}, "resolution is 15"),
        ({"min_weight": "20"}, "min_weight is '20'"),
        ({"start": "soon"}, "start is 'soon'"),
        ({"start": 5}, "start is 5"),
        ({"nearness": 2}, "no setting nearness; these are: resolution"),
        ({"params": {"rings": 2}}, "params is a dict"),
        ({"crs": "EPSG:999999"}, "no coordinate system"),
    ],
)
def test_a_setting_that_cannot_be_is_told(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        hotspot.detect(POINTS, **settings)


def test_settings_are_keywords_and_days_may_be_text() -> None:
    told = POINTS.assign(occurred_at=pd.date_range("2026-06-01", periods=N))
    run = hotspot.detect(told, resolution=9, min_weight=20, start="2026-06-01", end="2026-06-30")
    assert (run.params.resolution, run.params.start, len(run.hotspots)) == (9, date(2026, 6, 1), 1)
    stamp = hotspot.Params(start=datetime(2026, 6, 1, 12), end=pd.Timestamp("2026-06-30"))
    assert (stamp.start, stamp.end) == (date(2026, 6, 1), date(2026, 6, 30))


def test_an_empty_frame_gives_an_empty_run() -> None:
    for frame in (pd.DataFrame(columns=["lng", "lat"]), GEO.head(0)):
        run = hotspot.detect(frame)
        assert (run.records_in, len(run.hotspots)) == (0, 0)
        assert run._repr_html_().startswith("<p>No record was counted")
        for draw in (run.explore, run.plot):
            with pytest.raises(InputError, match="nothing to draw"):
                draw()


def test_origins_are_left_out_in_the_words_of_an_import() -> None:
    run = hotspot.detect(POINTS.assign(role="Missing From"), min_weight=20)
    assert dict(run.left_out) == {"role_off": N}


@pytest.mark.parametrize("crs", ["EPSG:27700", "EPSG:4326"])
@pytest.mark.parametrize("ending", ["gpkg", "geojson", "fgb", "parquet"])
def test_hotspots_come_back_from_a_file_as_they_went(tmp_path: Path, crs: str, ending: str) -> None:
    run = hotspot.detect(POINTS, min_weight=20)
    path = tmp_path / f"hotspots.{ending}"
    if ending == "parquet":
        run.to_parquet(path, crs=crs)
        read = gpd.read_parquet(path)
    else:
        run.to_file(path, crs=crs)
        read = gpd.read_file(path, engine="pyogrio")
    assert read.crs is not None
    assert ending == "geojson" or read.crs.to_epsg() == int(crs[5:])
    there = read.to_crs(4326).geometry.iloc[0]
    assert there.symmetric_difference(run.hotspots.geometry.iloc[0]).area < 1e-4 * there.area
    assert read["cells"].iloc[0].split() == run.hotspots["cells"].iloc[0]
    assert read["events"].tolist() == [N]


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    run = hotspot.detect(POINTS, min_weight=20)
    with pytest.raises(InputError, match="no ending that is written"):
        run.to_file(tmp_path / "x.doc")
    with pytest.raises(InputError, match="cannot be written"):
        run.to_parquet(tmp_path / "nowhere" / "x.parquet")


@pytest.mark.slow
def test_the_map_of_a_notebook_asks_no_other_host() -> None:
    text = hotspot.detect(POINTS, min_weight=20).explore().get_root().render()
    assert "L.map(" in text
    plain = re.sub(r"base64,[A-Za-z0-9+/=]+", "", text)
    assert re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", plain) == []


def test_a_run_is_drawn_and_shown(tmp_path: Path) -> None:
    run = hotspot.detect(POINTS, min_weight=20)
    ax = run.plot()
    assert [text.get_text() for text in ax.texts] == ["H-01"]
    ax.figure.savefig(tmp_path / "plot.png")
    assert "<td>H-01</td>" in run._repr_html_()


def test_a_workspace_is_read_by_who_may(workspace: Workspace) -> None:
    opened = hotspot.open_workspace(workspace.folder)
    assert opened.actor.name.endswith("(notebook)")
    assert opened.snapshots().empty
    assert opened.hotspots().empty
    with pytest.raises(InputError, match="held: none yet"):
        opened.detect()
    nobody = hotspot.open_workspace(workspace.folder, type(opened.actor)("x", frozenset()))
    with pytest.raises(NotAllowedError):
        nobody.snapshots()
    with pytest.raises(StoreError):
        hotspot.open_workspace(workspace.folder / "records")


@pytest.mark.slow
def test_importing_the_library_imports_nothing_heavy() -> None:
    code = "import sys, hotspot; print(sorted({n.split('.')[0] for n in sys.modules}))"
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert not {"pandas", "polars", "numpy", "sklearn", "streamlit", "h3"} & set(eval(out))  # noqa: S307
    assert "H3DBSCAN" in dir(hotspot)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        hotspot.nothing  # noqa: B018


@pytest.mark.slow
def test_help_imports_no_command() -> None:
    code = (
        "import sys; sys.argv = ['hotspot', '--help']\n"
        "from hotspot.cli import main\n"
        "try: main()\nexcept SystemExit: print([n for n in ('pandas', 'polars') if n in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert out.rstrip().endswith("[]")
    assert "rotate-pseudonyms" in out


def test_a_label_over_the_antimeridian_lies_at_its_cluster() -> None:
    points = pd.DataFrame({"lng": [179.9999, -179.9999] * 15, "lat": [0.5] * N})
    assert abs(hotspot.detect(points, min_weight=20).hotspots["lng"].item()) > 179.9
