"""Give the rows of a source their places, by the best locator that their file has."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from hotspot.errors import InputError
from hotspot.intake.places.coordinates import (
    add_degrees,
    add_degrees_from_grid,
    add_degrees_from_postcode,
    add_degrees_from_reference,
    add_degrees_from_uprn,
    precision_of,
    use_grid,
)
from hotspot.intake.places.whereabouts import SWAPPED_SHARE, is_outside, would_fit_swapped
from hotspot.intake.rows.balance import Context
from hotspot.intake.rows.canonical import Sheet
from hotspot.schema import PRECISIONS, Area

Located = Callable[[pl.DataFrame], pl.DataFrame]


def place_rows(sheet: Sheet, context: Context) -> None:
    """Add `lng`, `lat`, `precision`, `outside` and `swapped`, by the best locator that is mapped.

    Raises
    ------
    InputError
        The coordinates of the whole file look swapped, or are metres in columns of degrees.
    """
    mapping, area = sheet.mapping, context.area
    columns, locate = _locator_of(sheet, context)
    rows = _once_each(sheet.rows, columns, lambda part: _judged(locate(part), area))
    blamed = columns[0].removesuffix("_text") if columns else ""
    if sheet.has("postcode") and blamed != "postcode" and context.reference.postcodes:
        rows = _judged(_fill_by_postcode(sheet, rows, context), area)
    if mapping.swap_axes:
        sheet.notes.append(f"{sheet.name}: the two columns of coordinates are read changed round.")
    if sheet.has("precision"):
        words = precision_of("precision_word", mapping.words.get("precision", {}), PRECISIONS)
        rows = rows.with_columns(precision_word=sheet.rows["precision"]).with_columns(
            precision=pl.when(pl.col("precision") == "locality")
            .then("precision")
            .otherwise(pl.coalesce(words, "precision"))
        )
    sheet.rows = rows.with_columns(pl.col("precision").fill_null("unknown"))
    _refuse_if_all_are_wrong(sheet)
    problems = rows["problem"].drop_nulls().unique().to_list()
    sheet.rules += [(code, blamed, pl.col("problem") == code) for code in sorted(problems)]
    sheet.rules += [
        ("no_location", blamed, pl.col("lng").is_null() | pl.col("lat").is_null()),
        ("swapped_axes", blamed, pl.col("swapped")),
    ]


def _locator_of(sheet: Sheet, context: Context) -> tuple[list[str], Located]:
    """Give the columns of the best locator, and what adds places to rows that have them."""
    mapping, reference = sheet.mapping, context.reference
    if sheet.has("easting") and sheet.has("northing"):
        pair = ["northing", "easting"] if mapping.swap_axes else ["easting", "northing"]
        sheet.notes.append(use_grid(reference))
        return ["easting", "northing"], lambda rows: add_degrees_from_grid(rows, *pair)
    if sheet.has("lng") and sheet.has("lat"):
        pair = ["lat_text", "lng_text"] if mapping.swap_axes else ["lng_text", "lat_text"]
        sheet.rows = sheet.rows.rename({"lng": "lng_text", "lat": "lat_text"})
        is_osgb36 = mapping.degrees == "OSGB36"
        return ["lng_text", "lat_text"], lambda rows: add_degrees(rows, *pair, is_osgb36=is_osgb36)
    if sheet.has("grid_reference"):
        return ["grid_reference"], lambda rows: add_degrees_from_reference(rows, "grid_reference")
    if sheet.has("uprn"):
        return ["uprn"], lambda rows: add_degrees_from_uprn(rows, "uprn", reference)
    if sheet.has("postcode"):
        return ["postcode"], lambda rows: add_degrees_from_postcode(rows, "postcode", reference)
    number, text = pl.lit(None, pl.Float64), pl.lit(None, pl.String)
    return [], lambda rows: rows.with_columns(lng=number, lat=number, problem=text, precision=text)


def _once_each(rows: pl.DataFrame, columns: list[str], work: Located) -> pl.DataFrame:
    """Do the work once for what repeats in the columns, where at least half of the rows do."""
    if not columns:
        return work(rows)
    distinct = rows.select(columns).unique()
    if distinct.height > rows.height // 2:
        return work(rows)
    made = work(distinct)
    new = [name for name in made.columns if name not in columns]
    joined = rows.select(columns).join(
        made, on=columns, how="left", maintain_order="left", nulls_equal=True
    )
    return rows.with_columns(joined.select(new))


def _judged(rows: pl.DataFrame, area: Area) -> pl.DataFrame:
    """Tell which rows lie outside the area, and which of them would not with swapped axes."""
    rows = rows.with_columns(is_outside(rows, area))
    return rows.with_columns(would_fit_swapped(rows, area))


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
    return (
        rows.join(found, on="line", how="left", maintain_order="left")
        .with_columns(pl.coalesce(c, f"{c}_2").alias(c) for c in _PLACED)
        .drop(f"{c}_2" for c in _PLACED)
    )


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
