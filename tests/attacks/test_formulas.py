"""Write what a spreadsheet takes for a formula behind what nobody sees: one list for both files."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.tabular import harmless, write_table

STARTS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
    "\ufe661",
    "\u22121",
)
UNSEEN = (
    "",
    " ",
    "\u00a0",
    "\u2003",
    "\u200b",
    "\u200e",
    "\u202e",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\u034f",
    "\ufe0f",
    "\u180e",
    "\u115f",
    "\u2800",
    "\u3164",
    "\uffa0",
    "\x1f",
    "\x7f",
    "\u2028",
    "\U000e0020",
    " \u200b\u00a0\u2060",
)
TEXTS = [f"{unseen}{start}" for unseen in UNSEEN for start in STARTS] + ["\t=1", "\r=1", "\n=1"]
PLAIN = ["Crown & Anchor", "\u00c9cole", "(=1)", "1=1", "\u200bCrown", "", " "]


@pytest.mark.parametrize("form", [FileForm.CSV, FileForm.WORKBOOK])
def test_no_text_becomes_a_formula_whatever_stands_before_it(form: FileForm) -> None:
    content = write_table(pd.DataFrame({"Name": TEXTS + PLAIN}), form, ["x"])
    if form is FileForm.CSV:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        cells = [row[0] if row else "" for row in rows][-len(TEXTS + PLAIN) :]
    else:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        cells = [str(row[0]) for row in sheet.to_python()][3 : 3 + len(TEXTS)]
    assert [
        text for text, cell in zip(TEXTS, cells, strict=False) if not cell.startswith("'")
    ] == []


def test_other_texts_stay_as_they_are() -> None:
    assert [harmless(text) for text in PLAIN] == PLAIN
