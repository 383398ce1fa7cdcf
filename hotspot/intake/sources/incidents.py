"""Read a force's incidents: one row an incident and child."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.rows.balance import Context, Reading
from hotspot.intake.rows.canonical import date_field, open_sheet
from hotspot.intake.rows.placing import place_rows
from hotspot.intake.rows.records import (
    add_children,
    add_words,
    finish_records,
    numbers_beside,
    settle_people,
)

SOURCE = "incidents"
_NOT_KEPT = ("where", "date_of_birth", "precision")


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one export of incidents. An incident with an end happened between the two times."""
    sheet = open_sheet(path, name or path.name, SOURCE, mapping, context.kept)
    sheet = settle_people(sheet, context)
    with numbers_beside(sheet, SOURCE, context, ["reference", "person"], _NOT_KEPT) as numbers:
        for field, clock in (("start", "start_clock"), ("end", "end_clock"), ("date_of_birth", "")):
            sheet = date_field(sheet, field, clock)
        sheet = place_rows(sheet, context)
        sheet = add_words(sheet)
        names = {"start_at": "occurred_at", "end_at": "occurred_to"}
        timed = sheet.rows.rename(names | {"start_precision": "time_precision"})
        sheet = add_children(sheet.after(timed), context, "occurred_at").after(
            rules_before=[("no_reference", "reference", pl.col("reference").is_null())],
            rules=[
                ("bad_date", "start", pl.col("occurred_at").is_null()),
                ("ends_before_start", "end", pl.col("occurred_to") < pl.col("occurred_at")),
            ],
        )
        return finish_records(sheet, SOURCE, context, numbers)
