"""Read places that children told of at return home interviews."""

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
from hotspot.schema import Role

SOURCE = "interviews"
_IDENTITY = [
    "reference",
    "person",
    "role",
    "easting",
    "northing",
    "lng",
    "lat",
    "grid_reference",
    "postcode",
    "uprn",
]
_NOT_KEPT = ("where", "date_of_birth", "precision", "start_clock")


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one file of interview locations.

    The day is the interview's, not that of what was told, so such records carry no hour.
    """
    sheet = open_sheet(path, name or path.name, SOURCE, mapping, context.kept)
    sheet = settle_people(sheet, context)
    with numbers_beside(sheet, SOURCE, context, _IDENTITY, _NOT_KEPT) as numbers:
        sheet = date_field(sheet, "start", "start_clock")
        sheet = date_field(sheet, "date_of_birth")
        sheet = place_rows(sheet, context)
        sheet = add_words(sheet)
        months = pl.col("start_precision") == "month"
        timed = sheet.rows.rename({"start_at": "occurred_at"}).with_columns(
            role=pl.col("role") if sheet.has("role") else pl.lit(Role.DISCLOSED.value),
            time_precision=pl.when(months).then(pl.lit("month")).otherwise(pl.lit("day")),
        )
        sheet = add_children(sheet.after(timed), context, "occurred_at")
        sheet = sheet.after(
            rules_before=[
                ("no_reference", "reference", pl.col("reference").is_null()),
                ("unknown_role", "role", pl.col("role").is_null()),
            ],
            rules=[("bad_date", "start", pl.col("occurred_at").is_null())],
        )
        return finish_records(sheet, SOURCE, context, numbers)
