"""Bad inputs N22 to N65: dates, encodings, tables, identity. Each asserts the behaviour wanted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from hotspot import InputError
from hotspot.access.actor import Actor
from hotspot.errors import QuestionError
from hotspot.intake.fields.mapping import Mapping, propose
from hotspot.intake.files.raw import NO_HEADER
from hotspot.params import Params
from hotspot.services.hotspots import runs
from hotspot.services.records import datasets, imports
from hotspot.services.records.imports import ImportPlan
from hotspot.services.records.previews import FileToRead, preview
from hotspot.services.workspace.folder import Workspace
from tests.intake.cases import (
    DEGREES,
    INCIDENT,
    LICENCE,
    STREET,
    case,
    codes,
    numbered,
    read,
    reasons,
    text_of,
)

# dates -------------------------------------------------------------------------------------


def dated(*texts: str) -> str:
    rows = [INCIDENT | {"Crime Number": str(n), "Date/Time From": t} for n, t in enumerate(texts)]
    return text_of(*rows)


@case("N22")
def test_day_and_month_are_decided_from_all_rows_and_asked_about_when_open(tmp_path: Path) -> None:
    sure = read(tmp_path, dated("01/02/2024", "13/02/2024"))
    assert sure.table["occurred_at"][0] == datetime(2024, 2, 1, tzinfo=UTC)
    assert codes(sure) == []
    said = next(note for note in sure.notes if "DD/MM/YYYY" in note)
    assert "01/02/2024 is Thu 1 February 2024" in said
    both_ways = read(tmp_path, dated("01/02/2024", "03/04/2024"))
    assert codes(both_ways) == ["dates:start"]
    american = read(tmp_path, dated("01/02/2024", "01/13/2024"))
    assert american.table["occurred_at"][0] == datetime(2024, 1, 2, tzinfo=UTC)
    mapping = propose("incidents", INCIDENT).model_copy(
        update={"date_formats": {"start": "DD/MM/YYYY"}}
    )
    told = read(tmp_path, dated("01/02/2024", "03/04/2024"), mapping=mapping)
    assert codes(told) == []


@case("N23")
def test_iso_dates_are_never_read_day_first(tmp_path: Path) -> None:
    reading = read(tmp_path, dated("2024-02-01", "2024-02-01T10:30:00", "2024-02-01 23:30"))
    months = reading.table["occurred_at"].dt.month().unique().to_list()
    assert months == [2]
    assert reading.table["time_precision"].to_list() == ["day", "minute", "minute"]


@case("N24")
def test_two_formats_in_one_column_refuse_it_with_the_lines(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"not all in one format \(lines 4 differ"):
        read(tmp_path, dated("13/02/2024", "14/02/2024", "45337", "16/02/2024"))
    assert reasons(read(tmp_path, dated("13/02/2024", "last week"))) == {"bad_date": 1}


@case("N25")
def test_excels_days_are_known_and_asked_about(tmp_path: Path) -> None:
    reading = read(tmp_path, dated("45323", "45323.5"))
    assert reading.table["occurred_at"].to_list() == [
        datetime(2024, 2, 1, tzinfo=UTC),
        datetime(2024, 2, 1, 12, tzinfo=UTC),
    ]
    assert codes(reading) == ["dates:start"]
    mapping = propose("incidents", INCIDENT).model_copy(
        update={"date_formats": {"start": "Excel days from 1904"}}
    )
    old = read(tmp_path, dated("43861"), mapping=mapping)
    assert old.table["occurred_at"].item() == datetime(2024, 2, 1, tzinfo=UTC)


@case("N26")
def test_typed_text_among_a_workbooks_dates_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, form = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, list(INCIDENT))
        for n in range(3):
            sheet.write_row(n + 1, 0, list((INCIDENT | {"Crime Number": f"R{n}"}).values()))
        sheet.write_datetime(1, 4, datetime(2024, 2, 1), form)
    reading = read(tmp_path, path.read_bytes(), name="book.xlsx")
    assert "1 cells are dates and 2 are typed text" in " ".join(reading.notes)
    assert reading.balance.used == 3


@case("N27", "N32")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/2024", "bad_date"),
        ("29/02/2023", "bad_date"),
        ("20/02/2024 31:00", "bad_date"),
        ("20/02/2024 10:61", "bad_date"),
        ("01/01/0001", "date_out_of_range"),
        ("30/12/1899", "date_out_of_range"),
        ("01/01/1900", "date_out_of_range"),
        ("01/01/2999", "date_out_of_range"),
    ],
)
def test_impossible_days_are_refused_with_their_row(tmp_path: Path, text: str, reason: str) -> None:
    reading = read(tmp_path, dated("21/02/2024 10:00", text))
    assert reasons(reading) == {reason: 1}
    assert reading.rejects.row(0, named=True) == {
        "line": 3,
        "reason": reason,
        "column": "Date/Time From",
    }


@case("N28", "N29")
def test_both_clock_changes(tmp_path: Path) -> None:
    spring = read(tmp_path, dated("31/03/2024 01:30", "31/03/2024 02:30"))
    assert reasons(spring) == {"time_does_not_exist": 1}
    autumn = read(tmp_path, dated("27/10/2024 01:30", "28/10/2024 01:30"))
    assert autumn.table["occurred_at"][0] == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    assert "1 times in 'Date/Time From' lie in the hour that autumn repeats" in " ".join(
        autumn.notes
    )


@case("N30")
def test_times_in_utc_fall_into_their_local_month(tmp_path: Path) -> None:
    reading = read(tmp_path, dated("2019-05-31T23:01:00+00:00", "2019-06-01T10:00:00Z"))
    local = reading.table["occurred_at"].dt.convert_time_zone("Europe/London")
    assert local.dt.month().to_list() == [6, 6]
    assert local.dt.hour().to_list() == [0, 11]


@case("N31")
def test_a_time_without_a_date_is_refused(tmp_path: Path) -> None:
    assert reasons(read(tmp_path, dated("13/02/2024", "12:30"))) == {"bad_date": 1}


@case("N34")
def test_an_end_before_the_start_is_refused_and_an_open_end_is_not(tmp_path: Path) -> None:
    at = [
        ("21/05/2026 20:00", "21/05/2026 19:00"),
        ("21/05/2026 20:00", "21/05/2026 20:00"),
        ("21/05/2026 20:00", ""),
    ]
    rows = [
        INCIDENT | {"Crime Number": str(n), "Date/Time From": a, "Date/Time To": b}
        for n, (a, b) in enumerate(at)
    ]
    reading = read(tmp_path, text_of(*rows))
    assert reasons(reading) == {"ends_before_start": 1}
    assert reading.balance.used == 2


def test_separate_columns_of_date_and_time_become_one_instant(tmp_path: Path) -> None:
    rows = [
        INCIDENT | {"Crime Number": str(n), "Date/Time From": "21/05/2026", "Time From": clock}
        for n, clock in enumerate(["20:15", "2015", "", "31:00", "0.84375"])
    ]
    reading = read(tmp_path, text_of(*rows))
    assert reasons(reading) == {"bad_date": 1}
    hours = reading.table["occurred_at"].dt.convert_time_zone("Europe/London").dt.strftime("%H:%M")
    assert hours.to_list() == ["20:15", "20:15", "00:00", "20:15"]
    assert reading.table["time_precision"].to_list() == ["minute", "minute", "day", "minute"]


# encodings ---------------------------------------------------------------------------------


@case("N35")
def test_windows_1252_is_read_and_said_with_words_to_check(tmp_path: Path) -> None:
    text = text_of(LICENCE | {"Premises Name": "Café £5 “Bar”"})
    reading = read(tmp_path, text.encode("cp1252"), "licensing")
    assert reading.table["name"].item() == "Café £5 “Bar”"
    assert "read as Windows-1252. Check these: Café" in reading.notes[0]


@case("N36")
def test_mac_roman_is_read_when_told_and_shown_before(tmp_path: Path) -> None:
    content = text_of(LICENCE | {"Premises Name": "Café"}).encode("mac-roman")
    assert "Check these: CafŽ" in read(tmp_path, content, "licensing").notes[0]
    mapping = propose("licensing", LICENCE).model_copy(update={"encoding": "mac-roman"})
    told = read(tmp_path, content, "licensing", mapping=mapping)
    assert told.table["name"].item() == "Café"


@case("N37")
def test_text_that_was_encoded_twice_is_found_and_repaired_on_request(tmp_path: Path) -> None:
    twice = "Philomena\u2019s Café".encode().decode("cp1252")
    text = text_of(LICENCE | {"Premises Name": twice})
    found = read(tmp_path, text, "licensing")
    assert "look encoded twice" in " ".join(found.notes)
    assert found.table["name"].item() == twice
    mapping = propose("licensing", LICENCE).model_copy(update={"repair": True})
    mended = read(tmp_path, text, "licensing", mapping=mapping)
    assert mended.table["name"].item() == "Philomena\u2019s Café"


@case("N38", "N39")
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_utf_16_and_byte_order_marks(tmp_path: Path, encoding: str) -> None:
    reading = read(tmp_path, text_of(LICENCE).encode(encoding), "licensing")
    assert reading.table["premises_ref"].item() == "L1"


@case("N40")
def test_nul_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="NUL"):
        read(tmp_path, text_of(LICENCE).replace("Opal", "Op\x00al"), "licensing")


@case("N41")
def test_line_ends_inside_cells_become_spaces(tmp_path: Path) -> None:
    rows = [LICENCE | {"Premises Name": "Opal\nGrill"}, LICENCE | {"Licence Number": "L2"}]
    reading = read(tmp_path, text_of(*rows), "licensing")
    assert reading.table["name"].to_list() == ["Opal Grill", "Opal Grill"]
    assert reading.table["line"].to_list() == [2, 4]


@case("N42")
def test_hidden_marks_are_taken_out_of_names(tmp_path: Path) -> None:
    name = "Opal\u202e Gr\u200bill\u2066"
    reading = read(tmp_path, text_of(LICENCE | {"Premises Name": name}), "licensing")
    assert reading.table["name"].item() == "Opal Grill"


@case("N43")
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends(tmp_path: Path, end: str) -> None:
    text = text_of(LICENCE, LICENCE | {"Licence Number": "L2"}).replace("\n", end)
    reading = read(tmp_path, text, "licensing")
    assert reading.table["line"].to_list() == [2, 3]


# tables ------------------------------------------------------------------------------------


@case("N45")
@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"   \n \n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match="is empty; nothing was imported"):
        read(tmp_path, content)


@case("N46")
def test_a_header_alone_is_no_rows_and_no_crash(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "i.csv"
    path.write_text(text_of(INCIDENT).splitlines()[0] + "\n")
    assert imports.import_files(workspace, analyst, "incidents", [path]).balance.rows_in == 0
    assert runs.holdings(workspace).sources == ()


@case("N47")
def test_a_file_without_column_names_is_asked_about(tmp_path: Path) -> None:
    body = text_of(INCIDENT).split("\n", 1)[1]
    with pytest.raises(InputError, match="no row of column names: row 1 looks like data"):
        read(tmp_path, body)
    columns = {
        "reference": "Column 1",
        "start": "Column 5",
        "easting": "Column 9",
        "northing": "Column 10",
    }
    mapping = Mapping(source="incidents", columns=columns, header_row=NO_HEADER)
    assert read(tmp_path, body, mapping=mapping).balance.used == 1


@case("N48")
@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_other_marks_between_fields(tmp_path: Path, mark: str, word: str) -> None:
    reading = read(tmp_path, text_of(INCIDENT).replace(",", mark))
    assert reading.balance.used == 1
    assert any(word in note for note in reading.notes)


@case("N49")
def test_rows_that_are_all_longer_than_the_header_refuse_the_file(tmp_path: Path) -> None:
    header, *rows = text_of(*numbered(5, INCIDENT)).splitlines()
    text = "\n".join([header, *(f"{row},extra" for row in rows)])
    with pytest.raises(InputError, match="every row has more fields"):
        read(tmp_path, text)


@case("N50")
def test_ragged_rows_are_named_and_asked_about(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    lines = text_of(*numbered(5, INCIDENT)).splitlines()
    lines[3] += ",extra"
    path = tmp_path / "i.csv"
    path.write_text("\n".join(lines))
    with pytest.raises(QuestionError, match=r"1 rows have more or fewer fields .* \(lines 4"):
        imports.import_files(workspace, analyst, "incidents", [path])
    plan = ImportPlan(accepted=frozenset({"ragged"}))
    report = imports.import_files(workspace, analyst, "incidents", [path], plan)
    assert report.balance.used == 4
    from hotspot.store.datasets import rejects_of
    from hotspot.store.unit_of_work import reading

    with reading(workspace.engine) as connection:
        rows = rejects_of(connection, report.import_ids[0])
    assert rows.to_dict("records") == [{"line": 4, "reason": "ragged_row", "column": ""}]


@case("N51")
def test_blank_rows_are_counted_and_dropped(tmp_path: Path) -> None:
    blank = "," * (len(INCIDENT) - 1)
    text = text_of(INCIDENT) + f"{blank}\n{blank[:4]} {blank[4:]}\n" * 500
    reading = read(tmp_path, text)
    assert (reading.balance.used, reasons(reading)) == (1, {"blank": 1000})


@case("N52")
def test_a_file_as_long_as_excels_limit_may_be_cut_off(tmp_path: Path) -> None:
    lines = text_of(
        *numbered(65_535, {"Name": "x", "Kind": "park", "Easting": "388000", "Northing": "345000"})
    )
    reading = read(tmp_path, lines, "places")
    assert "ends where Excel does (65,536 lines)" in " ".join(reading.notes)


@case("N53")
def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    text = text_of(DEGREES)
    header, row = text.splitlines()
    with pytest.raises(InputError, match="stand twice: LATITUDE, Latitude"):
        read(tmp_path, f"{header},LATITUDE \n{row},53\n")


@case("N54")
@pytest.mark.parametrize(
    "names",
    [("Longitude", "Latitude"), ("LONG", "lat "), ("lng", "LAT"), (" Lon", "latitude")],
)
def test_column_names_are_known_however_they_are_spelt(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    text = text_of(DEGREES).replace("Longitude", names[0]).replace("Latitude", names[1])
    assert read(tmp_path, text).balance.used == 1


@case("N55", "N56")
def test_names_and_references_stay_text(tmp_path: Path) -> None:
    names = ["NA", "None", "Null", "TRUE", "nan"]
    references = ["007", "1E5", "123456789012345678", "0x1", "1_0"]
    rows = [
        LICENCE | {"Licence Number": r, "Premises Name": n}
        for r, n in zip(references, names, strict=True)
    ]
    table = read(tmp_path, text_of(*rows), "licensing").table
    assert table["name"].to_list() == names
    assert table["premises_ref"].to_list() == references
    with pytest.raises(InputError, match=r"line 2: 'Crime Number' was cut short by Excel"):
        read(tmp_path, text_of(INCIDENT | {"Crime Number": "2.2E+10"}))


@case("N57")
def test_a_million_columns_are_refused_by_the_first_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"1,000,001 columns or more; at most 512"):
        read(tmp_path, "," * 1_000_000)


@case("N58")
def test_a_quotation_mark_that_is_not_closed_is_named_by_its_line(tmp_path: Path) -> None:
    text = text_of(*numbered(3, INCIDENT))
    with pytest.raises(InputError, match=r"line 5: a quotation mark is not closed"):
        read(tmp_path, text + '"' + "x" * 300_000)


# identity ----------------------------------------------------------------------------------


def bring(
    workspace: Workspace,
    actor: Actor,
    folder: Path,
    *rows: dict[str, str],
    source: str = "incidents",
    name: str = "f.csv",
    **plan: object,
) -> imports.ImportReport:
    path = folder / name
    path.write_text(text_of(*rows))
    return imports.import_files(workspace, actor, source, [path], ImportPlan(**plan))  # type: ignore[arg-type]


def records_of(workspace: Workspace) -> int:
    held = runs.holdings(workspace)
    return sum(sum(months.values()) for months in held.months.values())


@case("N61")
def test_the_same_row_twice_counts_once(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    report = bring(workspace, analyst, tmp_path, INCIDENT, INCIDENT)
    assert report.balance.set_aside == {"duplicate_row": 1}
    again = bring(workspace, analyst, tmp_path, INCIDENT, name="other.csv")
    assert again.balance.set_aside == {"already_imported": 1}


@case("N62", "N65")
def test_changed_rows_wait_for_a_yes_and_then_both_versions_are_kept(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    bring(workspace, analyst, tmp_path, INCIDENT)
    changed = INCIDENT | {"Date/Time To": "21/05/2026 23:00"}
    report = bring(workspace, analyst, tmp_path, changed)
    assert report.balance.set_aside == {"changed_since": 1}
    assert any("--take-changes" in note for note in report.notes)
    taken = bring(workspace, analyst, tmp_path, changed, takes_changes=True)
    assert taken.balance.used == 1
    run = runs.run_on(workspace, ["incidents"], Params(min_weight=1))
    assert run.records_in == 1
    assert records_of(workspace) == 2  # both are stored
    log = datasets.list_datasets(workspace, analyst)
    assert len(log) == 3
    datasets.withdraw_import(workspace, analyst, taken.import_ids[0], "was wrong")
    assert runs.run_on(workspace, ["incidents"], Params(min_weight=1)).records_in == 1


@case("N63")
def test_identical_rows_without_a_reference_are_separate_and_not_doubled(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    row = STREET | {"Crime ID": ""}
    first = bring(workspace, analyst, tmp_path, row, row, row, source="police-uk")
    again = bring(workspace, analyst, tmp_path, row, row, row, source="police-uk", name="2.csv")
    assert (first.balance.used, again.balance.used) == (3, 0)


@case("N64")
def test_the_same_file_again_is_said_before_and_adds_nothing(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    bring(workspace, analyst, tmp_path, *numbered(4, INCIDENT))
    file = FileToRead(tmp_path / "f.csv", "f.csv")
    found = preview(workspace, analyst, "incidents", file)
    assert "was imported before" in found.notes[0]
    month = bring(workspace, analyst, tmp_path, *numbered(6, INCIDENT), name="overlap.csv")
    assert month.balance.set_aside == {"already_imported": 4}
    assert records_of(workspace) == 6


def test_a_reissued_file_that_lacks_a_row_says_so_and_lets_it_go_on_request(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    two = [INCIDENT, INCIDENT | {"Person ID": "P2"}]
    bring(workspace, analyst, tmp_path, *two)
    report = bring(workspace, analyst, tmp_path, INCIDENT, name="again.csv")
    assert any("1 stored records have references of this file" in note for note in report.notes)
    bring(workspace, analyst, tmp_path, INCIDENT, name="third.csv", takes_changes=True)
    assert runs.run_on(workspace, ["incidents"], Params(min_weight=1)).records_in == 1


@case("N18")
def test_another_list_of_snap_points_is_said(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    rows = numbered(20, STREET, Longitude=lambda n: f"-2.1{n:02}")
    bring(workspace, analyst, tmp_path, *rows, source="police-uk")
    later = [r | {"Crime ID": f"n{i}", "Month": "2026-06"} for i, r in enumerate(rows)]
    same = bring(workspace, analyst, tmp_path, *later, source="police-uk", name="2.csv")
    assert not any("snap points are among" in note for note in same.notes)
    moved = [r | {"Crime ID": f"m{i}", "Longitude": f"-2.2{i:02}"} for i, r in enumerate(rows)]
    other = bring(workspace, analyst, tmp_path, *moved, source="police-uk", name="3.csv")
    assert any("Only 0.0% of this file's snap points" in note for note in other.notes)
