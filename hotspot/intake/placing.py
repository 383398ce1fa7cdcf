"""Give the rows of a source their places, by the best locator that their file has."""

from __future__ import annotations

import polars as pl

from hotspot.errors import InputError
from hotspot.intake.balance import Context
from hotspot.intake.canonical import Sheet
from hotspot.intake.places import (
    add_degrees,
    add_degrees_from_grid,
    add_degrees_from_postcode,
    add_degrees_from_reference,
    add_degrees_from_uprn,
    precision_of,
    use_grid,
)
from hotspot.intake.whereabouts import SWAPPED_SHARE, is_outside, would_fit_swapped
from hotspot.schema import PRECISIONS


def place_rows(sheet: Sheet, context: Context) -> None:
    """Add `lng`, `lat`, `precision`, `outside` and `swapped`, by the best locator that is mapped.

    Raises
    ------
    InputError
        The coordinates of the whole file look swapped, or are metres in columns of degrees.
    """
    rows, mapping = sheet.rows, sheet.mapping
    if sheet.has("easting") and sheet.has("northing"):
        pair = ("northing", "easting") if mapping.swap_axes else ("easting", "northing")
        rows, blamed = add_degrees_from_grid(rows, *pair), "easting"
        sheet.notes.append(use_grid(context.reference))
    elif sheet.has("lng") and sheet.has("lat"):
        pair = ("lat", "lng") if mapping.swap_axes else ("lng", "lat")
        written = rows.rename({"lng": "lng_text", "lat": "lat_text"})
        rows, blamed = add_degrees(written, f"{pair[0]}_text", f"{pair[1]}_text",
                                   is_osgb36=mapping.degrees == "OSGB36"), "lng"  # fmt: skip
    elif sheet.has("grid_reference"):
        rows, blamed = add_degrees_from_reference(rows, "grid_reference"), "grid_reference"
    elif sheet.has("uprn"):
        rows, blamed = add_degrees_from_uprn(rows, "uprn", context.reference), "uprn"
    elif sheet.has("postcode"):
        rows = add_degrees_from_postcode(rows, "postcode", context.reference)
        blamed = "postcode"
    else:
        nothing = pl.lit(None, pl.Float64)
        rows, blamed = rows.with_columns(
            nothing.alias("lng"), nothing.alias("lat"), pl.lit(None, pl.String).alias("problem"),
            pl.lit(None, pl.String).alias("precision"),
        ), ""  # fmt: skip
    if sheet.has("postcode") and blamed != "postcode" and context.reference.postcodes:
        rows = _fill_by_postcode(sheet, rows, context)
    if mapping.swap_axes:
        sheet.notes.append(f"{sheet.name}: the two columns of coordinates are read changed round.")
    if sheet.has("precision"):
        source = sheet.rows["precision"]
        words = precision_of("precision_word", mapping.words.get("precision", {}), PRECISIONS)
        rows = rows.with_columns(source.alias("precision_word")).with_columns(
            precision=pl.when(pl.col("precision") == "locality").then("precision")
            .otherwise(pl.coalesce(words, "precision"))
        )  # fmt: skip
    rows = rows.with_columns(is_outside(rows, context.area))
    rows = rows.with_columns(would_fit_swapped(rows, context.area))
    sheet.rows = rows.with_columns(pl.col("precision").fill_null("unknown"))
    _refuse_if_all_are_wrong(sheet)
    problems = rows["problem"].drop_nulls().unique().to_list()
    sheet.rules += [(code, blamed, pl.col("problem") == code) for code in sorted(problems)]
    sheet.rules += [
        ("no_location", blamed, pl.col("lng").is_null() | pl.col("lat").is_null()),
        ("swapped_axes", blamed, pl.col("swapped")),
    ]


def _fill_by_postcode(sheet: Sheet, rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Give rows that say nothing better the middle of their postcode."""
    empty = pl.col("lng").is_null() & pl.col("problem").is_null() & pl.col("postcode").is_not_null()
    lacking = rows.select("line", empty.alias("empty"), "postcode").filter("empty")
    if lacking.is_empty():
        return rows
    found = add_degrees_from_postcode(lacking, "postcode", context.reference)
    found = found.select("line", *(pl.col(c).alias(f"{c}_2") for c in _PLACED))
    sheet.notes.append(
        f"{sheet.name}: {found['lng_2'].count():,} rows without coordinates lie at the middle of "
        "their postcode."
    )
    return rows.join(found, on="line", how="left", maintain_order="left").with_columns(
        pl.coalesce(c, f"{c}_2").alias(c) for c in _PLACED
    ).drop(f"{c}_2" for c in _PLACED)  # fmt: skip


_PLACED = ("lng", "lat", "problem", "precision")


def _refuse_if_all_are_wrong(sheet: Sheet) -> None:
    """Say of a whole file what would otherwise be said of each of its rows."""
    rows = sheet.rows
    metres = int((rows["problem"] == "grid_in_degrees").sum())
    located, swapped = rows["lng"].count() + metres, int(rows["swapped"].sum())
    if located < 2:
        return
    if swapped > SWAPPED_SHARE * located:
        message = (
            f"{sheet.name}: the two columns of coordinates look swapped: {swapped:,} of "
            f"{located:,} rows lie in the area only when they are changed round. Nothing was "
            "imported; set 'swap the axes' in the mapping if that is so."
        )
        raise InputError(message)
    if metres > SWAPPED_SHARE * located:
        message = (
            f"{sheet.name}: the columns of degrees hold British National Grid metres in {metres:,} "
            "rows. Map them as easting and northing (EPSG:27700); nothing was imported."
        )
        raise InputError(message)
