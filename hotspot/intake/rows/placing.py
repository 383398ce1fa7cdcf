"""Give the rows of a source their places, by the best locator that their file has."""

from __future__ import annotations

import polars as pl

from hotspot.errors import InputError
from hotspot.intake.places.coordinates import precision_of
from hotspot.intake.places.whereabouts import SWAPPED_SHARE, is_outside, would_fit_swapped
from hotspot.intake.rows.balance import Context
from hotspot.intake.rows.canonical import Sheet
from hotspot.intake.rows.locating import locate_rows
from hotspot.schema import PRECISIONS, Area


def place_rows(sheet: Sheet, context: Context) -> Sheet:
    """Add `lng`, `lat`, `precision`, `outside` and `swapped`, by the best locator that is mapped.

    Raises
    ------
    InputError
        The coordinates of the whole file look swapped, or are metres in columns of degrees.
    """
    mapping, area = sheet.mapping, context.area
    where = (area, context.reference)
    rows, blamed, notes = locate_rows(
        sheet.rows, mapping, where, sheet.name, lambda part: _judged(part, area)
    )
    if mapping.swap_axes:
        notes = [*notes, f"{sheet.name}: the two columns of coordinates are read changed round."]
    if sheet.has("precision"):
        words = precision_of("precision_word", mapping.words.get("precision", {}), PRECISIONS)
        rows = rows.with_columns(precision_word=sheet.rows["precision"]).with_columns(
            precision=pl.when(pl.col("precision") == "locality")
            .then("precision")
            .otherwise(pl.coalesce(words, "precision"))
        )
    rows = rows.with_columns(pl.col("precision").fill_null("unknown"))
    _refuse_if_all_are_wrong(sheet.name, rows)
    problems = rows["problem"].drop_nulls().unique().to_list()
    return sheet.after(
        rows,
        notes=notes,
        rules=[
            *((code, blamed, pl.col("problem") == code) for code in sorted(problems)),
            ("no_location", blamed, pl.col("lng").is_null() | pl.col("lat").is_null()),
            ("swapped_axes", blamed, pl.col("swapped")),
        ],
    )


def _judged(rows: pl.DataFrame, area: Area) -> pl.DataFrame:
    """Tell which rows lie outside the area, and which of them would not with swapped axes."""
    rows = rows.with_columns(is_outside(rows, area))
    return rows.with_columns(would_fit_swapped(rows, area))


def _refuse_if_all_are_wrong(name: str, rows: pl.DataFrame) -> None:
    """Say of a whole file what would otherwise be said of each of its rows."""
    metres = int((rows["problem"] == "grid_in_degrees").sum())
    located, swapped = rows["lng"].count() + metres, int(rows["swapped"].sum())
    if located < 2:
        return
    if swapped > SWAPPED_SHARE * located:
        message = (
            f"{name}: the two columns of coordinates look swapped: {swapped:,} of "
            f"{located:,} rows lie in the area only when they are changed round. Nothing was "
            "imported; set 'swap the axes' in the mapping if that is so."
        )
        raise InputError(message)
    if metres > SWAPPED_SHARE * located:
        message = (
            f"{name}: the columns of degrees hold British National Grid metres in {metres:,} "
            "rows. Map them as easting and northing (EPSG:27700); nothing was imported."
        )
        raise InputError(message)
