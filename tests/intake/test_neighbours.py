"""What nobody wrote down: the neighbours of the cases, in other spellings, marks and number forms."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from hotspot.errors import InputError
from hotspot.hours import clock, latest_closing
from hotspot.intake.fields.mapping import Mapping, likely_source, propose
from hotspot.people import reference_of
from tests.intake.cases import (
    DEGREES,
    INCIDENT,
    LICENCE,
    codes,
    geojson,
    numbered,
    point,
    read,
    reasons,
    text_of,
)

SITE = {"Name": "A", "Kind": "children's home", "Easting": "387951", "Northing": "345058"}
COUNTS = {"Month": "2026-01", "District": "North", "Recorded": "12", "Charge": "3"}
NOWHERE = {k: v for k, v in DEGREES.items() if k not in ("Longitude", "Latitude")}


def one_form(*references: str) -> list[str | None]:
    table = pl.DataFrame({"person": references})
    return table.select(reference_of(pl.col("person"))).to_series().to_list()


@pytest.mark.parametrize(
    "word",
    [
        *("Unknown 1", "UNKNOWN (male)", "Unidentified female", "N/R", "none recorded", "x"),
        *("No trace", "not on system", "9999999", "4.50012E+11", "refused", "N.K.", "#REF!"),
        *("TEST", "to follow", "Not Known - juvenile", "\uff2e\uff2f\uff2e\uff25"),
    ],
)
def test_more_words_name_nobody(word: str) -> None:
    assert one_form(word) == [None]


@pytest.mark.parametrize("reference", ["AB99999", "12345", "9999", "X1", "1E5", "TESTER7", "N7"])
def test_what_looks_like_a_reference_stays_one(reference: str) -> None:
    assert one_form(reference) == [reference]


@pytest.mark.parametrize(
    "spelt", ['="12345"', "#12345", "12,345", "\uff11\uff12\uff13\uff14\uff15", "'012345.00'"]
)
def test_spreadsheets_marks_make_no_other_person(spelt: str) -> None:
    assert one_form(spelt) == ["12345"]


@pytest.mark.parametrize(
    "written",
    [
        *("14/01/2026 13h30", "14/01/2026 - 13:30", "13:30 14/01/2026", "13:30:00 on 14 Jan 2026"),
        *(
            "14/01/2026 13:30 GMT",
            "14JAN2026:13:30:00",
            "14/Jan/2026:13:30:00",
            "'14/01/2026 13:30",
        ),
        *("Wed Jan 14 13:30:00 GMT 2026", "Wed, 14 Jan 2026 13:30:00 +0000", "1.7683974E9"),
        *("/Date(1768397400000)/", "2026-Jan-14 13:30", "2026.01.14 13:30", "14 01 2026 1330"),
        *("2026-01-14 14:30 BST", "14-01-26 1.30 p.m.", "1.7683974E12"),
    ],
)
def test_a_moment_is_one_however_it_is_written(tmp_path: Path, written: str) -> None:
    rows = numbered(2, INCIDENT | {"Date/Time From": written})
    table = read(tmp_path, text_of(*rows)).table
    assert {at.replace(tzinfo=None) for at in table["occurred_at"]} == {
        datetime(2026, 1, 14, 13, 30)
    }
    assert set(table["time_precision"]) == {"minute"}


@pytest.mark.parametrize(
    "written",
    [
        *(
            "1.77E+12",
            "1.7E+09",
            "1.76840E+12",
            "1.768397E+12",
            "20260114-05",
            "14/01/20-26",
            "14-Jan-20-26",
            "13/05/2026 +44",
        ),
        "14/01/2026 13:30 +19:00",
    ],
)
def test_what_may_be_another_moment_is_none(tmp_path: Path, written: str) -> None:
    """Digits that a spreadsheet rounded away, and numbers that are no zone."""
    rows = [*numbered(3, INCIDENT), INCIDENT | {"Crime Number": "odd", "Date/Time From": written}]
    assert reasons(read(tmp_path, text_of(*rows))) == {"bad_date": 1}


@pytest.mark.parametrize("written", ["14/01/2026 1:30 PM -05:00", "14/01/2026 13:30:00.000 -05:00"])
def test_a_zone_behind_a_time_is_taken(tmp_path: Path, written: str) -> None:
    rows = numbered(2, INCIDENT | {"Date/Time From": written})
    table = read(tmp_path, text_of(*rows)).table
    assert {at.replace(tzinfo=None) for at in table["occurred_at"]} == {
        datetime(2026, 1, 14, 18, 30)
    }


@pytest.mark.parametrize(
    "written",
    [
        *("14 Jan 2026", "Wednesday 14th January 2026", "14.1.26", "14JAN2026", "2026-Jan-14"),
        *("January 14, 2026", "14 01 2026", "2026.01.14", "14/01/2026"),
        *("'14/01/2026'", '"14/01/2026"'),
    ],
)
def test_a_day_alone_has_no_hour(tmp_path: Path, written: str) -> None:
    """A year behind a space was taken for a time of day, so that such rows stood at midnight."""
    rows = numbered(2, INCIDENT | {"Date/Time From": written})
    table = read(tmp_path, text_of(*rows)).table
    assert set(table["time_precision"]) == {"day"}
    assert table["occurred_at"].dt.date().unique().to_list() == [date(2026, 1, 14)]


@pytest.mark.parametrize(("word", "hour"), [("midnight", 0), ("12 noon", 12), ("midday", 12)])
def test_words_for_a_time_are_times(tmp_path: Path, word: str, hour: int) -> None:
    rows = numbered(2, INCIDENT | {"Date/Time From": f"14/01/2026 {word}"})
    table = read(tmp_path, text_of(*rows)).table
    assert table["occurred_at"].dt.hour().unique().to_list() == [hour]
    assert set(table["time_precision"]) == {"minute"}


def test_a_date_of_which_nothing_can_be_read_is_not_asked_about(tmp_path: Path) -> None:
    reading = read(tmp_path, text_of(COUNTS | {"Month": "Spring"}), "outcomes")
    assert codes(reading) == []
    assert reasons(reading) == {"bad_date": 1}


@pytest.mark.parametrize("month", ["2026-Jan", "Jan'26", "2026 January", "JAN 2026", "1/2026"])
def test_a_month_is_one_however_it_is_written(tmp_path: Path, month: str) -> None:
    table = read(tmp_path, text_of(COUNTS | {"Month": month}), "outcomes").table
    assert set(table["month"]) == {"2026-01"}


@pytest.mark.parametrize(
    ("lat", "lng"),
    [
        ("53.02 North", "2.18 West"),
        ("53.02 N", "-2.18 W"),
        ("53.02N", "2.18W"),
        ("N 53.02", "W 2.18"),
    ],
)
def test_a_sign_and_a_letter_say_the_same(tmp_path: Path, lat: str, lng: str) -> None:
    """Minus 2.18 west was taken for 2.18 east, in the North Sea."""
    rows = numbered(2, DEGREES | {"Latitude": lat, "Longitude": lng})
    table = read(tmp_path, text_of(*rows)).table
    assert table.select("lat", "lng").unique().rows() == [pytest.approx((53.02, -2.18))]


def test_a_sign_against_its_letter_is_no_place(tmp_path: Path) -> None:
    rows = numbered(2, DEGREES | {"Latitude": "53.02 N", "Longitude": "-2.18 E"})
    assert reasons(read(tmp_path, text_of(*rows))) == {"bad_coordinates": 2}


@pytest.mark.parametrize(
    "point",
    [
        *("53.02|-2.18", "lat: 53.02, lng: -2.18", "1 High Street\n(53.02, -2.18)", "N53.02 W2.18"),
        *('{"type":"Point","coordinates":[-2.18,53.02]}', "53°1'12\"N 2°10'48\"W"),
        *("388013, 346984", "E388013 N346984", "Easting: 388013, Northing: 346984"),
    ],
)
def test_a_point_in_one_column_is_read(tmp_path: Path, point: str) -> None:
    rows = numbered(2, NOWHERE | {"Where it was": point})
    table = read(tmp_path, text_of(*rows)).table
    assert table.select("lat", "lng").unique().rows() == [pytest.approx((53.02, -2.18), abs=2e-4)]


def test_telephone_numbers_are_no_points(tmp_path: Path) -> None:
    rows = numbered(2, NOWHERE | {"Telephone": "01782 234567"})
    with pytest.raises(InputError, match="says of no row where it is"):
        read(tmp_path, text_of(*rows))


def test_the_irish_grid_can_be_said(tmp_path: Path) -> None:
    """By where they lie these metres are the National Grid's; who knows better says so."""
    mapping = Mapping(
        source="incidents",
        columns={
            "reference": "Crime Number",
            "start": "Date/Time From",
            "easting": "Easting",
            "northing": "Northing",
        },
        grid="EPSG:29903",
    )
    rows = numbered(2, INCIDENT)
    reading = read(tmp_path, text_of(*rows), mapping=mapping)
    assert reasons(reading) == {"out_of_area": 2}
    assert "'Easting and Northing' are read as Irish Grid (EPSG:29903)." in " ".join(reading.notes)


