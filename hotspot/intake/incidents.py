"""Read a force's incidents: a CSV or workbook, one row an incident and child."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hotspot.intake.balance import Context, Reading, first_reason
from hotspot.intake.location_roles import form_of, setting_of
from hotspot.intake.places import add_degrees_from_grid
from hotspot.intake.readers import read_table_rows
from hotspot.intake.records import content_of, finish_records
from hotspot.intake.times import add_instant

SOURCE = "incidents"
COLUMNS = (
    "Crime Number", "Offence", "Form of Abuse", "Person ID", "Date/Time From", "Date/Time To",
    "Location Setting", "Location Text", "Easting", "Northing",
)  # fmt: skip


def read(path: Path, context: Context) -> Reading:
    """Read one export of incidents. An incident with an end happened between the two times."""
    rows, notes = read_table_rows(path, COLUMNS)
    rows = rows.with_columns(
        identity=content_of(rows, ["Crime Number", "Person ID"]),
        content=content_of(rows, list(COLUMNS)),
    )
    rows = add_instant(rows, "Date/Time From", "occurred_at")
    rows = add_instant(rows, "Date/Time To", "occurred_to")
    rows = add_degrees_from_grid(rows, "Easting", "Northing")
    rows = rows.with_columns(
        person=pl.col("Person ID"),
        setting=setting_of("Location Setting"),
        form=form_of("Form of Abuse"),
        kind=pl.col("Offence"),
    )
    rejected = first_reason(
        ("no_reference", pl.col("Crime Number").is_null()),
        ("bad_date", pl.any_horizontal("occurred_at_bad", "occurred_to_bad")),
        ("time_does_not_exist", pl.any_horizontal("occurred_at_gap", "occurred_to_gap")),
        ("bad_date", pl.col("occurred_at").is_null()),
        ("ends_before_start", pl.col("occurred_to") < pl.col("occurred_at")),
    )
    return finish_records(
        rows, SOURCE, context, rejected=rejected, heap_text="Location Text", notes=notes
    )
