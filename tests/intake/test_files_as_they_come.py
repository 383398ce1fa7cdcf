"""Files of shapes and tables in the forms in which hubs, phones and APIs hand them out."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import osmium
import pytest
import shapely
import xlsxwriter
from osmium.osm import mutable

from hotspot.access.actor import Actor
from hotspot.errors import InputError
from hotspot.intake.files.geo_files import read_shapes
from hotspot.intake.files.opening import open_table
from hotspot.services.workspace.area_files import area_of, read_area
from hotspot.services.workspace.folder import init_workspace
from tests.intake.cases import INCIDENT, STREET, geojson, numbered, point, read, reasons, text_of

SQUARE = shapely.box(-2.3, 52.9, -2.0, 53.2)
WARDS = gpd.GeoDataFrame(
    {"WD24NM": ["Abbey", "Castle"]}, geometry=[SQUARE, SQUARE.buffer(-0.1)], crs="EPSG:4326"
)
OSM = """<osm>{}</osm>"""
MANIFEST = (
    "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'>"
    "</manifest:manifest>"
)
NODES = '<node id="2" lat="53.021" lon="-2.181"/><node id="3" lat="53.023" lon="-2.179"/>'
WAY = '<way id="10"><nd ref="2"/><nd ref="3"/><tag k="amenity" v="bar"/><tag k="name" v="W"/></way>'
RELATION = (
    '<relation id="20"><member type="way" ref="10" role="outer"/><tag k="shop" v="mall"/>'
    '<tag k="name" v="R"/></relation>'
)


def zipped(**members: bytes) -> bytes:
    """An archive of files; two underscores stand for a slash and one for a point."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize("parts", [(NODES, WAY, RELATION), (RELATION, WAY, NODES)])
def test_openstreetmap_is_read_in_any_order_with_its_relations(
    tmp_path: Path, parts: tuple[str, ...]
) -> None:
    reading = read(tmp_path, OSM.format("".join(parts)), "places", "x.osm")
    assert (reading.balance.rows_in, reading.balance.used) == (2, 2)
    assert reading.table["lat"].to_list() == pytest.approx([53.022, 53.022])


def test_a_relation_of_ways_that_are_not_there_is_in_the_balance(tmp_path: Path) -> None:
    reading = read(tmp_path, OSM.format(NODES + RELATION), "places", "x.osm")
    assert reasons(reading) == {"no_location": 1}


def test_openstreetmap_pbf_gives_what_xml_gives(tmp_path: Path) -> None:
    path = tmp_path / "x.osm.pbf"
    with osmium.SimpleWriter(str(path)) as out:
        out.add_node(mutable.Node(id=2, location=(-2.181, 53.021)))
        out.add_node(mutable.Node(id=3, location=(-2.179, 53.023)))
        out.add_way(mutable.Way(id=10, nodes=[2, 3], tags={"amenity": "bar", "name": "W"}))
        members = [("w", 10, "outer")]
        out.add_relation(
            mutable.Relation(id=20, members=members, tags={"shop": "mall", "name": "R"})
        )
    same = read(tmp_path, OSM.format(NODES + WAY + RELATION), "places", "x.osm").table
    found = read(tmp_path, path.read_bytes(), "places", "x.osm.pbf").table
    assert found.drop("line").equals(same.drop("line"))


def test_an_overpass_answer_in_json_is_read(tmp_path: Path) -> None:
    node = {"type": "node", "id": 1, "lat": 53.02, "lon": -2.18, "tags": {"amenity": "pub"}}
    way = {"type": "way", "id": 2, "center": {"lat": 53.0, "lon": -2.1}, "tags": {"shop": "mall"}}
    answer = json.dumps({"version": 0.6, "elements": [node, way]})
    assert read(tmp_path, answer, "places", "x.json").balance.used == 2


def test_one_bad_geometry_sets_one_row_aside(tmp_path: Path) -> None:
    four: dict[str, Any] = {"type": "Point", "coordinates": ["x", {}]}
    reading = read(tmp_path, geojson(point(-2.18, 53.02), four), "places", "x.geojson")
    assert reasons(reading) == {"no_location": 1}
    assert any("feature" in note and "cannot be read" in note for note in reading.notes)
    with pytest.raises(InputError, match="as all others have"):
        read(tmp_path, geojson(four, four), "places", "x.geojson")


