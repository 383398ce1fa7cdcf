"""Bad inputs N01 to N21: coordinates. Each asserts what an excellent tool does with the case."""

from __future__ import annotations

from pathlib import Path

import h3
import pytest

from hotspot import InputError
from hotspot.intake.fields.mapping import Mapping, propose
from hotspot.intake.places.grid_references import corner_of
from tests.intake.cases import (
    DEGREES,
    EAST,
    INCIDENT,
    LICENCE,
    NORTH,
    STREET,
    case,
    codes,
    geojson,
    numbered,
    point,
    read,
    reasons,
    text_of,
)


@case("N01")
def test_a_file_with_swapped_axes_is_refused_and_read_when_told_so(tmp_path: Path) -> None:
    swapped = [
        row | {"Longitude": "53.0200", "Latitude": "-2.1800"} for row in numbered(30, DEGREES)
    ]
    with pytest.raises(InputError, match="look swapped: 30 of 30"):
        read(tmp_path, text_of(*swapped))
    mapping = propose("incidents", DEGREES).model_copy(update={"swap_axes": True})
    reading = read(tmp_path, text_of(*swapped), mapping=mapping)
    assert reading.balance.used == 30
    assert any("changed round" in note for note in reading.notes)


@case("N02")
def test_a_single_swapped_row_is_set_aside_by_its_own_reason(tmp_path: Path) -> None:
    rows = numbered(30, DEGREES)
    rows[7] |= {"Longitude": "53.02", "Latitude": "-2.18"}
    reading = read(tmp_path, text_of(*rows))
    assert reasons(reading) == {"swapped_axes": 1}
    assert reading.rejects["line"].to_list() == [9]


@case("N03")
def test_grid_metres_in_columns_of_degrees_are_known_for_what_they_are(tmp_path: Path) -> None:
    rows = [row | {"Longitude": "388000", "Latitude": "347000"} for row in numbered(5, DEGREES)]
    with pytest.raises(InputError, match=r"British National Grid metres in 5 rows.*easting"):
        read(tmp_path, text_of(*rows))
    mixed = [*numbered(30, DEGREES), DEGREES | {"Longitude": "388000", "Latitude": "347000"}]
    assert reasons(read(tmp_path, text_of(*mixed))) == {"grid_in_degrees": 1}
    mapping = Mapping(source="incidents", columns=propose("incidents", INCIDENT).columns)
    grid = [r | {"Easting": "-2.18", "Northing": "53.02"} for r in numbered(1, INCIDENT)]
    grid += [row | {"Crime Number": f"G{n}"} for n, row in enumerate(numbered(5, INCIDENT))]
    assert reasons(read(tmp_path, text_of(*grid), mapping=mapping)) == {"degrees_in_grid": 1}


@case("N04")
def test_geojson_in_metres_without_a_system_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="feature 2 has coordinates that are no degrees"):
        read(tmp_path, geojson(point(-2.1, 53), point(388000, 347000)), "places", "p.geojson")


@case("N05")
def test_grid_references_are_the_middle_of_their_square(tmp_path: Path) -> None:
    row = {k: v for k, v in INCIDENT.items() if k not in ("Easting", "Northing")}
    texts = ["SJ 88 47", "SJ8847", "SJ 88123 47456", "sj 881 474", "XX 1 1", "SJ 881 47"]
    rows = [row | {"Crime Number": str(n), "Grid Ref": t} for n, t in enumerate(texts)]
    reading = read(tmp_path, text_of(*rows))
    assert reasons(reading) == {"bad_grid_reference": 2, "coarse_location": 2}
    table = reading.table.sort("line")
    assert table["precision"].to_list() == ["locality", "locality", "building", "street"]
    assert table["lat"][0] == table["lat"][1]
    assert table["set_aside"].to_list() == ["coarse_location", "coarse_location", None, None]
    assert corner_of("SJ") == (300_000, 300_000)
    assert corner_of("TQ") == (500_000, 100_000)


@case("N06")
def test_degrees_minutes_and_seconds_are_read(tmp_path: Path) -> None:
    rows = [
        DEGREES | {"Longitude": "2°10'48\"W", "Latitude": "53°01'12\"N"},
        DEGREES | {"Crime Number": "2", "Longitude": "2°75'48\"W", "Latitude": "53°01'12\"N"},
    ]
    reading = read(tmp_path, text_of(*rows))
    assert reading.table["lat"].item() == pytest.approx(53.02)
    assert reading.table["lng"].item() == pytest.approx(-2.18)
    assert reasons(reading) == {"bad_coordinates": 1}


@case("N07", "N08", "N09", "N10")
@pytest.mark.parametrize(
    ("lng", "lat", "reason"),
    [
        ("0", "0", "zero_coordinates"),
        ("0.0", "0.00", "zero_coordinates"),
        ("-2.18", "91", "bad_coordinates"),
        ("361", "53", "bad_coordinates"),
        ("-2.18", "-91", "bad_coordinates"),
        ("", "", "no_location"),
        ("nan", "nan", "no_location"),
        ("N/A", "n/a", "no_location"),
        ("None", "None", "no_location"),
        ("Infinity", "53", "bad_coordinates"),
        ("1e400", "53", "bad_coordinates"),
        ("1", "1", "dummy_coordinates"),
    ],
)
def test_what_is_no_place_never_reaches_a_cell(
    tmp_path: Path, lng: str, lat: str, reason: str
) -> None:
    rows = [*numbered(3, DEGREES), DEGREES | {"Longitude": lng, "Latitude": lat}]
    reading = read(tmp_path, text_of(*rows))
    assert reasons(reading) == {reason: 1}
    assert reading.table["lat"].is_finite().all()
    assert all(
        h3.is_valid_cell(h3.latlng_to_cell(*at, 9)) for at in reading.table["lat", "lng"].rows()
    )


