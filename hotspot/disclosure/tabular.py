"""Write tables that leave, as CSV or workbook: marked, and with no cell that is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

import pandas as pd
import xlsxwriter

from hotspot.disclosure.forms import FileForm

_FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def harmless(value: object) -> str:
    """Write a value as text that no spreadsheet takes for a formula.

    A text that starts like one gets an apostrophe in front, also after leading spaces.

    Examples
    --------
    >>> harmless("=1+1"), harmless("Crown & Anchor"), harmless(" @x"), harmless(None)
    ("'=1+1", 'Crown & Anchor', "' @x", '')
    """
    if value is None or value is pd.NaT or value != value:  # noqa: PLR0124 - NaN is missing
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    starts = text.startswith(_FORMULA_STARTS) or text.lstrip(" ").startswith(_FORMULA_STARTS)
    return f"'{text}" if starts and not _is_number(value) else text


def write_table(frame: pd.DataFrame, form: FileForm, heading: Sequence[str]) -> bytes:
    """Write a table with its heading (marking, handling, what it is) in the lines above it."""
    rows: list[list[object]] = [[line] for line in heading]
    rows += [[], list(frame.columns)]
    rows += [list(row) for row in frame.itertuples(index=False)]
    return _csv(rows) if form is FileForm.CSV else _workbook(rows, len(heading))


def _csv(rows: list[list[object]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + file.getvalue().encode()  # Excel reads UTF-8 only with this mark


def _workbook(rows: list[list[object]], heading: int) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Hotspot")
        sheet.set_column(0, max(map(len, rows)), 22)
        sheet.freeze_panes(heading + 2, 0)
        for number, row in enumerate(rows):
            style = bold if number < heading + 2 else None
            for column, value in enumerate(row):
                if _is_number(value) and value == value:  # noqa: PLR0124 - NaN is missing
                    sheet.write_number(number, column, float(value), style)  # type: ignore[arg-type]
                else:
                    sheet.write_string(number, column, harmless(value), style)
    return file.getvalue()


def _is_number(value: object) -> bool:
    return pd.api.types.is_number(value) and not isinstance(value, bool)
