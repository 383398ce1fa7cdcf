"""Write what the force's lawyers still must read as a workbook, and take it back."""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

from hotspot.disruption.measures import Measure, overlay_catalogue
from hotspot.disruption.reading_list import (
    DEADLINES,
    MEASURES,
    TITLES,
    Row,
    entries_of,
    merge_entries,
    rows_of_deadlines,
    rows_of_measures,
    unchecked,
)
from hotspot.errors import InputError
from hotspot.intake.files.raw import Choices
from hotspot.intake.files.workbooks import read_workbook
from hotspot.services.workspace.folder import Workspace
from hotspot.services.workspace.measure_catalogue import OVERLAY, catalogue_of

BEFORE = "measures.before.yaml"
"""The force's own file as it was before the last workbook came back."""
_WIDE, _NARROW = 44, 16


def unchecked_measures(workspace: Workspace | None) -> list[Measure]:
    """List the measures that the force's lawyers still must read.

    Raises
    ------
    InputError
        The force's own file cannot be used.
    """
    return unchecked(catalogue_of(workspace))


def reading_workbook(workspace: Workspace | None) -> bytes:
    """Write the measures that are not yet checked, and their deadlines, as a workbook.

    No record is read, so nothing is logged.

    Raises
    ------
    InputError
        The force's own file cannot be used.
    """
    measures = unchecked_measures(workspace)
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True})
        sheets = {MEASURES: rows_of_measures(measures), DEADLINES: rows_of_deadlines(measures)}
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            for column, title in enumerate(TITLES[name]):
                longest = max((len(row[title]) for row in rows), default=0)
                sheet.set_column(column, column, _WIDE if longest > _WIDE else _NARROW)
                sheet.write_string(0, column, title, bold)
                for line, row in enumerate(rows, start=1):
                    sheet.write_string(line, column, row[title], wrapped)
    return file.getvalue()


def take_back(workspace: Workspace, path: Path) -> list[str]:
    """Lay what the lawyers wrote into the workbook over the force's own file.

    What stands in that file and is not touched stays; as it was before it is kept beside it.

    Returns
    -------
    list of str
        Codes of the measures of which the workbook says something new.

    Raises
    ------
    InputError
        The workbook cannot be read, or what it says cannot be a measure: nothing is changed.
    """
    measures, deadlines = (_rows(path, sheet) for sheet in (MEASURES, DEADLINES))
    entries = entries_of(catalogue_of(workspace), measures, deadlines)
    own = workspace.folder / OVERLAY
    before = yaml.safe_load(own.read_text(encoding="utf-8")) if own.exists() else None
    if entries:
        _replace(own, merge_entries(before or [], entries))
    return list(entries)


def _rows(path: Path, sheet: str) -> list[Row]:
    if not path.exists():
        message = f"{path.name} is not there; give the workbook that came back."
        raise InputError(message)
    table = read_workbook(path, path.name, (), Choices(sheet=sheet, header_row=1))
    titles = TITLES[sheet]
    missing = [title for title in titles if title not in table.columns]
    if missing:
        message = f"{path.name}, sheet '{sheet}': the columns {', '.join(missing)} are missing."
        raise InputError(message)
    return [
        {title: str(row[title] or "").strip() for title in titles}
        for row in table.rows.iter_rows(named=True)
        if row["Code"]
    ]


def _replace(own: Path, entries: list[dict[str, Any]]) -> None:
    """Write the force's own file, once it has been seen to lie over the catalogue."""
    text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=100)
    with tempfile.TemporaryDirectory(dir=own.parent) as folder:
        new = Path(folder) / OVERLAY
        new.write_text(text, encoding="utf-8")
        overlay_catalogue(new)
        if own.exists():
            shutil.copy2(own, own.with_name(BEFORE))
        new.replace(own)
