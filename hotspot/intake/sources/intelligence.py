"""Read places named in graded intelligence; the text of a report is never read."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.fields.roles import grade_of
from hotspot.intake.rows.balance import Context, Reading
from hotspot.intake.rows.canonical import date_field, open_sheet
from hotspot.intake.rows.placing import place_rows
from hotspot.intake.rows.records import add_words, finish_records, numbers_beside
from hotspot.schema import Role

SOURCE = "intelligence"
_IDENTITY = ["reference", "easting", "northing", "lng", "lat", "grid_reference", "postcode", "uprn"]
_NOT_KEPT = ("where", "precision")


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one file of intelligence locations; one without a grade is kept and not clustered."""
    sheet = open_sheet(path, name or path.name, SOURCE, mapping, context.kept)
    with numbers_beside(sheet, SOURCE, context, _IDENTITY, _NOT_KEPT) as numbers:
        sheet = sheet.after(sheet.rows.with_columns(grade=grade_of("grade")))
        sheet = date_field(sheet, "start", "start_clock")
        sheet = add_words(place_rows(sheet, context))
        names = {"start_at": "occurred_at", "start_precision": "time_precision"}
        sheet = sheet.after(
            sheet.rows.rename(names).with_columns(role=pl.lit(Role.INTEL.value)),
            rules_before=[("no_reference", "reference", pl.col("reference").is_null())],
            rules=[
                ("bad_date", "start", pl.col("occurred_at").is_null()),
                ("not_graded", "grade", pl.col("grade").is_null()),
            ],
        )
        return finish_records(sheet, SOURCE, context, numbers)
