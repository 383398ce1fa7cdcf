"""What the lawyers still must read, as a workbook that comes back as the force's own file."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml
from python_calamine import CalamineWorkbook

from hotspot import InputError
from hotspot.disruption.measures import load_catalogue, overlay_catalogue
from hotspot.services.workspace import legal_reading, measure_catalogue
from hotspot.services.workspace.folder import Workspace

Sheets = dict[str, list[list[Any]]]


def sheets_of(content: bytes) -> Sheets:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def saved(path: Path, sheets: Sheets) -> Path:
    """Save sheets as a spreadsheet program would: days as days, numbers as numbers."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(line, column, value, day)
                    else:
                        sheet.write(line, column, value)
    return path


def put(sheets: Sheets, sheet: str, at: tuple[str, ...], **said: object) -> None:
    """Write into the row that begins with `at`; `_` in a title stands for a space."""
    titles = sheets[sheet][0]
    row = next(row for row in sheets[sheet] if at == (row[0], row[1])[: len(at)])
    for title, value in said.items():
        row[titles.index(title.replace("_", " "))] = value


def test_everything_unchecked_is_in_the_workbook_with_its_deadlines(workspace: Workspace) -> None:
    sheets = sheets_of(legal_reading.reading_workbook(workspace))
    catalogue = load_catalogue()
    assert [row[0] for row in sheets["Measures"][1:]] == list(catalogue)
    steps = [(code, s.step) for code, one in catalogue.items() for s in one.clock]
    assert [(row[0], row[1]) for row in sheets["Deadlines"][1:]] == steps


def test_a_workbook_that_says_nothing_new_changes_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "read.xlsx"
    path.write_bytes(legal_reading.reading_workbook(workspace))
    assert legal_reading.take_back(workspace, path) == []
    assert not (workspace.folder / "measures.yaml").exists()
    again = saved(tmp_path / "saved.xlsx", sheets_of(path.read_bytes()))
    assert legal_reading.take_back(workspace, again) == []


def test_what_the_lawyers_write_becomes_the_forces_own_file(
    workspace: Workspace, tmp_path: Path
) -> None:
    own = workspace.folder / "measures.yaml"
    own.write_text(yaml.safe_dump([{"code": "LA51", "lead": "council"}]))
    sheets = sheets_of(legal_reading.reading_workbook(workspace))
    put(sheets, "Measures", ("H116",), Checked_by="Legal Services", Checked_on=date(2026, 11, 20))
    put(sheets, "Measures", ("LA51",), Not_settled="wait for the appeal", Section="s.51")
    put(sheets, "Deadlines", ("CJPA19", "apply_by"), Number=5)
    put(
        sheets,
        "Deadlines",
        ("POLPROT", "ends_by"),
        From_memory="",
        Read_at="the bound volume",
        Read_on="20/11/2026",
    )
    codes = legal_reading.take_back(workspace, saved(tmp_path / "back.xlsx", sheets))
    assert sorted(codes) == ["CJPA19", "H116", "LA51", "POLPROT"]
    found, before = measure_catalogue.catalogue_of(workspace), load_catalogue()
    assert (found["H116"].checked_by, found["H116"].checked_on) == (
        "Legal Services",
        date(2026, 11, 20),
    )
    assert found["H116"].clock == before["H116"].clock
    assert (found["LA51"].lead, found["LA51"].doubt) == ("council", "wait for the appeal")
    assert found["LA51"].provenance.section == "s.51"  # type: ignore[union-attr]
    assert found["CJPA19"].clock[1].within.months == 5
    assert found["CJPA19"].clock[0] == before["CJPA19"].clock[0]
    assert found["POLPROT"].clock[0].provenance.is_read  # type: ignore[union-attr]
    left = {one.code for one in legal_reading.unchecked_measures(workspace)}
    assert left == set(before) - {"H116"}
    assert "H116" not in str(sheets_of(legal_reading.reading_workbook(workspace))["Measures"])
    kept = yaml.safe_load((workspace.folder / legal_reading.BEFORE).read_text())
    assert kept == [{"code": "LA51", "lead": "council"}]


@pytest.mark.parametrize(
    ("sheet", "at", "said", "message"),
    [
        ("Measures", ("H116",), {"Code": "H117"}, "'H117' is no code of the catalogue"),
        ("Measures", ("H116",), {"Checked_on": "soon"}, "'soon' is no day"),
        ("Measures", ("H116",), {"Checked_by": "Legal Services"}, "go together"),
        ("Measures", ("H116",), {"Read_at": "", "Read_on": "2026-11-20"}, "together with the day"),
        ("Deadlines", ("H116", "expires_by"), {"Deadline": "x"}, "H116 has no deadline 'x'"),
        ("Deadlines", ("H116", "expires_by"), {"Number": "six"}, "'six' is no number"),
        ("Deadlines", ("H116", "expires_by"), {"Number": 0}, "'0' is no number"),
    ],
)
def test_a_workbook_that_cannot_be_changes_nothing(
    workspace: Workspace,
    tmp_path: Path,
    sheet: str,
    at: tuple[str, ...],
    said: dict[str, object],
    message: str,
) -> None:
    own = workspace.folder / "measures.yaml"
    own.write_text("- code: LA51\n  lead: council\n")
    sheets = sheets_of(legal_reading.reading_workbook(workspace))
    put(sheets, sheet, at, **said)
    with pytest.raises(InputError, match=message):
        legal_reading.take_back(workspace, saved(tmp_path / "back.xlsx", sheets))
    assert own.read_text() == "- code: LA51\n  lead: council\n"
    assert overlay_catalogue(own)["LA51"].lead == "council"


def test_a_workbook_without_its_columns_is_said(workspace: Workspace, tmp_path: Path) -> None:
    sheets: Sheets = {"Measures": [["Code", "Measure"], ["H116", "x"]], "Deadlines": [["Code"]]}
    with pytest.raises(InputError, match=r"the columns Basis, .* are missing"):
        legal_reading.take_back(workspace, saved(tmp_path / "back.xlsx", sheets))
    with pytest.raises(InputError, match=r"gone\.xlsx is not there"):
        legal_reading.take_back(workspace, tmp_path / "gone.xlsx")
