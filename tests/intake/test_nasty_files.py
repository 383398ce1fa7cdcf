"""Bad inputs N44, N59, N60 and N66 to N93: shapes, workbooks, hostile text and files."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import xlsxwriter
from shapely.geometry import Point, box

from app_pages.frame.text import plain
from hotspot import InputError
from hotspot.access.actor import Actor
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.tabular import write_table
from hotspot.intake.files import sniffing
from hotspot.intake.files.sandbox import KEPT_DRIVERS, SANDBOX, Sandbox
from hotspot.intake.files.shapes import MAX_VERTICES
from hotspot.intake.sources.boundaries import read as read_boundaries
from hotspot.intake.sources.registry import READERS
from hotspot.services.records import datasets, imports, uploads
from hotspot.services.upkeep.log import trace_place
from hotspot.services.workspace.folder import Workspace, display_name
from hotspot.settings import STREAMLIT_OPTIONS
from tests.helpers import SHELL
from tests.intake.cases import (
    CASES,
    CONTEXT,
    INCIDENT,
    LICENCE,
    STREET,
    case,
    geojson,
    numbered,
    point,
    read,
    reasons,
    text_of,
)


def in_worker(path: Path, name: str, source: str = "places") -> Any:
    """Read a file where GDAL has only the drivers that are left to it."""
    return SANDBOX.run(name, READERS[source], path, CONTEXT, None, name, size=path.stat().st_size)


def drivers() -> list[str]:
    import pyogrio

    return sorted(pyogrio.list_drivers())


# files that are something else ---------------------------------------------------------------


@case("N59")
def test_the_limits_are_stated_and_met_before_a_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "import-layouts.md").read_text()
    assert "500 MB" in guide
    assert STREAMLIT_OPTIONS["server.maxUploadSize"] == "200"
    monkeypatch.setattr(sniffing, "MAX_FILE_BYTES", 100)
    with pytest.raises(InputError, match=r"at most 0 MB are read\. Split it by month"):
        read(tmp_path, text_of(*numbered(5, INCIDENT)))


@case("N60")
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x05\x06" + b"\x00" * 18, ""),
        (b"<html>", "a web page"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (b"PAR1", "a Parquet"),
        (b"SQLite format 3\x00", "a database"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old .xls"),
        (b"\x1f\x8b\x08", "a compressed"),
    ],
)
def test_what_is_called_csv_and_is_not_is_told_by_its_true_type(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    with pytest.raises(InputError, match=kind):
        read(tmp_path, content)


def test_an_unknown_ending_is_refused_with_those_that_are_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"not a kind of file that is read; these are: \.csv"):
        read(tmp_path, b"x", name="file.docx")


# shapes ------------------------------------------------------------------------------------


@case("N66")
def test_polygons_and_lines_count_as_a_point_on_them(tmp_path: Path) -> None:
    shapes: list[dict[str, Any]] = [
        {"type": "Polygon", "coordinates": [[[-2.1, 53], [-2.0, 53], [-2.0, 53.1], [-2.1, 53]]]},
        {"type": "LineString", "coordinates": [[-2.1, 53], [-2.0, 53]]},
        point(-2.1, 53),
    ]
    reading = read(tmp_path, geojson(*shapes), "places", "p.geojson")
    assert reading.balance.used == 3
    assert "2 lines or polygons count as a point" in " ".join(reading.notes)


@case("N67")
def test_a_polygon_that_crosses_itself_is_mended_or_refused(tmp_path: Path) -> None:
    def boundaries(ring: list[list[float]]) -> Any:
        path = tmp_path / "w.geojson"
        ground = {"type": "Polygon", "coordinates": [ring]}
        feature = {
            "type": "Feature",
            "properties": {"WD24CD": "E1", "WD24NM": "A"},
            "geometry": ground,
        }
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
        return read_boundaries(path, CONTEXT)

    spike: list[list[float]] = [
        [0, 50],
        [1, 50],
        [1, 51],
        [0.5, 51],
        [0.5, 51.2],
        [0.5, 51],
        [0, 51],
        [0, 50],
    ]
    mended = boundaries(spike)
    assert mended.balance.used == 1
    assert "1 polygons that crossed themselves were mended" in mended.notes[0]
    with pytest.raises(InputError, match="feature 1: the polygon crosses itself"):
        boundaries([[0, 50], [1, 51], [1, 50], [0, 51], [0, 50]])


@case("N68")
def test_empty_and_impossible_geometries_are_no_location(tmp_path: Path) -> None:
    shapes = [
        None,
        {"type": "GeometryCollection", "geometries": []},
        point(float("nan"), 53),
        point(-2.1, 53),
    ]
    reading = read(tmp_path, geojson(*shapes), "places", "p.geojson")
    assert reasons(reading) == {"no_location": 3}


@case("N69", "N44", "N70")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"type":"FeatureCollection","features":[{},]}', r"line 1, column 4\d"),
        ('{"type":"FeatureCollection","features":[', "line 1, column"),
        ('{"type":"FeatureCollection"}', "has no list of features"),
        ('{"type":"FeatureCollection","features":[1]}', "feature 1 is no feature"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deeply"),
    ],
)
def test_malformed_geojson_is_refused_with_the_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(tmp_path, text, "places", "p.geojson")
    half = geojson(point(-2.1, 53)).replace('"P0"', '"P\\ud800"')
    assert read(tmp_path, half, "places", "p.geojson").table["name"].item() == "P\ufffd"


@pytest.mark.slow
@case("N71")
def test_an_outline_of_too_many_vertices_is_refused(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[-2.1, 53]] * (MAX_VERTICES + 1)}
    with pytest.raises(InputError, match="more than 500,000 vertices"):
        read(tmp_path, geojson(line), "places", "p.geojson")


VRT = """<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>
<SrcLayer>x</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"""
PIPELINE = '{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline read /etc/passwd"}'
LINK = geojson(
    point(-2.1, 53), crs={"type": "link", "properties": {"href": "http://127.0.0.1:9/x"}}
)


@case("N72", "N73", "N74", "N75")
@pytest.mark.parametrize(
    "name", ["x.geojson", "x.json", "x.csv", "x.gpkg", "x.zip", "x.kml", "x.xml"]
)
@pytest.mark.parametrize("text", [VRT, PIPELINE, LINK, "<OGRWFSDataSource><URL>http://127.0.0.1:9"])
def test_files_that_point_elsewhere_are_followed_nowhere(
    tmp_path: Path, name: str, text: str
) -> None:
    path = tmp_path / "upload"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        in_worker(path, name)
    assert "root:" not in str(refused.value)


@pytest.mark.slow
@case("N72", "N73", "N75")
def test_the_worker_has_three_drivers_of_gdal_and_no_other() -> None:
    box_ = Sandbox()
    try:
        assert set(box_.run("x", drivers)) == set(KEPT_DRIVERS)
    finally:
        box_.close()


@case("N75", "N77", "N78")
def test_archives_are_known_by_their_members(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["A"], "kind": ["park"]}, geometry=[Point(-2.1, 53)], crs=4326
    )
    for layer in ("one", "two"):
        frame.to_file(tmp_path / f"{layer}.shp")

    def archive(*members: str, **renamed: str) -> Path:
        path = tmp_path / "upload"
        with zipfile.ZipFile(path, "w") as made:
            for member in members:
                made.write(tmp_path / member, renamed.get(member, member))
        return path

    parts = [f"one.{ending}" for ending in ("shp", "shx", "dbf", "prj")]
    assert in_worker(archive(*parts), "x.zip").balance.used == 1
    for lost in parts[1:]:
        kept = [part for part in parts if part != lost]
        with pytest.raises(InputError, match=f"lacks its .{lost[4:]}"):
            in_worker(archive(*kept), "x.zip")
    two = [*parts, *(part.replace("one", "two") for part in parts)]
    with pytest.raises(InputError, match=r"several layers \(one, two\)"):
        in_worker(archive(*two), "x.zip")
    (tmp_path / "a.vrt").write_text(VRT)
    with pytest.raises(InputError, match="without a shapefile"):
        in_worker(archive("a.vrt"), "x.zip")
    for name in ("../../evil.shp", "C:\\x.shp"):
        with pytest.raises(InputError, match="paths that lead out"):
            in_worker(archive("one.shp", **{"one.shp": name}), "x.zip")
    assert not (tmp_path.parent / "evil.shp").exists()


@pytest.mark.timeout(120)  # no hostile file holds a reader for minutes
@pytest.mark.slow
@case("N76")
def test_a_geopackage_with_an_endless_view_gives_up(tmp_path: Path) -> None:
    path = tmp_path / "upload.gpkg"
    frame = gpd.GeoDataFrame({"name": ["A"], "kind": ["p"]}, geometry=[Point(-2.1, 53)], crs=4326)
    frame.to_file(path, layer="good", driver="GPKG")
    assert in_worker(path, "x.gpkg").balance.used == 1
    with sqlite3.connect(path) as raw:
        triggers = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (trigger,) in triggers:
            raw.execute(f'DROP TRIGGER "{trigger}"')
        raw.execute("DROP TABLE IF EXISTS rtree_good_geom")
        raw.execute("ALTER TABLE good RENAME TO hidden")
        raw.execute(
            "CREATE VIEW good AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM t) "
            "SELECT n AS fid, NULL AS geom, 'x' AS name, 'p' AS kind FROM t"
        )
    with pytest.raises(InputError, match=r"x\.gpkg"):
        in_worker(path, "x.gpkg")
    (tmp_path / "fine.csv").write_text(text_of(INCIDENT))
    assert in_worker(tmp_path / "fine.csv", "fine.csv", "incidents").balance.used == 1


@case("N79")
def test_codes_of_another_vintage_of_small_areas_are_said(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    ground = box(-2.2, 53, -2.1, 53.1).__geo_interface__
    feature = {
        "type": "Feature",
        "geometry": ground,
        "properties": {"LSOA11CD": "E01014210", "LSOA11NM": "A"},
    }
    (tmp_path / "l.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]})
    )
    imports.import_files(workspace, analyst, "boundaries", [tmp_path / "l.geojson"])
    rows = [STREET | {"Crime ID": c, "LSOA code": c} for c in ("E01014210", "E01035000")]
    (tmp_path / "s.csv").write_text(text_of(*rows))
    report = imports.import_files(workspace, analyst, "police-uk", [tmp_path / "s.csv"])
    said = "1 codes of small areas (1 rows) are not in the boundaries LSOA11"
    assert any(said in note for note in report.notes)


# workbooks ---------------------------------------------------------------------------------


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return path


@pytest.mark.timeout(120)  # no hostile file holds a reader for minutes
@case("N80")
def test_a_cell_at_the_far_corner_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_string(1_048_575, 16_383, "x")
    with pytest.raises(InputError, match="1,048,575 rows by 16,383 columns"):
        in_worker(path, "x.xlsx")


@pytest.mark.slow
@case("N81")
def test_a_workbook_that_unpacks_to_hundreds_of_megabytes_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)
    with pytest.raises(InputError, match="which no honest workbook does"):
        in_worker(path, "x.xlsx")


@case("N82")
def test_entities_in_a_sheet_are_not_followed(tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx", {"A": [list(INCIDENT), list(INCIDENT.values())]})
    path = tmp_path / "upload"
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet'
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as made:
        for entry in source.namelist():
            content = source.read(entry)
            if entry == "xl/sharedStrings.xml":
                content = content.replace(b"<sst", entity.replace(b"<worksheet", b"<sst"), 1)
                content = content.replace(b"Grooming", b"&e;")
            made.writestr(entry, content)
    try:
        reading = in_worker(path, "x.xlsx", "incidents")
    except InputError:
        return
    assert "root:" not in str(reading.table["kind"].to_list())


@case("N83")
def test_sheets_and_header_rows_can_be_chosen(tmp_path: Path) -> None:
    from hotspot.intake.fields.mapping import Mapping

    rows = [["OFFICIAL"], ["Notes"], list(INCIDENT), list(INCIDENT.values())]
    path = workbook(tmp_path / "b.xlsx", {"Front": [["About"], ["Nothing"]], "Data": rows})
    proposed = read(tmp_path, path.read_bytes(), name="b.xlsx")
    assert any("'Data' is read, of the sheets Front, Data" in note for note in proposed.notes)
    front = Mapping(source="incidents", sheet="Front")
    with pytest.raises(InputError, match="lacks the column"):
        read(tmp_path, path.read_bytes(), name="b.xlsx", mapping=front)
    mapping = Mapping(source="incidents", sheet="Data")
    assert read(tmp_path, path.read_bytes(), name="b.xlsx", mapping=mapping).balance.used == 1
    told = mapping.model_copy(update={"header_row": 3})
    assert read(tmp_path, path.read_bytes(), name="b.xlsx", mapping=told).balance.used == 1
    wrong = mapping.model_copy(update={"sheet": "Nowhere"})
    with pytest.raises(InputError, match="no sheet 'Nowhere'; it has: Front, Data"):
        read(tmp_path, path.read_bytes(), name="b.xlsx", mapping=wrong)


@case("N84")
def test_locked_old_and_macro_workbooks_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"old \.xls workbook or one with a password"):
        read(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99, name="b.xlsx")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(InputError, match="has macros"):
        read(tmp_path, made.getvalue(), name="b.xlsm")


@case("N85")
def test_formulas_count_by_their_saved_value(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(INCIDENT))
        sheet.write_row(1, 0, list(INCIDENT.values()))
        sheet.write_formula(1, 1, '="Groo"&"ming"', None, "Grooming")
    reading = read(tmp_path, path.read_bytes(), name="f.xlsx")
    assert reading.table["kind"].item() == "Grooming"


# hostile text ------------------------------------------------------------------------------


@case("N86")
@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"])
def test_no_cell_of_an_export_is_a_formula(name: str) -> None:
    import pandas as pd
    from python_calamine import CalamineWorkbook

    table = pd.DataFrame({"Premises": [name]})
    rows = list(
        csv.reader(io.StringIO(write_table(table, FileForm.CSV, ["x"]).decode("utf-8-sig")))
    )
    assert rows[-1][0].startswith("'")
    content = write_table(table, FileForm.WORKBOOK, ["x"])
    cells = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert str(cells[-1][0]).startswith("'")


@case("N87", "N88", "N89")
@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "${alert(1)}", "`x`", "{{ 7*7 }}", "{% raw %}"]
)
def test_hostile_names_are_kept_as_they_are_and_never_reach_a_template(
    tmp_path: Path, name: str
) -> None:
    reading = read(tmp_path, text_of(LICENCE | {"Premises Name": name}), "licensing")
    assert reading.table["name"].item() == name
    portable = (Path(__file__).parents[2] / "layers" / "portable.py").read_text()
    assert "tooltip" not in portable.lower()
    assert "popup" not in portable.lower()


@case("N90")
@pytest.mark.parametrize(
    "name",
    ["![x](http://evil/t.png)", "[click](http://evil)", ":red[x]", "$x^2$", "www.evil.example"],
)
def test_markdown_in_names_is_shown_as_it_is(name: str) -> None:
    text = plain(name)
    assert "](" not in text
    assert "$x" not in text.replace("\\$", "")
    assert "www.e" not in text


@case("N91")
def test_signs_of_sql_are_letters_in_a_search(demo: Workspace, auditor: Actor) -> None:
    from hotspot.errors import NotFoundError

    for text in ("%", "_", "' OR 1=1 --", '"; DROP TABLE imports; --'):
        with pytest.raises(NotFoundError):
            trace_place(demo, auditor, text, "request")
    assert len(datasets.list_datasets(demo, SHELL)) == 5


@case("N92", "N93")
@pytest.mark.parametrize(
    "name",
    [
        "../../evil.csv",
        "C:\\x.csv",
        "CON",
        "a" * 300 + ".csv",
        "a\x00b.csv",
        "\U0001f5fa.csv",
        "a\nINFO forged line.csv",
    ],
)
def test_an_uploads_name_is_never_a_path_or_a_line_of_the_log(
    workspace: Workspace, name: str
) -> None:
    file = uploads.keep_upload(workspace, name, io.BytesIO(b"x"))
    assert file.path.parent == workspace.uploads
    assert len(file.path.name) == 32
    assert int(file.path.name, 16) >= 0
    assert oct(file.path.stat().st_mode)[-3:] == "600"
    assert len(file.name) <= 120
    assert file.name.isprintable()
    assert not set(file.name) & set("/\\\n\x00")
    assert display_name(Path(name)) == file.name
    uploads.drop_upload(file)
    assert list(workspace.uploads.iterdir()) == []


def test_all_95_cases_have_a_test() -> None:
    import tests.intake.test_nasty_machines
    import tests.intake.test_nasty_places
    import tests.intake.test_nasty_tables  # noqa: F401

    assert set(CASES) == {f"N{n:02}" for n in range(1, 96)}


@pytest.fixture
def auditor() -> Actor:
    from hotspot.access.actor import UserRole
    from tests.helpers import actor_of_role

    return actor_of_role(UserRole.AUDITOR)
