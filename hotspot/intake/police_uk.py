"""Read data.police.uk street-level crime: open data on snap points, month only."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hotspot.intake.balance import Context, Reading, first_reason
from hotspot.intake.places import add_degrees
from hotspot.intake.readers import read_csv_rows
from hotspot.intake.records import content_of, finish_records

SOURCE = "police-uk"
COLUMNS = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
    "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip


def read(path: Path, context: Context) -> Reading:
    """Read one street-level file.

    A row without a Crime ID is told from others by its content and its place among rows of the same
    content: identical rows are separate incidents, and reading the file again gives the same rows.
    """
    rows, notes = read_csv_rows(path, COLUMNS)
    content = content_of(rows, list(COLUMNS))
    rows = rows.with_columns(content=content).with_columns(
        ordinal=pl.int_range(pl.len()).over("content").cast(pl.String)
    )
    by_content = pl.concat_str("content", "ordinal", separator="\x1f")
    month = pl.col("Month").str.to_date("%Y-%m", strict=False)
    rows = rows.with_columns(
        identity=pl.coalesce("Crime ID", by_content),
        occurred_at=month.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        + pl.duration(hours=12),
        time_precision=pl.lit("month"),
        kind=pl.col("Crime type"),
    )
    rows = add_degrees(rows, "Longitude", "Latitude")
    rejected = first_reason(("bad_date", pl.col("occurred_at").is_null()))
    note = f"{path.name}: snap points of open data: everything made from them is approximate."
    return finish_records(rows, SOURCE, context, rejected=rejected, notes=(*notes, note))