@pytest.mark.parametrize(
    "name",
    [
        "EPSG:4326",
        "epsg:4326",
        "http://www.opengis.net/def/crs/EPSG/0/4326",
        "urn:ogc:def:crs:EPSG:6.9:4326",
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "OGC:CRS84h",
    ],
)
def test_a_named_system_is_read_however_it_is_written(tmp_path: Path, name: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    reading = read(tmp_path, geojson(point(-2.18, 53.02), crs=crs), "places", "x.geojson")
    assert reading.balance.used == 1


def test_features_by_line_and_a_feature_alone_are_read(tmp_path: Path) -> None:
    feature = json.loads(geojson(point(-2.18, 53.02)))["features"][0]
    assert read(tmp_path, json.dumps(feature), "places", "x.geojson").balance.used == 1
    feature2 = feature | {"properties": {"name": "Q", "kind": "park"}}
    lines = f"{json.dumps(feature)}\n{json.dumps(feature2)}\n"
    assert read(tmp_path, lines, "places", "x.geojsonl").balance.used == 2


def test_kml_topojson_flatgeobuf_and_geoparquet_hold_the_same_wards(tmp_path: Path) -> None:
    WARDS.to_file(tmp_path / "w.fgb", driver="FlatGeobuf", engine="pyogrio")
    WARDS.to_crs("EPSG:27700").to_parquet(tmp_path / "w.parquet")
    ring = " ".join(f"{x},{y},0" for x, y in SQUARE.exterior.coords)
    (tmp_path / "w.kml").write_text(
        "<kml xmlns='http://www.opengis.net/kml/2.2'><Placemark><name>Abbey</name><Polygon>"
        f"<outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing>"
        "</outerBoundaryIs></Polygon></Placemark></kml>"
    )
    arc = [[0, 0], [3, 0], [0, 3], [-3, 0], [0, -3]]
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.1, 0.1], "translate": [-2.3, 52.9]},
        "arcs": [arc],
        "objects": {"w": {"type": "Polygon", "arcs": [[0]], "properties": {"name": "Abbey"}}},
    }
    (tmp_path / "w.topojson").write_text(json.dumps(topology))
    for name in ("w.fgb", "w.parquet", "w.kml", "w.topojson"):
        found = read_shapes(tmp_path / name, name).shapes
        largest = max((ground for ground in found if ground), key=lambda ground: ground.area)
        assert largest.symmetric_difference(SQUARE).area < 0.001 * SQUARE.area, name


def test_shapefiles_zipped_by_a_mac_nested_and_in_capitals_are_read(tmp_path: Path) -> None:
    WARDS.to_file(tmp_path / "w.shp", engine="pyogrio")
    parts = {path.suffix[1:]: path.read_bytes() for path in tmp_path.glob("w.*")}
    nested = {f"Wards__2024__w_{end}": content for end, content in parts.items()}
    capitals = {f"W_{end.upper()}": content for end, content in parts.items()}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        for end, content in parts.items():
            out.writestr(f"w.{end}", content)
            out.writestr(f"__MACOSX/._w.{end}", b"junk")
    for content in (archive.getvalue(), zipped(**nested), zipped(**capitals)):
        reading = read(tmp_path, content, "boundaries", "w.zip")
        assert reading.table["name"].to_list() == ["Abbey", "Castle"]


def test_an_archive_of_a_geojson_file_is_read(tmp_path: Path) -> None:
    content = zipped(w_geojson=WARDS.to_json().encode())
    assert read(tmp_path, content, "boundaries", "w.zip").balance.used == 2


def test_the_archive_of_data_police_uk_is_read_as_downloaded(tmp_path: Path) -> None:
    months = {
        "2026-04__2026-04-x-street_csv": text_of(STREET | {"Month": "2026-04"}).encode(),
        "2026-05__2026-05-x-street_csv": text_of(STREET | {"Crime ID": "c2"}).encode(),
        "2026-05__2026-05-x-outcomes_csv": b"Crime ID,Month,Longitude,Latitude,Outcome type\n",
    }
    reading = read(tmp_path, zipped(**months), "police-uk", "latest.zip")
    assert (reading.balance.rows_in, reading.balance.used) == (2, 2)


def test_the_police_api_s_answer_is_street_crime(tmp_path: Path) -> None:
    crime = {
        "category": "violent-crime",
        "month": "2026-05",
        "persistent_id": "abc",
        "location": {"latitude": "53.02", "longitude": "-2.18", "street": {"name": "On or near X"}},
    }
    reading = read(tmp_path, json.dumps([crime]), "police-uk", "x.json")
    assert reading.table["kind"].to_list() == ["Violence and sexual offences"]


