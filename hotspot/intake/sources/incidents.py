"""Read a force's incidents: one row an incident and child."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.rows.balance import Context, Reading
from hotspot.intake.rows.canonical import date_field, open_sheet
from hotspot.intake.rows.placing import place_rows
from hotspot.intake.rows.records import add_children, add_words, begin_numbers, finish_records

SOURCE = "incidents"
_NOT_KEPT = ("where", "date_of_birth", "precision")


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one export of incidents. An incident with an end happened between the two times."""
    sheet = open_sheet(path, name or path.name, SOURCE, mapping, context.kept)
    begin_numbers(sheet, SOURCE, context, ["reference", "person"], _NOT_KEPT)
    for field, clock in (("start", "start_clock"), ("end", "end_clock"), ("date_of_birth", "")):
        date_field(sheet, field, clock)
    place_rows(sheet, context)
    add_words(sheet)
    sheet.rows = sheet.rows.rename(
        {"start_at": "occurred_at", "end_at": "occurred_to", "start_precision": "time_precision"}
    )
    add_children(sheet, context, "occurred_at")
    sheet.rules = [
        ("no_reference", "reference", pl.col("reference").is_null()),
        *sheet.rules,
        ("bad_date", "start", pl.col("occurred_at").is_null()),
        ("ends_before_start", "end", pl.col("occurred_to") < pl.col("occurred_at")),
    ]
    return finish_records(sheet, SOURCE, context)
