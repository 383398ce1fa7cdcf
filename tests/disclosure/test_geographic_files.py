"""Shared places as files for other programs: opened with the programs' own readers."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import geopandas as gpd
import pyarrow.parquet as pq
import pyogrio
import pytest
from defusedxml import ElementTree

from hotspot.access.actor import Actor
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.geographic import FORMS, geographic_file
from hotspot.disclosure.shared_map import SharedMap
from hotspot.errors import InputError
from hotspot.services.hotspots import disclosures
from hotspot.services.hotspots.runs import detect_hotspots
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, log_of, run_of

COLUMNS = ["hotspot", "records", "children", "approximate", "geometry"]


@pytest.fixture
def shared(demo: Workspace, lead: Actor) -> SharedMap:
    run = run_of(demo, lead)
    return disclosures.share_map(demo, lead, run, FORCE, "MACE partners", "the monthly meeting")


def read(content: bytes, form: FileForm, folder: Path) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Open a file as a program that knows nothing of Hotspot does."""
    path = folder / f"places.{form.value}"
    path.write_bytes(content)
    if form is FileForm.GEOPACKAGE:
        about = pyogrio.read_dataframe(path, layer="about")
        said = dict(zip(about["what"], about["text"], strict=True))
        return pyogrio.read_dataframe(path, layer="hotspots"), said
    if form is FileForm.GEOPARQUET:
        metadata = pq.read_schema(path).metadata
        return gpd.read_parquet(path), json.loads(metadata[b"about"])
    return gpd.read_file(path), json.loads(content)["about"]


@pytest.mark.parametrize("form", FORMS)
def test_a_file_holds_what_is_shared_and_says_what_it_is(
    shared: SharedMap, form: FileForm, tmp_path: Path
) -> None:
    places, said = read(geographic_file(shared, form), form, tmp_path)
    assert list(places.columns) == COLUMNS
    assert places["hotspot"].tolist() == shared.hotspots["key"].tolist()
    assert places["records"].tolist() == shared.hotspots["events"].tolist()
    assert places["children"].tolist() == shared.hotspots["children"].tolist()
    assert places.crs == ("EPSG:27700" if form is FileForm.GEOPACKAGE else "EPSG:4326")
    metres = places.to_crs("EPSG:27700").geometry
    drawn = shared.hotspots.to_crs("EPSG:27700").geometry
    assert (metres.hausdorff_distance(drawn, align=False) < 0.01).all()
    assert said["marking"] == shared.marking
    assert said["recipients"] == "MACE partners"
    assert re.findall(r"until ([^)]*)", said["sources"]) == ["2026-10", "2026-11"]
    assert "3 children or more" in said["settings"]
    assert said["demonstration"] == "Invented data."
    assert "withheld" in said["withheld"]


def test_a_geopackage_opens_coloured_in_qgis(shared: SharedMap, tmp_path: Path) -> None:
    """QGIS takes the row of `layer_styles` that names a layer and is its default."""
    path = tmp_path / "places.gpkg"
    path.write_bytes(geographic_file(shared, FileForm.GEOPACKAGE))
    assert set(pyogrio.list_layers(path)[:, 0]) == {"hotspots", "about", "layer_styles"}
    (style,) = pyogrio.read_dataframe(path, layer="layer_styles").to_dict("records")
    assert style["f_table_name"] == "hotspots"
    assert style["f_geometry_column"] == pyogrio.read_info(path, "hotspots")["geometry_name"]
    assert style["useAsDefault"]
    look = ElementTree.fromstring(style["styleQML"])
    assert look.findall("./renderer-v2/symbols/symbol[@type='fill']")
    assert look.findall("./labeling/settings/text-style[@fieldName='hotspot']")


def test_a_geoparquet_says_what_its_geometry_is(shared: SharedMap) -> None:
    content = geographic_file(shared, FileForm.GEOPARQUET)
    geo = json.loads(pq.read_schema(io.BytesIO(content)).metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    column = geo["columns"]["geometry"]
    assert column["encoding"] == "WKB"
    assert set(column["geometry_types"]) <= {"Polygon", "MultiPolygon"}


def test_a_run_that_may_not_be_shared_leaves_in_no_form(demo: Workspace, lead: Actor) -> None:
    params = run_of(demo, lead).params.replace(min_children=2)
    run = detect_hotspots(demo, lead, FORCE, params)
    for form in FORMS:
        with pytest.raises(InputError, match="fewer than 3"):
            disclosures.export_map(
                demo,
                lead,
                run,
                FORCE,
                recipients="MACE",
                reason="meeting",
                draw=partial(geographic_file, form=form),
                form=form,
            )


RunCLI = Callable[..., CompletedProcess[str]]


def test_the_command_writes_a_file_once_and_logs_it(
    demo: Workspace, run_cli: RunCLI, tmp_path: Path
) -> None:
    path = tmp_path / "for partners.gpkg"
    asked = ("export", "hotspots", "-w", demo.folder, "--format", "gpkg", "--to", path)
    done = run_cli(*asked, "--recipients", "MACE partners", "--reason", "monthly")
    assert done.returncode == 0, done.stderr
    assert path.stat().st_mode & 0o077 == 0
    assert len(pyogrio.read_dataframe(path, layer="hotspots")) > 0
    row = log_of(demo).iloc[-1]
    assert (row["operation"], row["recipients"]) == ("share map", "MACE partners")
    again = run_cli(*asked, "--recipients", "MACE partners")
    assert again.returncode != 0
    assert "already" in again.stderr
    unnamed = run_cli(*asked[:-1], tmp_path / "other.gpkg", "--recipients", " ")
    assert unnamed.returncode != 0
    assert not (tmp_path / "other.gpkg").exists()
    before = len(log_of(demo))
    nowhere = run_cli(*asked[:-1], tmp_path / "none" / "x.gpkg", "--recipients", "MACE")
    assert nowhere.returncode != 0
    assert "no folder" in nowhere.stderr
    assert len(log_of(demo)) == before, "nothing left, and the log does not say so"


@pytest.mark.parametrize(("what", "form"), [("hotspots", "xlsx"), ("actions", "gpkg")])
def test_a_form_that_is_not_offered_is_refused_with_those_that_are(
    demo: Workspace, run_cli: RunCLI, tmp_path: Path, what: str, form: str
) -> None:
    path = tmp_path / "x"
    done = run_cli(
        "export", what, "-w", demo.folder, "--format", form, "--to", path, "--recipients", "A"
    )
    assert done.returncode != 0
    assert f"not as {form}" in done.stderr
    assert not path.exists()


def test_actions_leave_as_a_table(demo: Workspace, run_cli: RunCLI, tmp_path: Path) -> None:
    path = tmp_path / "actions.csv"
    done = run_cli(
        "export",
        "actions",
        "-w",
        demo.folder,
        "--format",
        "csv",
        "--to",
        path,
        "--recipients",
        "MACE",
        "--reason",
        "meeting",
    )
    assert done.returncode == 0, done.stderr
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_detect_prints_outlines_that_other_programs_read(demo: Workspace, run_cli: RunCLI) -> None:
    done = run_cli("detect", "-w", demo.folder, "--json")
    hotspots = json.loads(done.stdout)["hotspots"]
    shapes = gpd.GeoDataFrame.from_features(
        {"type": "Feature", "properties": {"key": row["key"]}, "geometry": row["geometry"]}
        for row in hotspots
    ).set_crs("EPSG:4326")
    km2 = shapes.to_crs("EPSG:27700").area / 1e6
    assert km2.tolist() == pytest.approx([row["area_km2"] for row in hotspots], rel=0.01)
