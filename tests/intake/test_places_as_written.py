"""Places as hubs, spreadsheets, phones and registers write them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from pyproj import Geod
from shapely.geometry import box

from hotspot.intake.places.coordinates import add_degrees, add_degrees_from_grid
from hotspot.intake.places.lookups import ReferenceFiles
from hotspot.intake.rows.balance import Context
from hotspot.schema import Area
from tests.intake.cases import (
    CONTEXT,
    EAST,
    INCIDENT,
    LICENCE,
    NORTH,
    numbered,
    read,
    reasons,
    text_of,
)

ADDRESSED = {k: v for k, v in INCIDENT.items() if k not in ("Easting", "Northing", "Location Text")}
TP01 = (-6.29977752014, 49.92226393730)
HUB = {"X": "-242676.5", "Y": "6986698.2", "NAME": "Crown", "TYPE": "Pub"}


def degrees(lng: str, lat: str) -> tuple[float | None, float | None]:
    rows = pl.DataFrame({"x": [lng], "y": [lat]})
    row = add_degrees(rows, "x", "y").row(0, named=True)
    return row["lng"], row["lat"]


@pytest.mark.parametrize(
    ("lng", "lat"),
    [
        ("2.18W", "53.02N"),
        ("2.18\u00b0 W", "53.02\u00b0 N"),
        ("W2.18", "N 53.02"),
        ("2\u00b010.8'W", "53\u00b001.2'N"),
        ("2\u00b0 10' 48\" W", "53\u00b0 1' 12\" N"),
        ("W2 10 48", "N53 01 12"),
        ("-2.18E+00", "5.302E+01"),
    ],
)
def test_degrees_with_letters_minutes_and_seconds_are_read(lng: str, lat: str) -> None:
    assert degrees(lng, lat) == pytest.approx((-2.18, 53.02))


def test_a_letter_of_the_other_axis_is_no_degree() -> None:
    assert degrees("53.02N", "2.18W") == (None, None)


def test_metres_in_scientific_notation_and_with_a_float_s_point_are_read() -> None:
    rows = pl.DataFrame({"e": ["3.882E+05", "388200.0"], "n": ["3.471E+05", "347100."]})
    assert add_degrees_from_grid(rows, "e", "n").select("lng", "lat").n_unique() == 1


def test_web_mercator_beside_degrees_gives_way_to_them(tmp_path: Path) -> None:
    both = HUB | {"LATITUDE": "53.020000", "LONGITUDE": "-2.180000"}
    for row in (both, HUB, HUB | {"X": "-2.18", "Y": "53.02"}):
        place = read(tmp_path, text_of(row), "places").table.row(0, named=True)
        assert (place["lng"], place["lat"]) == pytest.approx((-2.18, 53.02))


def test_a_row_without_metres_is_placed_by_its_degrees(tmp_path: Path) -> None:
    row = INCIDENT | {"Longitude": "", "Latitude": ""}
    other = row | {"Crime Number": "2", "Easting": "", "Northing": ""}
    other |= {"Longitude": "-2.18000", "Latitude": "53.02000"}
    reading = read(tmp_path, text_of(row, other))
    assert reading.balance.used == 2
    assert any("1 rows without coordinates lie at their longitude" in n for n in reading.notes)


def test_irish_grid_is_known_where_only_it_lies_in_the_area(tmp_path: Path) -> None:
    belfast = Area("North", box(-6.2, 54.4, -5.7, 54.8))
    context = Context(belfast, (b"k" * 32,))
    rows = numbered(3, INCIDENT | {"Easting": "333850", "Northing": "374050"})
    reading = read(tmp_path, text_of(*rows), context=context)
    assert reading.balance.used == 3
    assert reading.table["lat"][0] == pytest.approx(54.597, abs=0.003)
    assert any("Irish Grid (EPSG:29903)" in note for note in reading.notes)


@pytest.mark.parametrize(
    "text",
    [
        "(53.0200, -2.1800)",
        "53.0200, -2.1800",
        "[-2.1800, 53.0200]",
        "POINT (-2.18 53.02)",
        "SRID=4326;POINT(-2.18 53.02)",
        "53.02 N, 2.18 W",
    ],
)
def test_a_column_of_points_is_known_by_what_it_holds(tmp_path: Path, text: str) -> None:
    row = ADDRESSED | {"Location Text": text}
    record = read(tmp_path, text_of(row)).table.row(0, named=True)
    assert (record["lng"], record["lat"]) == pytest.approx((-2.18, 53.02))


def test_points_in_metres_are_read_as_the_grid(tmp_path: Path) -> None:
    row = ADDRESSED | {"Shape": f"POINT ({EAST} {NORTH})"}
    same = read(tmp_path, text_of(INCIDENT)).table
    found = read(tmp_path, text_of(row)).table
    assert found["lng"].item() == pytest.approx(same["lng"].item())


def test_degrees_of_two_decimals_are_known_to_a_kilometre_only(tmp_path: Path) -> None:
    plain = {k: v for k, v in INCIDENT.items() if k not in ("Easting", "Northing")}
    two = plain | {"Longitude": "-2.18", "Latitude": "53.02"}
    assert reasons(read(tmp_path, text_of(*numbered(12, two)))) == {"coarse_location": 12}
    three = read(tmp_path, text_of(*numbered(12, two | {"Latitude": "53.021"})))
    assert set(three.table["precision"]) == {"street"}
    assert read(tmp_path, text_of(two)).balance.used == 1  # one row says nothing about the file


def test_a_uprn_that_went_through_a_float_is_one(tmp_path: Path) -> None:
    row = ADDRESSED | {"UPRN": "100032012345.0"}
    assert reasons(read(tmp_path, text_of(row))) == {"no_uprn_file": 1}


def test_an_empty_uprn_beside_a_postcode_is_not_to_blame(tmp_path: Path) -> None:
    row = {k: v for k, v in LICENCE.items() if k not in ("Easting", "Northing")} | {"UPRN": ""}
    assert reasons(read(tmp_path, text_of(row), "licensing")) == {"no_postcode_file": 1}


def test_a_postcode_within_an_address_places_the_row(tmp_path: Path) -> None:
    folder = tmp_path / "code-point-open"
    folder.mkdir()
    (folder / "zz.csv").write_text(f'"ZZ1 1ZZ",10,{EAST},{NORTH},"E92000001","","","","",""\n')
    context = Context(CONTEXT.area, CONTEXT.pseudonym_keys, ReferenceFiles(tmp_path))
    row = {k: v for k, v in LICENCE.items() if k not in ("Easting", "Northing", "Postcode")}
    row |= {"Address": "1 Kiln Street, Test, ZZ1 1ZZ, Tel 01782 000000"}
    reading = read(tmp_path, text_of(row), "licensing", context=context)
    assert reading.balance.used == 1
    assert reading.table["lat"].item() is not None


def test_without_the_grid_file_the_degrees_are_as_good_as_is_said() -> None:
    """Ordnance Survey's test point TP01, with its ETRS89 degrees by OSTN15."""
    rows = pl.DataFrame({"e": ["91492.146"], "n": ["11318.804"]})
    found = add_degrees_from_grid(rows, "e", "n")
    distance = Geod(ellps="GRS80").inv(found["lng"][0], found["lat"][0], *TP01)[2]
    assert 2 < distance <= 5