@pytest.mark.parametrize(
    "withheld",
    ["<=5", "\u22645", "fewer than 5", "5 or fewer", "[c]", "x", "1-4", "**", "\u2013", ".."],
)
def test_a_count_that_is_withheld_is_unknown(tmp_path: Path, withheld: str) -> None:
    table = read(tmp_path, text_of(COUNTS | {"Recorded": withheld}), "outcomes").table
    assert table["what"].to_list() == ["charge"]


@pytest.mark.parametrize("odd", ["1.000", "12.5", "-3", "12 (p)"])
def test_a_count_that_may_be_another_is_rejected(tmp_path: Path, odd: str) -> None:
    assert reasons(read(tmp_path, text_of(COUNTS | {"Recorded": odd}), "outcomes")) == {
        "bad_number": 1
    }


@pytest.mark.parametrize("radius", ["1.000", "1", "5", "0.001 km", "100 yards"])
def test_a_radius_that_protects_nothing_stops_the_list(tmp_path: Path, radius: str) -> None:
    with pytest.raises(InputError, match=r"line 2, Radius: has a radius that cannot be read"):
        read(tmp_path, text_of(SITE | {"Radius": radius}), "sensitive-sites")


@pytest.mark.parametrize(
    ("status", "is_off"),
    [
        *(("In-active", True), ("superceded", True), ("No longer in force", True), ("Dead", True)),
        *(("Awaiting determination", True), ("Duplicate", True), ("Not suspended", False)),
        *(("Under review", False), ("Current, transfer pending", False)),
    ],
)
def test_more_words_of_a_status(tmp_path: Path, status: str, is_off: bool) -> None:
    reading = read(tmp_path, text_of(LICENCE | {"Status": status}), "licensing")
    assert reasons(reading) == ({"not_current": 1} if is_off else {})