@case("N11")
def test_a_decimal_comma_is_believed_only_of_a_whole_column(tmp_path: Path) -> None:
    comma = [row | {"Longitude": "-2,18", "Latitude": "53,02"} for row in numbered(4, DEGREES)]
    whole = read(tmp_path, text_of(*comma))
    assert whole.table["lat"].to_list() == pytest.approx([53.02] * 4)
    mixed = read(tmp_path, text_of(*comma[:1], *numbered(4, DEGREES)[1:]))
    assert reasons(mixed) == {"bad_coordinates": 1}


@case("N12")
@pytest.mark.parametrize("lng", ["\u22122.18", "- 2.18", "-2.18\u00a0", "  -2.18  "])
def test_odd_spaces_and_minus_signs_are_read(tmp_path: Path, lng: str) -> None:
    reading = read(tmp_path, text_of(DEGREES | {"Longitude": lng}))
    assert reading.table["lng"].item() == pytest.approx(-2.18)


@case("N13")
@pytest.mark.parametrize("text", ["1_000", "\u0665\u0663", "0x35", "5.3e1"])
def test_numbers_of_other_kinds_are_refused(tmp_path: Path, text: str) -> None:
    rows = [*numbered(2, DEGREES), DEGREES | {"Latitude": text}]
    assert reasons(read(tmp_path, text_of(*rows))) == {"bad_coordinates": 1}


@case("N14")
def test_a_place_far_from_its_own_postcode_is_set_aside(tmp_path: Path) -> None:
    rows = numbered(20, LICENCE, Postcode=lambda n: f"ZZ1 {n % 9 + 1}AA")
    far = LICENCE | {"Licence Number": "far", "Easting": "352000", "Northing": "310000"}
    reading = read(tmp_path, text_of(*rows, far), "licensing")
    assert reasons(reading) in ({"postcode_disagrees": 1}, {"out_of_area": 1})
    near = far | {"Easting": "385000", "Northing": "300500"}
    assert reasons(read(tmp_path, text_of(*rows, near), "licensing")) == {"postcode_disagrees": 1}


@case("N15")
def test_a_point_outside_the_area_is_kept_and_marked(tmp_path: Path) -> None:
    rows = [*numbered(9, DEGREES), DEGREES | {"Longitude": "-1.2"}]
    reading = read(tmp_path, text_of(*rows))
    assert reasons(reading) == {"out_of_area": 1}
    assert reading.table.filter(set_aside="out_of_area").height == 1


@case("N16")
def test_rows_that_share_one_point_are_asked_about(tmp_path: Path) -> None:
    station = numbered(60, INCIDENT)
    reading = read(tmp_path, text_of(*station))
    assert codes(reading) == ["heap"]
    assert "60 rows lie on one point" in reading.questions[0].text
    texts = numbered(60, INCIDENT, Location_Text=lambda n: f"place {n}")
    assert reasons(read(tmp_path, text_of(*texts))) == {"default_coordinate": 60}


@case("N17", "N33")
def test_snap_points_are_labelled_and_months_carry_no_hour(tmp_path: Path) -> None:
    reading = read(tmp_path, text_of(STREET), "police-uk")
    row = reading.table.row(0, named=True)
    assert (row["precision"], row["time_precision"]) == ("snapped", "month")
    assert any("approximate" in note for note in reading.notes)
    incident = read(tmp_path, text_of(INCIDENT | {"Date/Time From": "2026-05"}))
    assert incident.table["time_precision"].item() == "month"


@case("N19")
def test_polygons_across_the_date_line_or_a_pole_lie_outside(tmp_path: Path) -> None:
    across = {"type": "Polygon", "coordinates": [[[179, 52], [181, 52], [181, 53], [179, 52]]]}
    with pytest.raises(InputError, match="no degrees"):
        read(tmp_path, geojson(across), "places", "p.geojson")
    pole = {
        "type": "Polygon",
        "coordinates": [[[-180, 80], [0, 80], [180, 80], [0, 90], [-180, 80]]],
    }
    assert reasons(read(tmp_path, geojson(pole), "places", "p.geojson")) == {"out_of_area": 1}


@case("N20")
def test_heights_are_dropped(tmp_path: Path) -> None:
    reading = read(tmp_path, geojson(point(-2.1, 53, 120)), "places", "p.geojson")
    assert reading.table["lat"].item() == 53
    assert reading.balance.used == 1


@case("N21")
def test_each_file_is_moved_by_its_own_system(tmp_path: Path) -> None:
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    text = geojson(point(float(EAST), float(NORTH)), crs=named)
    reading = read(tmp_path, text, "places", "p.geojson")
    assert reading.table["lat"].item() == pytest.approx(53.0027, abs=0.001)
    unknown = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}
    with pytest.raises(InputError, match="coordinate system that is not read"):
        read(tmp_path, geojson(point(1, 1), crs=unknown), "places", "p.geojson")
    mapping = propose("incidents", DEGREES).model_copy(update={"degrees": "OSGB36"})
    old = read(tmp_path, text_of(DEGREES), mapping=mapping).table.row(0, named=True)
    assert 0.0001 < abs(old["lng"] + 2.18) < 0.003