def test_a_compressed_table_is_read(tmp_path: Path) -> None:
    content = gzip.compress(text_of(*numbered(3, INCIDENT)).encode())
    assert read(tmp_path, content, name="x.csv.gz").balance.used == 3
    with pytest.raises(InputError, match="cannot be unpacked"):
        read(tmp_path, content[:-9], name="x.csv.gz")


def test_names_are_taken_from_the_property_that_holds_them(tmp_path: Path) -> None:
    wards = WARDS.rename(columns={"WD24NM": "neighbourhood"})
    reading = read(tmp_path, wards.to_json(), "boundaries", "x.geojson")
    assert reading.table["name"].to_list() == ["Abbey", "Castle"]
    assert reading.mapping is not None
    assert reading.mapping.columns == {"name": "neighbourhood"}


@pytest.mark.parametrize(
    "content",
    [
        b'{"FHRSEstablishment": {"EstablishmentCollection": {"EstablishmentDetail": %s}}}',
        b'{"establishments": [%s]}',
    ],
)
def test_one_establishment_with_numbers_as_floats_is_read(tmp_path: Path, content: bytes) -> None:
    one = (
        b'{"FHRSID": 1.0, "BusinessName": "Bar", "BusinessTypeID": 7843.0, '
        b'"Geocode": {"Longitude": "-2.18", "Latitude": "53.02"}}'
    )
    table = read(tmp_path, content % one, "food-hygiene", "x.json").table
    assert table.select("premises_ref", "kind").row(0) == ("1", "pub, bar or nightclub")


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:27700"])
def test_a_workspace_is_made_from_boundaries_as_they_are_published(
    tmp_path: Path, administrator: Actor, crs: str
) -> None:
    WARDS.to_crs(crs).to_file(tmp_path / "b.gpkg", engine="pyogrio")
    with pytest.raises(InputError, match=r"2 boundaries \(Abbey, Castle\)"):
        area_of(tmp_path / "b.gpkg")
    made = init_workspace(administrator, tmp_path / "w", str(tmp_path / "b.gpkg"), force="abbey")
    assert made.area.name == "Abbey"
    assert made.area.boundary.symmetric_difference(SQUARE).area < 1e-4
    assert read_area(tmp_path / "w" / "area.geojson").boundary.equals(made.area.boundary)


def test_a_boundary_with_its_axes_swapped_or_without_a_name_is_refused(tmp_path: Path) -> None:
    swapped = shapely.transform(SQUARE, lambda xy: xy[:, ::-1])
    path = tmp_path / "area.geojson"
    path.write_text(gpd.GeoDataFrame({"name": ["S"]}, geometry=[swapped]).to_json())
    with pytest.raises(InputError, match="latitude stands before longitude"):
        area_of(path)
    path.write_text(gpd.GeoDataFrame({"a": ["S"]}, geometry=[SQUARE]).to_json())
    with pytest.raises(InputError, match="which property is the name"):
        area_of(path)
    assert area_of(path, name_property="a").name == "S"


def test_the_sheet_with_the_data_is_read_and_merged_cells_are_filled(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes").write(0, 0, "See the next sheet")
        sheet = book.add_worksheet("Incidents")
        sheet.write_row(0, 0, list(INCIDENT))
        for n in range(3):
            row = INCIDENT | {"Crime Number": f"C{n}", "Offence": ""}
            for column, value in enumerate(row.values()):
                if value:
                    sheet.write(1 + n, column, value)
        sheet.merge_range(1, 1, 3, 1, "Grooming")
    reading = read(tmp_path, path.read_bytes(), name="book.xlsx")
    assert reading.table["kind"].to_list() == ["Grooming"] * 3
    assert any("'Incidents' is read" in note for note in reading.notes)


def test_a_header_far_below_is_found(tmp_path: Path) -> None:
    notes = "".join(f"Note {n}\n" for n in range(40))
    path = tmp_path / "x"
    path.write_text(notes + text_of(INCIDENT))
    assert open_table(path, "x.csv", {"crimenumber", "offence", "easting"}).header_row == 41


def test_an_opendocument_sheet_is_read_like_a_workbook(tmp_path: Path) -> None:
    rows = [list(INCIDENT), list((INCIDENT | {"Location Text": "y"}).values())]
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f"<?xml version='1.0'?><office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        out.writestr("META-INF/manifest.xml", MANIFEST)
        out.writestr("content.xml", content)
    assert read(tmp_path, archive.getvalue(), name="x.ods").balance.used == 1
