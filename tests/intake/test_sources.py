"""Files to records: the good path of each source, and each row accounted for."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from hotspot import InputError
from hotspot.intake.rows.balance import REASONS, Balance, Context
from hotspot.intake.sources import (
    food_hygiene,
    incidents,
    licensing_register,
    missing,
    points_of_interest,
    police_uk,
)
from hotspot.schema import PREMISES, RECORDS, Area
from sample_geo.make import LICENCE_HEADER
from tests.intake.cases import STREET_COLUMNS

AREA = Area("Test", box(-2.5, 52.4, -1.5, 53.3))
CONTEXT = Context(AREA, (b"k" * 32,))
EAST, NORTH = "387951", "345058"

MISSING_ROW = {
    "Occurrence Number": "22000123456",
    "Person ID": "P1",
    "Date/Time From": "01/05/2026 20:00",
    "Date/Time Found": "02/05/2026 03:00",
    "Location Type": "Sighting",
    "Location Setting": "Street",
    "Location Date/Time": "01/05/2026 23:30",
    "Location Text": "1 Some Street",
    "Easting": EAST,
    "Northing": NORTH,
}
INCIDENT_ROW = {
    "Crime Number": "21DA/1/26",
    "Offence": "Grooming",
    "Form of Abuse": "Child sexual exploitation",
    "Person ID": "P1",
    "Date/Time From": "01/05/2026 20:00",
    "Date/Time To": "",
    "Location Setting": "Hotel",
    "Location Text": "x",
    "Easting": EAST,
    "Northing": NORTH,
}
STREET_ROW = dict.fromkeys(STREET_COLUMNS, "") | {
    "Crime ID": "c1",
    "Month": "2026-05",
    "Longitude": "-2.18",
    "Latitude": "53.0",
    "Crime type": "Drugs",
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a CSV file."""

    def write_rows(*rows: dict[str, str], name: str = "file.csv") -> Path:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write_rows


def write_workbook(path: Path, rows: list[list[object]]) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path


def test_a_force_workbook_is_read_under_its_marking_and_titles(tmp_path: Path) -> None:
    """22:30 UTC is 23:30 in England in May; numbers lose no digit; the print stamp is a footer."""
    values = [22000123456, *list(MISSING_ROW.values())[1:8], int(EAST), int(NORTH)]
    rows: list[list[object]] = [
        ["OFFICIAL-SENSITIVE"],
        ["Title"],
        ["Period"],
        [*MISSING_ROW],
        values,
        [],
        ["Printed by X on 03/11/2026"],
    ]
    reading = missing.read(write_workbook(tmp_path / "m.xlsx", rows), CONTEXT)
    assert reading.balance == Balance(3, 1, Counter(blank=1, footer=1), Counter())
    row = reading.table.row(0, named=True)
    assert row["occurred_at"] == datetime(2026, 5, 1, 22, 30, tzinfo=UTC)
    assert (row["role"], row["setting"], row["time_precision"]) == (
        "sighted",
        "public_space",
        "minute",
    )
    assert row["lat"] == pytest.approx(53.0027, abs=0.001)
    assert row["lng"] == pytest.approx(-2.1811, abs=0.001)
    assert "m.xlsx: header found in row 4." in reading.notes
    assert reading.table.columns == ["line", *RECORDS]


def test_a_child_is_a_pseudonym_of_this_workspace(write: Callable[..., Path]) -> None:
    path = write(MISSING_ROW)
    mine, other = missing.read(path, CONTEXT), missing.read(path, Context(AREA, (b"x" * 32,)))
    assert mine.table["child"].item() != other.table["child"].item()
    assert "P1" not in mine.table["child"].item()
    assert mine.table["child"].equals(missing.read(path, CONTEXT).table["child"])


def test_without_a_time_of_its_own_a_location_spans_the_episode(write: Callable[..., Path]) -> None:
    row = missing.read(write(MISSING_ROW | {"Location Date/Time": ""}), CONTEXT).table.row(
        0, named=True
    )
    assert row["occurred_at"] == datetime(2026, 5, 1, 19, tzinfo=UTC)
    assert row["occurred_to"] == datetime(2026, 5, 2, 2, tzinfo=UTC)


