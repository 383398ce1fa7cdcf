"""Read missing-episode locations: one row per occurrence and location (and often per officer)."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.rows.balance import Context, Reading
from hotspot.intake.rows.canonical import date_field, open_sheet
from hotspot.intake.rows.placing import place_rows
from hotspot.intake.rows.records import add_children, add_words, begin_numbers, finish_records
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
    begin_numbers(sheet, SOURCE, context, _IDENTITY, _NOT_KEPT)
    for field, clock in (
        ("start", "start_clock"),
        ("end", "end_clock"),
        ("own", "own_clock"),
        ("date_of_birth", ""),
    ):
        date_field(sheet, field, clock)
    place_rows(sheet, context)
    add_words(sheet)
    has_own = pl.col("own_at").is_not_null()
    sheet.rows = sheet.rows.with_columns(
        occurred_at=pl.coalesce("own_at", "start_at"),
        occurred_to=pl.when(~has_own).then("end_at"),
        time_precision=pl.when(has_own).then("own_precision").otherwise("start_precision"),
    )
    add_children(sheet, context, "occurred_at")
    sheet.rows = _with_origins(sheet.rows)
    sheet.rules = [
        ("no_reference", "reference", pl.col("reference").is_null()),
        ("unknown_role", "role", pl.col("role").is_null()),
        *sheet.rules,
        ("bad_date", "start", pl.col("start_at").is_null()),
        ("ends_before_start", "end", pl.col("end_at") < pl.col("start_at")),
    ]
    return finish_records(sheet, SOURCE, context)


def _with_origins(rows: pl.DataFrame) -> pl.DataFrame:
    is_origin = pl.col("role") == Role.MISSING_FROM
    origins = rows.filter(is_origin, pl.col("lng").is_not_null()).unique(
        "reference", keep="first", maintain_order=True
    )
    rows = rows.join(
        origins.select("reference", pl.col("lng").alias("lng_0"), pl.col("lat").alias("lat_0")),
        on="reference",
        how="left",
        maintain_order="left",
    )
    same = (pl.col("lng") == pl.col("lng_0")) & (pl.col("lat") == pl.col("lat_0"))
    rows = rows.with_columns(at_origin=same.fill_null(value=False)).drop("lng_0", "lat_0")
    halved = pl.col("at_origin") & (pl.col("role") == Role.LAST_SEEN)
    return rows.with_columns(
        weight=pl.when(halved).then(_WEIGHT_LAST_SEEN_AT_ORIGIN).otherwise(1.0)
    )
