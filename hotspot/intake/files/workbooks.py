"""Read workbooks (.xlsx, .ods): sheets, headers under titles, cells as a person reads them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection
from datetime import date, datetime, time
from pathlib import Path

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from hotspot.errors import InputError
from hotspot.intake.files.raw import HEADER_WITHIN, Choices, RawTable, find_header, plain_name, tidy

MAX_CELLS = 60_000_000
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_MACROS = ("xl/vbaProject.bin", "Basic/script-lc.xml")
_LOOKED_AT = 20
_FORMULA = re.compile(rb"<f\b[^>]*>[^<]*</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>|<f\b[^>]*/>\s*</c>")
_SCANNED_FOR_FORMULAS = 60_000_000


def read_workbook(
    path: Path, name: str, known: Collection[str], choices: Choices | None = None
) -> RawTable:
    """Read one sheet of a workbook: the chosen one, or the one that is shown with the data.

    Raises
    ------
    InputError
        It is no .xlsx workbook, has macros or a password, is too large, or has no such sheet.
    """
    choices = choices or Choices()
    book, notes = _open(path, name)
    shown = [
        sheet.name for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible
    ]
    hidden = [n for n in book.sheet_names if n not in shown]
    wanted = choices.sheet or _sheet_with_data(book, shown or book.sheet_names, known)
    if wanted not in book.sheet_names:
        message = f"{name} has no sheet '{wanted}'; it has: {', '.join(book.sheet_names)}."
        raise InputError(message)
    if len(shown) > 1 and not choices.sheet:
        notes.append(
            f"{name}: '{wanted}' is read, of the sheets {', '.join(shown)}; choose another if the "
            "data are there."
        )
    if hidden:
        notes.append(f"{name}: hidden sheets are not read: {', '.join(hidden)}.")
    sheet = book.get_sheet_by_name(wanted)
    cells = _cells(sheet, name)
    filled = _fill_merged(cells, sheet.merged_cell_ranges)
    if filled:
        notes.append(f"{name}: {filled:,} cells below a merged one were given its value.")
    top = [[_as_text(cell) for cell in row] for row in cells[:HEADER_WITHIN]]
    at, header = find_header(top, known, name, choices.header_row)
    notes.append(f"{name}: header found in row {at + 1}.")
    del cells[: at + 1]
    data = {
        column: pl.Series(column, [_as_text(row[i]) for row in cells], pl.String)
        for i, column in enumerate(header)
    }
    rows = tidy(pl.DataFrame(data))
    is_blank = pl.all_horizontal(pl.col(header).is_null())
    later = [pl.col(column).is_null() for column in header[1:]]
    rows = rows.with_columns(
        line=pl.int_range(at + 2, at + 2 + pl.len(), dtype=pl.UInt32),
        blank=is_blank,
        footer=~is_blank & (pl.all_horizontal(later) if later else pl.lit(value=False)),
        ragged=pl.lit(value=False),
    )
    notes += _notes_of_types(cells, header, name)
    return RawTable(
        name, tuple(header), rows, at + 1, tuple(shown or book.sheet_names), wanted, tuple(notes)
    )


def _sheet_with_data(book: CalamineWorkbook, sheets: list[str], known: Collection[str]) -> str:
    """Name the sheet whose header has most of the columns that the source knows, or the first."""
    names = set(known)

    def known_in(sheet: str) -> int:
        top = book.get_sheet_by_name(sheet).to_python(nrows=HEADER_WITHIN)
        return max(
            (len({plain_name(_as_text(cell)) for cell in row} & names) for row in top), default=0
        )

    if len(sheets) < 2 or not names:
        return next(iter(sheets), "")
    columns = {sheet: known_in(sheet) for sheet in sheets[:_LOOKED_AT]}
    best = max(columns, key=lambda sheet: columns[sheet])
    return best if columns[best] > 1 else sheets[0]


def _fill_merged(
    cells: list[list[object]], merged: list[tuple[tuple[int, int], tuple[int, int]]] | None
) -> int:
    """Give cells that are merged downwards the value of the first; say how many."""
    filled = 0
    for (top, left), (bottom, _) in merged or []:
        if top >= len(cells) or left >= len(cells[top]):
            continue
        for row in cells[top + 1 : bottom + 1]:
            if row[left] == "":
                row[left] = cells[top][left]
                filled += 1
    return filled


def _open(path: Path, name: str) -> tuple[CalamineWorkbook, list[str]]:
    with path.open("rb") as file:
        first = file.read(4)
    if first == _OLD_OR_LOCKED:
        message = (
            f"{name} is an old .xls workbook or one with a password; open it and save it as .xlsx "
            "without a password."
        )
        raise InputError(message)
    notes = []
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if any(macros in names for macros in _MACROS):
                message = f"{name} has macros; save it as .xlsx, which has none."
                raise InputError(message)
            if "[Content_Types].xml" in names and not any(n.startswith("xl/") for n in names):
                message = f"{name} is an office document but no workbook; save it as .xlsx."
                raise InputError(message)
            unsaved = _formulas_without_value(archive)
        if unsaved:
            notes.append(
                f"{name}: {unsaved} cells hold a formula without a saved value and are read as "
                "empty; open and save the workbook once."
            )
        return CalamineWorkbook.from_path(path), notes
    except (CalamineError, OSError, zipfile.BadZipFile) as error:
        said = str(error).replace(str(path), name)[:120]
        message = f"{name} cannot be read as a workbook ({said}). Save it as .xlsx again."
        raise InputError(message) from error


def _formulas_without_value(archive: zipfile.ZipFile) -> int:
    formulas = 0
    for entry in archive.infolist():
        is_sheet = entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml")
        if is_sheet and entry.file_size < _SCANNED_FOR_FORMULAS:
            content = archive.read(entry)
            formulas += len(_FORMULA.findall(content)) if b"<f" in content else 0
    return formulas


def _cells(sheet: CalamineSheet, name: str) -> list[list[object]]:
    height, width = sheet.total_height, sheet.total_width
    if height * width > MAX_CELLS:
        message = (
            f"{name}: the sheet '{sheet.name}' claims {height:,} rows by {width:,} columns, more "
            f"than {MAX_CELLS:,} cells. Delete the stray cell at its far end and save it again."
        )
        raise InputError(message)
    return [list(row) for row in sheet.to_python(skip_empty_area=False)]


def _notes_of_types(cells: list[list[object]], header: list[str], name: str) -> list[str]:
    """Say in which columns of dates some cells are typed text."""
    notes = []
    for i, column in enumerate(header):
        kinds = [isinstance(row[i], date) for row in cells if row[i] != ""]
        dates = sum(kinds)
        if 0 < dates < len(kinds):
            notes.append(
                f"{name}: in '{column}' {dates:,} cells are dates and {len(kinds) - dates:,} are "
                "typed text or numbers."
            )
    return notes


def _as_text(value: object) -> str:
    """Write a cell as a person would read it: whole numbers without a point, dates as DD/MM."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}" if value.second == 0 else f"{value:%d/%m/%Y %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)
