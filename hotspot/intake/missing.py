"""Read missing-episode locations: a workbook or CSV, one row per occurrence and location."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hotspot.intake.balance import Context, Reading, first_reason
from hotspot.intake.location_roles import role_of, setting_of
from hotspot.intake.places import add_degrees_from_grid
from hotspot.intake.readers import read_table_rows
from hotspot.intake.records import content_of, finish_records
from hotspot.intake.times import add_instant
from hotspot.schema import Role

SOURCE = "missing"
COLUMNS = (
    "Occurrence Number", "Person ID", "Date/Time From", "Date/Time Found", "Location Type",
    "Location Setting", "Location Date/Time", "Location Text", "Easting", "Northing",
)  # fmt: skip
_WEIGHT_LAST_SEEN_AT_ORIGIN = 0.5


def read(path: Path, context: Context) -> Reading:
    """Read one export of missing-episode locations.

    A location's own time is used where it has one; otherwise the record spans the episode. A
    location at the same coordinates as the episode's origin is marked `at_origin`: "found" there is
    left out of clustering, "last seen" there counts half.
    """
    rows, notes = read_table_rows(path, COLUMNS)
    content = content_of(rows, list(COLUMNS))
    rows = rows.with_columns(identity=content, content=content)
    for column, name in (
        ("Date/Time From", "start"),
        ("Date/Time Found", "end"),
        ("Location Date/Time", "own"),
    ):
        rows = add_instant(rows, column, name)
    rows = add_degrees_from_grid(rows, "Easting", "Northing")
    rows = rows.with_columns(
        person=pl.col("Person ID"),
        role=role_of("Location Type"),
        setting=setting_of("Location Setting"),
        occurred_at=pl.coalesce("own", "start"),
        occurred_to=pl.when(pl.col("own").is_null()).then("end"),
    )
    rows = _mark_origins(rows)
    rejected = first_reason(
        ("no_reference", pl.col("Occurrence Number").is_null()),
        ("unknown_role", pl.col("role").is_null()),
        ("bad_date", pl.any_horizontal("start_bad", "end_bad", "own_bad")),
        ("time_does_not_exist", pl.any_horizontal("start_gap", "end_gap", "own_gap")),
        ("bad_date", pl.col("start").is_null()),
        ("ends_before_start", pl.col("end") < pl.col("start")),
    )
    return finish_records(
        rows, SOURCE, context, rejected=rejected, heap_text="Location Text", notes=notes
    )


def _mark_origins(rows: pl.DataFrame) -> pl.DataFrame:
    is_origin = pl.col("role") == Role.MISSING_FROM
    origin = [
        pl.col(axis).filter(is_origin).first().over("Occurrence Number").alias(f"origin_{axis}")
        for axis in ("lng", "lat")
    ]
    rows = rows.with_columns(*origin)
    at_origin = (pl.col("lng") == pl.col("origin_lng")) & (pl.col("lat") == pl.col("origin_lat"))
    rows = rows.with_columns(at_origin=at_origin.fill_null(value=False))
    seen_there = pl.col("at_origin") & (pl.col("role") == Role.LAST_SEEN)
    return rows.with_columns(
        weight=pl.when(seen_there).then(_WEIGHT_LAST_SEEN_AT_ORIGIN).otherwise(1.0)
    )
