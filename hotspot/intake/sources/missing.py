"""Read missing-episode locations: one row per occurrence and location (and often per officer)."""

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

SOURCE = "missing"
_IDENTITY = [
    "reference",
    "person",
    "role",
    "own",
    "own_clock",
    "easting",
    "northing",
    "lng",
    "lat",
    "grid_reference",
    "postcode",
    "uprn",
]
_NOT_KEPT = ("where", "date_of_birth", "precision")
_WEIGHT_LAST_SEEN_AT_ORIGIN = 0.5


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one export of missing-episode locations.

    A location's own time is used where it has one; otherwise the record spans the episode. A
    location at the same coordinates as the episode's origin is marked `at_origin`: "found" there is
    left out of clustering, "last seen" there counts half.
    """
    sheet = open_sheet(path, name or path.name, SOURCE, mapping, context.kept)
    sheet = settle_people(sheet, context)
    with numbers_beside(sheet, SOURCE, context, _IDENTITY, _NOT_KEPT) as numbers:
        for field, clock in (
            ("start", "start_clock"),
            ("end", "end_clock"),
            ("own", "own_clock"),
            ("date_of_birth", ""),
        ):
            sheet = date_field(sheet, field, clock)
        sheet = place_rows(sheet, context)
        sheet = add_words(sheet)
        has_own = pl.col("own_at").is_not_null()
        timed = sheet.rows.with_columns(
            occurred_at=pl.coalesce("own_at", "start_at"),
            occurred_to=pl.when(~has_own).then("end_at"),
            time_precision=pl.when(has_own).then("own_precision").otherwise("start_precision"),
        )
        sheet = add_children(sheet.after(timed), context, "occurred_at")
        sheet = sheet.after(
            _with_origins(sheet.rows),
            rules_before=[
                ("no_reference", "reference", pl.col("reference").is_null()),
                ("unknown_role", "role", pl.col("role").is_null()),
            ],
            rules=[
                ("bad_date", "start", pl.col("start_at").is_null()),
                ("ends_before_start", "end", pl.col("end_at") < pl.col("start_at")),
            ],
        )
        return finish_records(sheet, SOURCE, context, numbers)


def _with_origins(rows: pl.DataFrame) -> pl.DataFrame:
    """Mark what lies at any origin of its episode, whatever the order of the rows."""
    is_origin = pl.col("role") == Role.MISSING_FROM
    place = ["reference", "lng", "lat"]
    origins = rows.filter(is_origin, pl.col("lng").is_not_null()).select(place).unique()
    marked = origins.with_columns(at_origin=pl.lit(value=True))
    rows = rows.join(marked, on=place, how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("at_origin").fill_null(value=False))
    halved = pl.col("at_origin") & (pl.col("role") == Role.LAST_SEEN)
    return rows.with_columns(
        weight=pl.when(halved).then(_WEIGHT_LAST_SEEN_AT_ORIGIN).otherwise(1.0)
    )
