"""Finish rows of any record source: place, identity, heaps, and the balance sheet."""

from __future__ import annotations

import polars as pl

from hotspot.intake.balance import Context, Reading, first_reason, settle
from hotspot.intake.places import default_coordinates, outside_area
from hotspot.intake.pseudonyms import pseudonyms, record_ids
from hotspot.schema import RECORDS, Role

_DEFAULTS: dict[str, pl.Expr] = {
    "occurred_to": pl.lit(None, pl.Datetime("us", "UTC")),
    "time_precision": pl.lit("minute"),
    "child": pl.lit(None, pl.String),
    "role": pl.lit(Role.INCIDENT.value),
    "setting": pl.lit("unknown"),
    "form": pl.lit(None, pl.String),
    "kind": pl.lit(None, pl.String),
    "at_origin": pl.lit(value=False),
    "weight": pl.lit(1.0),
}


def finish_records(
    rows: pl.DataFrame,
    source: str,
    context: Context,
    *,
    rejected: pl.Expr,
    heap_text: str | None = None,
    notes: tuple[str, ...] = (),
) -> Reading:
    """Turn parsed rows into records and account for each row.

    Parameters
    ----------
    rows
        `line`, `footer` and `ragged` as the reader gave them, `identity` (text that tells the row
        from all others), `content` (all of the row), `lng`, `lat`, `occurred_at`,
        `coordinates_bad`, optionally `person` (a reference to a child) and any column of a record.
    source
        Name of the source.
    context
        Area and key of the workspace.
    rejected
        The source's own rule for rejecting a row (a reason code or null).
    heap_text
        Column with descriptions of places, where default coordinates are to be recognised.
    """
    missing = {name: value for name, value in _DEFAULTS.items() if name not in rows.columns}
    rows = rows.with_columns(source=pl.lit(source), **missing)
    if "person" in rows.columns:
        rows = rows.with_columns(child=pseudonyms(rows["person"], context.pseudonym_key))
    rows = rows.with_columns(
        record_ids(source, rows["identity"], context.pseudonym_key),
        outside_area(rows, context.area),
    )
    repeated = ~pl.col("record_id").is_first_distinct()
    same = pl.col("content") == pl.col("content").first().over("record_id")
    heap = default_coordinates(heap_text) if heap_text else pl.lit(value=False)
    rows = rows.with_columns(
        rejected=first_reason(("bad_coordinates", pl.col("coordinates_bad"))).fill_null(rejected),
        set_aside=first_reason(
            ("duplicate_row", repeated & same),
            ("same_id_differs", repeated),
            ("no_location", pl.col("lng").is_null() | pl.col("lat").is_null()),
            ("out_of_area", pl.col("outside")),
            ("default_coordinate", heap),
        ),
    )
    return settle(rows, RECORDS, notes)


def content_of(rows: pl.DataFrame, columns: list[str]) -> pl.Series:
    """Join columns into one text a row, for comparing rows."""
    texts = [pl.col(name).fill_null("") for name in columns]
    return rows.select(pl.concat_str(texts, separator="\x1f")).to_series()