@pytest.mark.parametrize(
    ("said", "until"),
    [
        *(("Mo-Su 10:00-02:00; PH off", "02:00"), ("Mo-Sa 10:00-23:00; Su,PH off", "23:00")),
        *(("Mon 10:00-23:00 Tue closed", "23:00"), ("Sunday closed, Mon-Sat 11:00-23:00", "23:00")),
    ],
)
def test_days_that_are_closed_have_no_hours(said: str, until: str) -> None:
    closing = latest_closing(said)
    assert closing is not None
    assert clock(closing) == until


def test_line_ends_that_were_written_twice_make_no_other_rows(tmp_path: Path) -> None:
    """Every second row was lost, without a word in the balance."""
    content = text_of(*numbered(5, INCIDENT)).replace("\n", "\r\r\n")
    reading = read(tmp_path, content)
    assert (reading.balance.rows_in, reading.balance.used) == (5, 5)


def test_an_area_of_a_file_of_boundaries_that_is_lost_is_asked_about(tmp_path: Path) -> None:
    square = {"type": "Polygon", "coordinates": [[[-2, 53], [-2, 53.1], [-1.9, 53.1], [-2, 53]]]}
    reading = read(tmp_path, geojson(square, None, square), "boundaries", "w.geojson")
    assert codes(reading) == ["boundaries:lost"]
    assert "1 area cannot be used" in reading.questions[0].text
    assert "features 2 (P1)" in reading.questions[0].text
    assert codes(read(tmp_path, geojson(square), "boundaries", "w.geojson")) == []
    with pytest.raises(InputError, match="no polygon"):
        read(tmp_path, geojson(point(-2, 53)), "boundaries", "w.geojson")