def test_last_seen_at_the_origin_counts_half(write: Callable[..., Path]) -> None:
    origin = MISSING_ROW | {"Location Type": "Missing From"}
    seen = MISSING_ROW | {"Location Type": "Last Seen"}
    away = MISSING_ROW | {"Location Type": "Last Seen", "Easting": "388951"}
    found = MISSING_ROW | {"Location Type": "Found"}
    table = missing.read(write(origin, seen, away, found), CONTEXT).table
    assert table["weight"].to_list() == [1.0, 0.5, 1.0, 1.0]
    assert table["at_origin"].to_list() == [True, True, False, True]


@pytest.mark.parametrize(
    ("change", "kind", "reason"),
    [
        ({"Occurrence Number": ""}, "rejected", "no_reference"),
        ({"Location Type": "Somewhere"}, "rejected", "unknown_role"),
        ({"Date/Time From": "1st May"}, "rejected", "bad_date"),
        ({"Date/Time From": ""}, "rejected", "bad_date"),
        ({"Location Date/Time": "31/02/2026 10:00"}, "rejected", "bad_date"),
        ({"Location Date/Time": "29/03/2026 01:30"}, "rejected", "time_does_not_exist"),
        ({"Date/Time Found": "30/04/2026 03:00"}, "rejected", "ends_before_start"),
        ({"Easting": "abc"}, "rejected", "bad_coordinates"),
        ({"Easting": "9999999"}, "rejected", "bad_coordinates"),
        ({"Easting": ""}, "rejected", "bad_coordinates"),
        ({"Easting": "", "Northing": ""}, "set_aside", "no_location"),
        ({"Easting": "0", "Northing": "0"}, "set_aside", "zero_coordinates"),
        ({"Easting": "530000", "Northing": "180000"}, "set_aside", "out_of_area"),
    ],
)
def test_a_row_that_cannot_be_used_has_its_reason(
    write: Callable[..., Path], change: dict[str, str], kind: str, reason: str
) -> None:
    reading = missing.read(write(MISSING_ROW, MISSING_ROW | {"Person ID": "P2"} | change), CONTEXT)
    assert dict(getattr(reading.balance, kind)) == {reason: 1}
    assert reading.balance.used == 1
    assert reading.balance.is_balanced
    assert reading.rejects.drop("column").to_dicts() == [{"line": 3, "reason": reason}]


def test_what_a_join_has_doubled_counts_once(write: Callable[..., Path]) -> None:
    reading = missing.read(write(MISSING_ROW, MISSING_ROW), CONTEXT)
    assert dict(reading.balance.set_aside) == {"duplicate_row": 1}


def test_one_point_with_many_descriptions_is_a_default_coordinate(
    write: Callable[..., Path],
) -> None:
    """25 rows with 25 texts are a heap; 25 rows at one address are not."""
    heap = [
        MISSING_ROW | {"Occurrence Number": str(n), "Location Text": f"place {n}"}
        for n in range(25)
    ]
    hotel = [
        MISSING_ROW | {"Occurrence Number": str(100 + n), "Easting": "388500"} for n in range(25)
    ]
    reading = missing.read(write(*heap, *hotel), CONTEXT)
    assert dict(reading.balance.set_aside) == {"default_coordinate": 25}
    assert reading.balance.used == 25
    assert reading.table.height == 50


def test_the_hour_that_autumn_repeats_is_read_as_its_first(write: Callable[..., Path]) -> None:
    row = INCIDENT_ROW | {"Date/Time From": "25/10/2026 01:30"}
    at = incidents.read(write(row), CONTEXT).table["occurred_at"].item()
    assert at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_same_reference_with_other_content_is_not_overwritten(
    write: Callable[..., Path],
) -> None:
    reading = incidents.read(write(INCIDENT_ROW, INCIDENT_ROW | {"Offence": "Other"}), CONTEXT)
    assert dict(reading.balance.set_aside) == {"same_id_differs": 1}
    assert reading.table["kind"].to_list() == ["Grooming"]


