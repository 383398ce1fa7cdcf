"""People, dates, keys, protecting lists and licences as exports really have them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hotspot import InputError
from hotspot.intake.fields.mapping import Mapping, propose
from hotspot.intake.rows.balance import accepted_instead
from tests.intake.cases import CONTEXT, INCIDENT, LICENCE, codes, numbered, read, reasons, text_of

TODAY = date(2026, 11, 20)
NOW = replace(CONTEXT, today=TODAY)
MISSING = {
    "Occurrence Number": "M1",
    "Person ID": "P1",
    "Date/Time From": "21/05/2026 20:00",
    "Location Type": "Found",
    "Location Setting": "Park",
    "Easting": "387951",
    "Northing": "345058",
}
SITE = {"Name": "A", "Kind": "care", "Radius": "150", "Easting": "387951", "Northing": "345058"}


def test_nobody_is_no_child_and_it_is_said(tmp_path: Path) -> None:
    rows = numbered(4, INCIDENT, Person_ID=lambda n: ("Unknown", "Ask MASH", "P7", "p 07")[n])
    found = read(tmp_path, text_of(*rows), context=replace(CONTEXT, nobody=("ask mash",)))
    assert found.table["child"].null_count() == 2
    assert found.table["child"].drop_nulls().n_unique() == 1
    assert any("2 rows name nobody" in note for note in found.notes)
    assert any("1 people in 2 ways" in note for note in found.notes)


def test_the_way_of_writing_a_person_is_not_said_in_notes(tmp_path: Path) -> None:
    rows = numbered(2, INCIDENT, Person_ID=lambda n: ("KT0077", "kt77")[n])
    found = read(tmp_path, text_of(*rows))
    assert not any("kt" in note.casefold() for note in found.notes if "ways" in note)


@pytest.mark.parametrize("day", ["21/05/2062 20:00", "25/12/2026 20:00"])
def test_a_record_of_the_future_is_rejected(tmp_path: Path, day: str) -> None:
    later = INCIDENT | {"Crime Number": "2", "Date/Time From": day}
    found = read(tmp_path, text_of(INCIDENT, later), context=NOW)
    assert reasons(found) == {"date_in_future": 1}


def test_an_end_in_the_future_is_rejected(tmp_path: Path) -> None:
    later = INCIDENT | {"Crime Number": "2", "Date/Time To": "22/05/2062 20:00"}
    found = read(tmp_path, text_of(INCIDENT, later), context=NOW)
    assert reasons(found) == {"date_in_future": 1}


def test_years_of_two_figures(tmp_path: Path) -> None:
    rows = numbered(2, INCIDENT, **{"Date/Time_From": lambda n: ("21/05/97", "22/05/26")[n]})
    found = read(tmp_path, text_of(*rows), context=NOW)
    assert found.table["occurred_at"].dt.year().to_list() == [1997, 2026]


def test_a_few_certain_dates_among_others_are_read_row_by_row(tmp_path: Path) -> None:
    days = ["13/05/2026 10:00"] * 20 + ["2026-05-02 11:00", "2026-05-14T12:00:00Z"]
    rows = numbered(22, INCIDENT, **{"Date/Time_From": lambda n: days[n]})
    found = read(tmp_path, text_of(*rows), context=NOW)
    assert not found.balance.rejected
    assert found.table["occurred_at"].dt.day().to_list()[-2:] == [2, 14]
    assert found.table["occurred_at"].dt.hour().to_list()[-2:] == [10, 12]


def test_dates_that_a_spreadsheet_turned_round_are_refused(tmp_path: Path) -> None:
    """All that could be turned round were: 05/04 became 2026-05-04 and 13/05 stayed text."""
    days = ["13/05/2026", "14/05/2026", "2026-05-04", "2026-06-04"]
    rows = numbered(4, INCIDENT, **{"Date/Time_From": lambda n: days[n]})
    with pytest.raises(InputError, match="not all in one format"):
        read(tmp_path, text_of(*rows), context=NOW)


BAD = INCIDENT | {"Easting": "9x"}
NOWHERE = INCIDENT | {"Easting": "", "Northing": ""}
HOME = INCIDENT | {"Location Setting": "Children's home"}


@pytest.mark.parametrize("other", [BAD, NOWHERE, HOME, INCIDENT | {"Offence": "Assault"}])
def test_the_order_of_rows_of_one_reference_makes_no_difference(
    tmp_path: Path, other: dict[str, str]
) -> None:
    one, two = (read(tmp_path, text_of(*rows)) for rows in ((INCIDENT, other), (other, INCIDENT)))
    assert reasons(one) == reasons(two)
    assert one.table.drop("line").equals(two.table.drop("line"))


def test_of_two_settings_of_one_incident_the_one_that_protects_stands(tmp_path: Path) -> None:
    found = read(tmp_path, text_of(INCIDENT, HOME))
    assert found.table["setting"].to_list() == ["care"]
    assert found.balance.used == 0


def test_what_lies_at_any_origin_of_an_episode_is_marked(tmp_path: Path) -> None:
    origin = MISSING | {"Location Type": "Missing from"}
    second = origin | {"Easting": "390000"}
    for rows in ((origin, second), (second, origin)):
        found = read(tmp_path, text_of(*rows, MISSING), "missing")
        assert found.table.filter(role="found")["at_origin"].to_list() == [True]


@pytest.mark.parametrize(
    ("column", "code"),
    [("Location Setting", "words:setting"), ("Form of Abuse", "words:form")],
)
def test_a_word_that_could_hide_a_place_is_asked_about(
    tmp_path: Path, column: str, code: str
) -> None:
    rows = [INCIDENT, INCIDENT | {"Crime Number": "2", column: "Misc - see notes"}]
    assert code in codes(read(tmp_path, text_of(*rows)))
    field = code.removeprefix("words:")
    meant = {"setting": "care", "form": "intra_familial"}[field]
    columns = propose("incidents", INCIDENT).columns
    told = Mapping(source="incidents", columns=columns, words={field: {"Misc - see notes": meant}})
    found = read(tmp_path, text_of(*rows), mapping=told)
    assert code not in codes(found)
    assert found.balance.set_aside == {f"{field}_off": 1}


def test_a_role_that_is_not_known_is_asked_about(tmp_path: Path) -> None:
    assert "words:role" in codes(
        read(tmp_path, text_of(MISSING | {"Location Type": "MP base"}), "missing")
    )


def test_a_reference_alone_is_a_row_and_a_print_stamp_is_none(tmp_path: Path) -> None:
    alone = dict.fromkeys(INCIDENT, "") | {"Crime Number": "21DA/2/26"}
    stamp = dict.fromkeys(INCIDENT, "") | {"Crime Number": "Printed by A on 1 May"}
    found = read(tmp_path, text_of(INCIDENT, alone, stamp))
    assert reasons(found) == {"bad_date": 1, "footer": 1}


@pytest.mark.parametrize(
    ("radius", "metres"),
    [
        ("250", 250),
        ("250m", 250),
        ("1,000", 1000),
        ("0.25 km", 250),
        ("", 100),
        ("90.5 metres", 90.5),
    ],
)
def test_radii_are_read_as_they_are_written(tmp_path: Path, radius: str, metres: float) -> None:
    found = read(tmp_path, text_of(SITE | {"Radius": radius}), "sensitive-sites")
    assert found.table["within_m"].to_list() == [metres]


@pytest.mark.parametrize(
    "change",
    [
        {"Radius": "0"},
        {"Radius": "big"},
        {"Radius": "5000"},
        {"Kind": ""},
        {"Easting": ""},
        {"Easting": "12x"},
    ],
)
def test_a_site_that_cannot_be_read_stops_the_list(tmp_path: Path, change: dict[str, str]) -> None:
    other = SITE | {"Name": "B", "Easting": "388000"}
    with pytest.raises(InputError, match="taken whole or not at all"):
        read(tmp_path, text_of(other, SITE | change), "sensitive-sites")


def test_a_site_outside_the_area_is_asked_about_and_the_wider_radius_stands(tmp_path: Path) -> None:
    far = SITE | {"Easting": "587951"}
    found = read(tmp_path, text_of(SITE, SITE | {"Radius": "400"}, far), "sensitive-sites")
    assert codes(found) == ["sites:out_of_area"]
    assert found.table["within_m"].to_list() == [150, 400]


def test_a_file_of_no_use_says_what_would_be_accepted(tmp_path: Path) -> None:
    lost = INCIDENT | {"Date/Time From": "sometime in May"}
    found = read(tmp_path, text_of(lost))
    assert "31/12/2026" in accepted_instead(found.balance)
    assert accepted_instead(read(tmp_path, text_of(INCIDENT)).balance) == ""


def licences(tmp_path: Path, *rows: dict[str, str]) -> list[tuple[str, str]]:
    """References and names of the licences that are in force."""
    found = read(tmp_path, text_of(*rows), "licensing", context=NOW)
    return sorted(found.table.select("premises_ref", "name").rows())


DATED = LICENCE | {"Case Date": "01/02/2024", "Licence End Date": "", "Licence Type": "Premises"}


def test_a_licence_with_its_history_is_its_latest_version(tmp_path: Path) -> None:
    old = DATED | {"Premises Name": "Old Grill", "Case Date": "15/01/2020"}
    for rows in ((old, DATED), (DATED, old)):
        assert licences(tmp_path, *rows) == [("L1", "Opal Grill")]
    ended = DATED | {"Status": "Surrendered", "Case Date": "01/03/2025"}
    assert licences(tmp_path, DATED, ended) == []


def test_one_number_of_two_authorities_is_two_licences(tmp_path: Path) -> None:
    other = LICENCE | {"Premises Name": "Jade Bar", "Licensing Authority": "Elsewhere"}
    assert len(licences(tmp_path, LICENCE, other)) == 2


@pytest.mark.parametrize(
    ("status", "is_in_force"),
    [
        ("Current", True),
        ("Not expired", True),
        ("Licence not suspended", True),
        ("Disclosed", True),
        ("Application granted", True),
        ("Current, transfer pending", True),
        ("Lapsed", False),
        ("Ceased trading", False),
        ("VOID", False),
        ("Not in force", False),
        ("Pending", False),
        ("Suspended (fee)", False),
        ("Transferred", False),
        ("New application", False),
    ],
)
def test_words_of_a_status(tmp_path: Path, status: str, *, is_in_force: bool) -> None:
    assert bool(licences(tmp_path, LICENCE | {"Status": status})) is is_in_force


@pytest.mark.parametrize(
    ("change", "is_in_force"),
    [
        ({"Licence End Date": "19/11/2026"}, False),
        ({"Licence End Date": "20/11/2026"}, True),
        ({"Licence End Date": "31/12/9999"}, True),
        ({"Licence Type": "Temporary Event Notice", "Case Date": "01/11/2026"}, False),
        ({"Licence Type": "TEN", "Case Date": "18/11/2026"}, True),
    ],
)
def test_a_licence_ends_on_its_day(
    tmp_path: Path, change: dict[str, str], *, is_in_force: bool
) -> None:
    assert bool(licences(tmp_path, DATED | change)) is is_in_force


def test_a_closing_is_kept_as_a_time_of_day(tmp_path: Path) -> None:
    rows = [
        LICENCE | {"Licence Number": f"L{n}", "Terminal Hour": text}
        for n, text in enumerate(("2am", "0.125", "m-su 1000-0200", "by agreement"))
    ]
    found = read(tmp_path, text_of(*rows), "licensing")
    assert found.table.sort("premises_ref")["open_until"].to_list() == [
        "02:00",
        "03:00",
        "m-su 1000-0200",
        "by agreement",
    ]


@pytest.mark.parametrize(
    ("source", "columns", "meant"),
    [
        (
            "missing",
            ["Occ Ref", "Nominal URN", "MISPER From Dt", "Loc Type", "Risk Lvl", "GeoX", "GeoY"],
            ["reference", "person", "start", "role", "risk", "easting", "northing"],
        ),
        (
            "incidents",
            ["Crime Ref No", "Victim URN", "Committed From Dt", "Off Type", "Eastings"],
            ["reference", "person", "start", "kind", "easting"],
        ),
        (
            "licensing",
            ["Lic No", "Prem Name", "Council", "Closing Hrs", "PCode"],
            ["reference", "name", "authority", "closing", "postcode"],
        ),
    ],
)
def test_columns_are_proposed_by_what_their_words_mean(
    source: str, columns: list[str], meant: list[str]
) -> None:
    proposed = propose(source, [*columns, "Officer Shoulder No", "Beat Code"]).columns
    assert proposed == dict(zip(meant, columns, strict=True))