@pytest.mark.parametrize(
    ("row", "source"),
    [(INCIDENT, "incidents"), (DEGREES, "incidents"), (LICENCE, "licensing"), (COUNTS, "outcomes")],
)
def test_columns_tell_what_a_file_holds(row: dict[str, str], source: str) -> None:
    assert likely_source("missing", row) == source
    assert likely_source(source, row) == source


def test_columns_that_tell_nothing_leave_what_was_chosen() -> None:
    assert likely_source("missing", ["a", "b"]) == "missing"
    assert likely_source("food-hygiene", INCIDENT) == "food-hygiene"


@pytest.mark.parametrize(
    "crs",
    [
        *("27700", "British National Grid", "OSGB36 / British National Grid", "EPSG27700"),
        *("http://www.opengis.net/gml/srs/epsg.xml#27700", "urn:x-ogc:def:crs:EPSG:27700"),
    ],
)
def test_a_named_system_has_more_names(tmp_path: Path, crs: str) -> None:
    content = geojson(point(387_951, 345_058), crs={"type": "name", "properties": {"name": crs}})
    table = read(tmp_path, content, "places", "x.geojson").table
    assert table["lat"].to_list() == [pytest.approx(53.00269, abs=1e-4)]
    content = geojson(point(387_951, 345_058), crs=crs)
    assert read(tmp_path, content, "places", "x.geojson").balance.used == 1


def test_features_in_a_list_and_records_in_an_answer_are_read(tmp_path: Path) -> None:
    features = json.loads(geojson(point(-2.18, 53.02)))["features"]
    assert read(tmp_path, json.dumps(features), "places", "x.json").balance.used == 1
    records = numbered(2, DEGREES)
    for name, content in (
        ("x.json", json.dumps({"count": 2, "results": records})),
        ("x.jsonl", "\n".join(json.dumps(record) for record in records)),
    ):
        assert read(tmp_path, content, "incidents", name).balance.used == 2
    server = [
        {"attributes": record, "geometry": {"x": -2.18, "y": 53.02}}
        for record in numbered(2, NOWHERE)
    ]
    assert read(tmp_path, json.dumps({"features": server}), name="x.json").balance.used == 2


@pytest.mark.parametrize(
    "more",
    [
        {"count": 1240, "next": "https://api.example/?page=2"},
        {"exceededTransferLimit": True},
        {"total": 3},
        {"meta": {"total_count": 1240}},
        {"links": {"next": "/v1/records?page=2", "self": "/v1/records"}},
        {"links": [{"rel": "self"}, {"rel": "next", "href": "/x"}]},
        {"@odata.nextLink": "https://api.example/x"},
        {"pagination": {"next_cursor": "abc"}},
    ],
)
def test_one_page_of_an_answer_is_not_taken_for_the_whole(
    tmp_path: Path, more: dict[str, object]
) -> None:
    content = json.dumps(more | {"results": numbered(2, DEGREES)})
    with pytest.raises(InputError, match="one page of an answer"):
        read(tmp_path, content, "incidents", "x.json")