def test_identical_street_rows_without_an_id_are_separate_incidents(
    write: Callable[..., Path],
) -> None:
    row = STREET_ROW | {"Crime ID": ""}
    reading = police_uk.read(write(row, row, row), CONTEXT)
    assert reading.balance.used == 3
    assert reading.table["record_id"].n_unique() == 3
    assert reading.table["record_id"].equals(
        police_uk.read(write(row, row, row), CONTEXT).table["record_id"]
    )
    assert reading.table["time_precision"].unique().to_list() == ["month"]
    assert any("approximate" in note for note in reading.notes)


def test_a_street_row_without_coordinates_is_set_aside(write: Callable[..., Path]) -> None:
    reading = police_uk.read(write(STREET_ROW | {"Longitude": "", "Latitude": ""}), CONTEXT)
    assert dict(reading.balance.set_aside) == {"no_location": 1}


def fhrs(*details: str) -> str:
    body = "".join(f"<EstablishmentDetail>{d}</EstablishmentDetail>" for d in details)
    return f"<FHRSEstablishment><EstablishmentCollection>{body}</EstablishmentCollection></FHRSEstablishment>"


def establishment(number: int, kind: int, lng: float | None = -2.1) -> str:
    place = "" if lng is None else f"<Longitude>{lng}</Longitude><Latitude>53.0</Latitude>"
    return (
        f"<FHRSID>{number}</FHRSID><BusinessName>Name &amp; Co</BusinessName>"
        f"<BusinessTypeID>{kind}</BusinessTypeID><AddressLine2>1 Road</AddressLine2>"
        f"<PostCode>ZZ1 1ZZ</PostCode><LocalAuthorityName>A</LocalAuthorityName><Geocode>{place}</Geocode>"
    )


def test_food_hygiene_keeps_the_night_time_economy_and_no_care_setting(tmp_path: Path) -> None:
    path = tmp_path / "f.xml"
    path.write_text(
        fhrs(
            establishment(1, 7844),
            establishment(2, 5),
            establishment(3, 7845),
            establishment(4, 7838),
            establishment(5, 7843, None),
            establishment(6, 7843, 1.5),
        )
    )
    reading = food_hygiene.read(path, CONTEXT)
    assert reading.table.select("premises_ref", "name", "kind").rows() == [
        ("1", "Name & Co", "takeaway")
    ]
    assert dict(reading.balance.set_aside) == {
        "sensitive_type": 2,
        "other_trade": 1,
        "no_location": 1,
        "out_of_area": 1,
    }
    assert reading.table.columns == ["line", *PREMISES]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<a>",
        "<FHRSEstablishment/>",
        '<!DOCTYPE a [<!ENTITY b "c">]><FHRSEstablishment>&b;</FHRSEstablishment>',
    ],
)
def test_what_is_no_food_hygiene_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "f.xml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"f\.xml"):
        food_hygiene.read(path, CONTEXT)


def test_a_licence_tells_the_kind_by_its_activities(write: Callable[..., Path]) -> None:
    base = dict.fromkeys(LICENCE_HEADER, "x") | {
        "Status": "Current",
        "Easting": EAST,
        "Northing": NORTH,
    }
    activities = {
        "late night refreshment": "takeaway",
        "alcohol off sales": "off-licence or shop",
        "alcohol on sales; recorded music": "pub, bar or nightclub",
        "private hire operator": "taxi operator",
        "alcohol on sales": "other licensed premises",
    }
    rows = [base | {"Licence Number": str(n), "Activities": a} for n, a in enumerate(activities)]
    rows.append(base | {"Licence Number": "s", "Status": "Surrendered"})
    reading = licensing_register.read(write(*rows), CONTEXT)
    assert reading.table["kind"].to_list() == list(activities.values())
    assert dict(reading.balance.set_aside) == {"not_current": 1}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not readable as JSON: .* line 1, column 2"),
        ('{"type":"gdal_streamed_alg"}', "not a GeoJSON FeatureCollection"),
        ('{"type":"FeatureCollection","crs":{"type":"link"},"features":[]}', "coordinate system"),
    ],
)
def test_hostile_geojson_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "p.geojson"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        points_of_interest.read(path, CONTEXT)


