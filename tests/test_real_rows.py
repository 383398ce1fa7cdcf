"""Every real file is accounted for, by a count of its rows without the product's code."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest

from hotspot.errors import InputError
from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.rows.balance import Context
from hotspot.intake.sources.registry import READERS
from hotspot.services.workspace.area_files import read_area
from hotspot.settings import SAMPLE_FOLDER
from tests.conftest import ROOT

REAL = ROOT.parent / "shared" / "real"
FILES = sorted(
    path for path in REAL.rglob("*") if path.is_file() and path.suffix not in (".md", "")
)


def csv_rows(path: Path) -> int:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    mark = "\t" if path.suffix == ".tab" else ";" if path.name.startswith("medellin") else ","
    return sum(1 for _ in csv.reader(io.StringIO(text, newline=""), delimiter=mark)) - 1


def xlsx_rows(path: Path) -> int:
    """Rows of the first sheet below its header."""
    with zipfile.ZipFile(path) as archive:
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - read for counting
    rows = [int(row.get("r", 0)) for row in sheet.iter() if row.tag.endswith("}row")]
    return max(rows) - 1


def gpkg_rows(path: Path) -> int:
    with sqlite3.connect(path) as database:
        (table,) = database.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' LIMIT 1"
        ).fetchone()
        return int(database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608


def dbf_rows(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        (name,) = [n for n in archive.namelist() if n.lower().endswith(".dbf")]
        return int(struct.unpack("<I", archive.read(name)[4:8])[0])


def json_rows(path: Path) -> int:
    content = json.loads(path.read_text(encoding="utf-8-sig"))
    return len(content["features"] if isinstance(content, dict) else content)


def xml_rows(path: Path) -> int:
    text = path.read_text(encoding="utf-8-sig")
    return text.count("<EstablishmentDetail>")


def osm_rows(path: Path) -> int:
    told = {"name", "amenity", "shop", "leisure", "tourism", "railway", "highway", "club"}
    told |= {"opening_hours"}
    things = ET.parse(path).getroot()  # noqa: S314 - read for counting
    return sum(any(tag.get("k") in told for tag in thing.iter("tag")) for thing in things)


COUNT: dict[str, Callable[[Path], int]] = {
    ".csv": csv_rows,
    ".tab": csv_rows,
    ".xlsx": xlsx_rows,
    ".gpkg": gpkg_rows,
    ".zip": dbf_rows,
    ".geojson": json_rows,
    ".json": json_rows,
    ".xml": xml_rows,
    ".osm": osm_rows,
    ".parquet": lambda path: pq.read_metadata(path).num_rows,
}


MAPPINGS = {
    "medellin_homicides.csv": Mapping(
        source="places", columns={"name": "modalidad", "lng": "longitud", "lat": "latitud"}
    )
}
"""Files whose columns have names of another language."""


def source_of(path: Path) -> str:
    name = path.name
    if "outcomes" in name:
        return "police-uk-outcomes"
    if "stop-and-search" in name:
        return "police-uk-stops"
    if path.parent.name == "fhrs" or name == "fhodot.xml":
        return "food-hygiene"
    if "Licensed" in name or name == "lga_premises.csv":
        return "licensing"
    if "street" in name or name == "police_api.json":
        return "police-uk"
    areal = ("ward", "lsoa", "boundary", "ortsteile", "precinct")
    return "boundaries" if any(word in name for word in areal) else "places"


@pytest.mark.skipif(not FILES, reason="no ../shared/real beside the checkout")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_rows_in_are_those_of_the_file_and_each_is_accounted_for(path: Path) -> None:
    source = source_of(path)
    context = Context(read_area(SAMPLE_FOLDER / "area.geojson"), (b"k" * 32,), takes_protected=True)
    try:
        balance = READERS[source](path, context, MAPPINGS.get(path.name), path.name).balance
    except InputError as refusal:
        pytest.skip(f"refused as a whole: {refusal}")
    assert balance.is_balanced
    assert balance.rows_in == COUNT[path.suffix](path)