@pytest.mark.parametrize(
    "more",
    [
        {"exceededTransferLimit": True},
        {"properties": {"exceededTransferLimit": True}},
        {"numberMatched": 1240, "numberReturned": 1},
        {"links": [{"rel": "next", "href": "/x"}]},
    ],
)
def test_one_page_of_features_is_not_taken_for_the_whole(
    tmp_path: Path, more: dict[str, object]
) -> None:
    content = json.loads(geojson(point(-2.18, 53.02))) | more
    with pytest.raises(InputError, match="one page of an answer"):
        read(tmp_path, json.dumps(content), "places", "x.geojson")


def test_a_query_that_ran_out_of_time_is_not_taken_for_the_whole(tmp_path: Path) -> None:
    answer = {"elements": [], "remark": 'runtime error: Query timed out in "query" at line 3'}
    with pytest.raises(InputError, match="cut off"):
        read(tmp_path, json.dumps(answer), "places", "x.json")


def test_an_answer_that_is_whole_is_read(tmp_path: Path) -> None:
    whole = {"count": 2, "next": None, "links": {"next": ""}, "meta": {"total": 2}}
    content = json.dumps(whole | {"results": numbered(2, DEGREES)})
    assert read(tmp_path, content, "incidents", "x.json").balance.used == 2
    lone = json.loads(geojson(point(-2.18, 53.02)))["features"][0]
    lone["properties"] |= {"total": 1240, "next": "street"}
    assert read(tmp_path, json.dumps(lone), "places", "x.geojson").balance.used == 1


def test_columns_named_beside_the_records_are_no_records(tmp_path: Path) -> None:
    """An ArcGIS server's answer has both."""
    features = [
        {"attributes": record, "geometry": {"x": -2.18, "y": 53.02}}
        for record in numbered(2, NOWHERE)
    ]
    answer = {"fields": [{"name": name} for name in NOWHERE], "features": features}
    assert read(tmp_path, json.dumps(answer), name="x.json").balance.used == 2


def test_a_bad_line_of_json_is_named(tmp_path: Path) -> None:
    content = json.dumps(numbered(1, DEGREES)[0]) + "\n{oops\n"
    with pytest.raises(InputError, match="line 2"):
        read(tmp_path, content, "incidents", "x.jsonl")


def test_one_placemark_without_numbers_is_one_row(tmp_path: Path) -> None:
    placemark = "<Placemark><name>P</name><Point><coordinates>{}</coordinates></Point></Placemark>"
    content = "<kml>" + "".join(placemark.format(at) for at in ("x,y", "-2.18,53.02")) + "</kml>"
    reading = read(tmp_path, content, "places", "x.kml")
    assert (reading.balance.used, reasons(reading)) == (1, {"no_location": 1})


@pytest.mark.parametrize(
    "header",
    ["Curr. Status", "Current Status", "Status Desc", "LicenceStatusText", "Record Status"],
)
def test_a_status_is_found_whatever_stands_around_it(tmp_path: Path, header: str) -> None:
    """Lapsed licences counted as in force where their column was called otherwise."""
    row = {header if name == "Status" else name: value for name, value in LICENCE.items()}
    reading = read(tmp_path, text_of(row | {header: "Lapsed"}), "licensing")
    assert reasons(reading) == {"not_current": 1}


@pytest.mark.parametrize(
    "headers",
    [
        *(("DPS Status",), ("Payment Status",), ("Objection Status", "Planning Status")),
        *(("Application Status",), ("Hearing Status",), ("Supervisor Status Code",)),
    ],
)
def test_the_status_of_something_else_is_not_the_licences(headers: tuple[str, ...]) -> None:
    """A premises whose supervisor was removed is in force."""
    columns = [*(name for name in LICENCE if name != "Status"), *headers]
    assert "status" not in propose("licensing", columns).columns