def test_places_without_a_name_or_in_metres_are_rejected(tmp_path: Path) -> None:
    def feature(name: str, point: list[float]) -> str:
        return f'{{"type":"Feature","properties":{{"name":"{name}","kind":"park"}},"geometry":{{"type":"Point","coordinates":{point}}}}}'

    path = tmp_path / "p.geojson"
    features = [
        feature("A", [-2.1, 53.0]),
        feature("", [-2.1, 53.0]),
    ]
    path.write_text(f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}')
    reading = points_of_interest.read(path, CONTEXT)
    assert dict(reading.balance.rejected) == {"no_name": 1}
    assert reading.table["name"].to_list() == ["A"]
    features.append(feature("B", [388000, 347000]))
    path.write_text(f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}')
    reading = points_of_interest.read(path, CONTEXT)
    assert reading.balance.set_aside["no_location"] == 1
    assert any("coordinates of features 3 are no degrees" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "lacks the column"),
        (b"PK\x03\x04", "damaged"),
        (",".join(f"c{n}" for n in range(600)).encode(), "600 columns"),
        ((",".join(STREET_COLUMNS) + ",Month\n").encode(), "twice"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_name(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "wrong.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        police_uk.read(path, CONTEXT)
    assert "wrong.csv" in str(caught.value)


def test_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    header = ",".join(INCIDENT_ROW)
    row = ",".join(INCIDENT_ROW.values()).replace("Grooming", "Caf\u00e9")
    path.write_bytes(f"{header}\r\n{row}\r\n".encode("cp1252"))
    reading = incidents.read(path, CONTEXT)
    assert reading.table["kind"].to_list() == ["Caf\u00e9"]
    assert reading.notes[0].startswith("w.csv: read as Windows-1252. Check these: Café.")


def test_a_ragged_row_is_rejected_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    row = ",".join(STREET_ROW.values())
    path.write_text(f"{','.join(STREET_COLUMNS)}\n{row}\n{row},extra\n\n")
    reading = police_uk.read(path, CONTEXT)
    assert reading.rejects.drop("column").to_dicts() == [{"line": 3, "reason": "ragged_row"}]
    assert [question.code for question in reading.questions] == ["ragged"]


def test_a_csv_export_may_end_in_a_print_stamp_too(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    row, header = ",".join(MISSING_ROW.values()), ",".join(MISSING_ROW)
    path.write_text(f"{header}\n{row}\n{row},extra\nPrinted by X on 03/11/2026\n")
    reading = missing.read(path, CONTEXT)
    assert reading.balance == Balance(3, 1, Counter(footer=1), Counter(ragged_row=1))


def test_a_workbook_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="lacks the column"):
        missing.read(write_workbook(tmp_path / "x.xlsx", [["a", "b"], [1, 2]]), CONTEXT)
    (tmp_path / "y.xlsx").write_bytes(b"no workbook")
    with pytest.raises(InputError, match=r"y\.xlsx cannot be read"):
        missing.read(tmp_path / "y.xlsx", CONTEXT)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n\x1f"), max_size=12)


@pytest.mark.slow
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "Crime ID": st.one_of(st.just(""), texts),
                "Month": st.sampled_from(["2026-05", "2026-13", "", "05/2026"]),
                "Longitude": st.sampled_from(["-2.18", "", "abc", "361", "0", "-1e400", "1_0"]),
                "Latitude": st.sampled_from(["53.0", "", "nan", "91", "0", "53,02"]),
                "Location": texts,
            }
        ),
        max_size=30,
    )
)
def test_rows_in_are_used_set_aside_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "f.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, STREET_COLUMNS)
        writer.writeheader()
        writer.writerows([STREET_ROW | row for row in rows])
    reading = police_uk.read(path, CONTEXT)
    assert reading.balance.rows_in == len(rows)
    assert reading.balance.is_balanced
    kept = reading.balance.used + reading.balance.set_aside["out_of_area"]
    assert reading.table.height == kept
    assert reading.rejects.height == len(rows) - reading.balance.used
    assert reading.table.filter(pl.col("lat").is_null()).height == 0
    assert set(reading.balance.set_aside) | set(reading.balance.rejected) <= set(REASONS)
