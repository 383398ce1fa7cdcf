"""Read the rows of a file as text, with the line each came from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from hotspot.errors import InputError
from hotspot.intake.sniffing import MAX_COLUMNS, check_is_text

_HEADER_WITHIN = 30
_MARKS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_EXCEL_ENDS = (65_535, 65_536, 1_048_575, 1_048_576)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_csv_rows(path: Path, required: Iterable[str]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read a file of fields parted by commas, semicolons, tabs or bars; its first line is a header.

    Returns
    -------
    (DataFrame, notes)
        All columns as text, trimmed, empty as null, with `line` (1 = header), `footer` (only
        the first field is filled: a print stamp or a total) and `ragged` (the row has more or
        fewer fields than the header, and is no footer). Blank lines are not rows.

    Raises
    ------
    InputError
        The file is empty, in no known encoding, or lacks a required column.
    """
    text, encoding = _decode(path)
    mark = _mark_between(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    header = [name.strip() for name in next(_rows_of(reader, path), [])]
    _validate_header(header, required, path)
    columns: list[list[str]] = [[] for _ in header]
    lines, footer, ragged = [], [], []
    for fields in _rows_of(reader, path):
        if not any(field.strip() for field in fields):
            continue
        lines.append(reader.line_num)
        footer.append(not any(field.strip() for field in fields[1:]))
        ragged.append(len(fields) != len(header) and not footer[-1])
        padded = fields[: len(header)] + [""] * (len(header) - len(fields))
        for column, value in zip(columns, padded, strict=True):
            column.append(value)
    rows = pl.DataFrame(
        dict(zip(header, columns, strict=True)), schema=dict.fromkeys(header, pl.String)
    )
    rows = _tidy(rows).with_columns(
        line=pl.Series(lines, dtype=pl.UInt32),
        footer=pl.Series(footer, dtype=pl.Boolean),
        ragged=pl.Series(ragged, dtype=pl.Boolean),
    )
    notes = [f"{path.name}: read as {encoding}."] if encoding != "utf-8" else []
    if mark != ",":
        notes.append(f"{path.name}: fields are parted by {_MARKS[mark]}.")
    if reader.line_num in _EXCEL_ENDS:
        notes.append(f"{path.name} ends where Excel does ({reader.line_num:,} lines): "
                     "rows may have been cut off.")  # fmt: skip
    return rows, tuple(notes)


def read_workbook_rows(path: Path, required: Iterable[str]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read the first sheet of a workbook whose header lies under marking and title rows.

    Returns
    -------
    (DataFrame, notes)
        As `read_csv_rows`; `line` is the sheet's row number, and no row is ragged.

    Raises
    ------
    InputError
        The file is no workbook, or no row has all required columns.
    """
    required = list(required)
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        message = f"{path.name} cannot be read as a workbook ({error}). Save it as .xlsx again."
        raise InputError(message) from error
    at = next(
        (n for n, row in enumerate(cells[:_HEADER_WITHIN]) if set(required) <= set(row)), None
    )
    if at is None:
        first = [str(cell) for cell in (cells[0] if cells else []) if cell != ""]
        message = (
            f"{path.name}: none of the first {_HEADER_WITHIN} rows has the columns "
            f"{', '.join(required)} (row 1 has: {', '.join(first) or 'nothing'}). "
            "Export again with these columns."
        )
        raise InputError(message)
    header = [str(cell).strip() for cell in cells[at]]
    _validate_header(header, required, path)
    numbered = [
        (n, row) for n, row in enumerate(cells[at + 1 :], start=at + 2) if any(c != "" for c in row)
    ]
    data = {
        name: [_as_text(row[i]) for _, row in numbered] for i, name in enumerate(header) if name
    }
    rows = _tidy(pl.DataFrame(data, schema=dict.fromkeys(data, pl.String)))
    alone = pl.Series([all(c == "" for c in row[1:]) for _, row in numbered], dtype=pl.Boolean)
    rows = rows.with_columns(
        line=pl.Series([n for n, _ in numbered], dtype=pl.UInt32),
        footer=alone,
        ragged=pl.lit(value=False),
    )
    return rows, (f"{path.name}: header found in row {at + 1}.",)


def read_table_rows(path: Path, required: Iterable[str]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read a workbook (.xlsx) or a comma-separated file, by its ending."""
    if path.suffix.lower() == ".xlsx":
        return read_workbook_rows(path, required)
    return read_csv_rows(path, required)


def _rows_of(reader: Any, path: Path) -> Iterator[list[str]]:  # noqa: ANN401 - csv's own type
    """Give the rows of a CSV reader; a row that it cannot read is said by its line."""
    try:
        yield from reader
    except csv.Error as error:
        message = (
            f"{path.name}, line {reader.line_num}: {error}. A quotation mark that is not closed "
            "does this; mend that line."
        )
        raise InputError(message) from error


def _mark_between(text: str) -> str:
    """Give the mark that parts the fields: the one that the header has most of."""
    header = text[: text.find("\n")] if "\n" in text else text
    return max(_MARKS, key=header.count)


def _decode(path: Path) -> tuple[str, str]:
    check_is_text(path)
    content = path.read_bytes()
    encodings = {"utf-8-sig": "utf-8", "cp1252": "Windows-1252"}
    if content.startswith(_UTF_16):
        encodings = {"utf-16": "UTF-16"}
    elif b"\x00" in content:
        message = f"{path.name} holds bytes that no text has (NUL); save it as 'CSV UTF-8'."
        raise InputError(message)
    for encoding, name in encodings.items():
        try:
            return content.decode(encoding), name
        except UnicodeDecodeError:
            continue
    message = f"{path.name} is neither UTF-8 nor Windows-1252 text; save it as 'CSV UTF-8'."
    raise InputError(message)


def _validate_header(header: list[str], required: Iterable[str], path: Path) -> None:
    if not any(header):
        message = f"{path.name} is empty; nothing was imported."
        raise InputError(message)
    if len(header) > MAX_COLUMNS:
        message = f"{path.name} has {len(header)} columns; at most {MAX_COLUMNS} are read."
        raise InputError(message)
    missing = [name for name in required if name not in header]
    if missing:
        message = (
            f"{path.name} lacks the column(s) {', '.join(missing)} (it has: {', '.join(header)}). "
            "Is it the right kind of file for this source?"
        )
        raise InputError(message)
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        message = f"{path.name} has the column(s) {', '.join(twice)} twice; rename one of each."
        raise InputError(message)


def _tidy(rows: pl.DataFrame) -> pl.DataFrame:
    text = pl.all().str.replace_all("\u00a0", " ").str.strip_chars()
    tidy = rows.with_columns(text)
    return tidy.with_columns(pl.when(pl.all() == "").then(None).otherwise(pl.all()).name.keep())


def _as_text(value: object) -> str:
    """Write a workbook's cell as a person would read it: whole numbers without a point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
