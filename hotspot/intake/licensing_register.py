"""Read a council's licensing register in the sample's layout (CSV or workbook)."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hotspot.intake.balance import Context, Reading, first_reason, settle
from hotspot.intake.places import add_degrees_from_grid, outside_area
from hotspot.intake.readers import read_table_rows
from hotspot.schema import PREMISES

SOURCE = "licensing"
COLUMNS = (
    "Licence Number", "Premises Name", "Address", "Postcode", "Licensing Authority",
    "Activities", "Terminal Hour", "Status", "Easting", "Northing",
)  # fmt: skip


def read(path: Path, context: Context) -> Reading:
    """Read one register. Holders and supervisors are people and are not read."""
    rows, notes = read_table_rows(path, COLUMNS)
    rows = add_degrees_from_grid(rows, "Easting", "Northing")
    rows = rows.with_columns(
        outside_area(rows, context.area),
        premises_ref=pl.col("Licence Number"),
        source=pl.lit(SOURCE),
        name=pl.col("Premises Name"),
        kind=_kind_of_activities(),
        address=pl.col("Address"),
        postcode=pl.col("Postcode"),
        authority=pl.col("Licensing Authority"),
        activities=pl.col("Activities"),
        open_until=pl.col("Terminal Hour"),
    )
    rows = rows.with_columns(
        rejected=first_reason(
            ("no_reference", pl.col("premises_ref").is_null()),
            ("no_name", pl.col("name").is_null()),
            ("bad_coordinates", pl.col("coordinates_bad")),
        ),
        set_aside=first_reason(
            ("duplicate_row", ~pl.col("premises_ref").is_first_distinct()),
            ("not_current", pl.col("Status").str.to_lowercase() != "current"),
            ("no_location", pl.col("lng").is_null()),
            ("out_of_area", pl.col("outside")),
        ),
    )
    return settle(rows, PREMISES, notes)


def _kind_of_activities() -> pl.Expr:
    """Say what the activities make the premises, as far as they do; a licence names no trade."""
    has = pl.col("Activities").str.to_lowercase().fill_null("").str.contains
    return (
        pl.when(has("private hire", literal=True))
        .then(pl.lit("taxi operator"))
        .when(has("alcohol off", literal=True) & ~has("alcohol on", literal=True))
        .then(pl.lit("off-licence or shop"))
        .when(has("late night refreshment", literal=True) & ~has("alcohol", literal=True))
        .then(pl.lit("takeaway"))
        .when(has("alcohol on", literal=True) & has("music", literal=True))
        .then(pl.lit("pub, bar or nightclub"))
        .otherwise(pl.lit("other licensed premises"))
    )
