"""Find where rows are, by the best of the locators that their file has for each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import polars as pl

from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.places.coordinates import (
    add_degrees,
    add_degrees_from_grid,
    add_degrees_from_postcode,
    add_degrees_from_reference,
    add_degrees_from_uprn,
    coarse_decimals,
    use_grid,
)
from hotspot.intake.places.grids import GRIDS
from hotspot.intake.places.lookups import ReferenceFiles
from hotspot.intake.places.systems import system_of
from hotspot.intake.places.written_points import postcode_within, split_points
from hotspot.schema import BRITISH_NATIONAL_GRID, WGS84, Area

Locate = Callable[[pl.DataFrame], pl.DataFrame]
_PLACED = ("lng", "lat", "problem", "precision")
_ADDRESSES = ("address", "where")
_LOST = ("no_uprn_file", "uprn_not_found")
"""Problems of a locator that another one may make good."""


@dataclass(frozen=True)
class Locator:
    """One way in which a file says where its rows are.

    Attributes
    ----------
    field
        The field to blame for its problems.
    columns
        Columns that it reads.
    locate
        Adds `lng`, `lat`, `problem` and `precision` to rows with these columns.
    mends
        Whether it may place rows for which a locator before it had a problem.
    """

    field: str
    columns: tuple[str, ...]
    locate: Locate
    mends: bool = False


def locate_rows(
    rows: pl.DataFrame,
    mapping: Mapping,
    where: tuple[Area, ReferenceFiles],
    name: str,
    judge: Locate,
) -> tuple[pl.DataFrame, str, list[str]]:
    """Add `lng`, `lat`, `problem` and `precision`; give the field to blame and notes too.

    A row is placed by the first locator that places it: metres of a grid, degrees, a point in one
    column, a grid reference, a UPRN, a postcode, and last a postcode within its address. `judge`
    adds what depends on the places alone.
    """
    notes: list[str] = []
    rows, locators = _locators_of(rows, mapping, where, notes)
    if not locators:
        text = pl.lit(None, pl.String)
        number = pl.lit(None, pl.Float64)
        rows = rows.with_columns(lng=number, lat=number, problem=text, precision=text)
        return judge(rows), "", notes
    first, *others = locators
    rows = _once_each(rows, first.columns, lambda part: judge(first.locate(part)))
    for other in others:
        rows, filled = _fill(rows, other)
        if filled:
            rows = judge(rows)
            notes.append(f"{filled:,} rows without coordinates lie {_WORDS[other.field]}.")
    return rows, first.field, [f"{name}: {note}" for note in notes]


_WORDS = {
    "lng": "at their longitude and latitude",
    "point": "at the point in their column of points",
    "grid_reference": "at their grid reference",
    "uprn": "at their UPRN",
    "postcode": "at the middle of their postcode",
    "address": "at the middle of the postcode within their address",
}


def _locators_of(
    rows: pl.DataFrame, mapping: Mapping, where: tuple[Area, ReferenceFiles], notes: list[str]
) -> tuple[pl.DataFrame, list[Locator]]:
    """Return the locators that are mapped, the best first; some need columns made for them."""
    _, reference = where
    mapped = mapping.columns
    locators = []
    if "lng" in mapped and "lat" in mapped:
        rows = rows.rename({"lng": "lng_text", "lat": "lat_text"})
    if "easting" in mapped and "northing" in mapped:
        locators += _of_grid(rows, ("easting", "northing"), mapping, where, notes)
    if "lng" in mapped and "lat" in mapped:
        locators.append(_of_degrees(rows, "lng", ("lng_text", "lat_text"), mapping))
    if "point" in mapped:
        rows = split_points(rows, "point", "point_x", "point_y")
        locators += _of_point(rows, mapping, where, notes)
    for field, locate in (
        ("grid_reference", add_degrees_from_reference),
        ("uprn", partial(add_degrees_from_uprn, reference=reference)),
        ("postcode", partial(add_degrees_from_postcode, reference=reference)),
    ):
        if field in mapped:
            locators.append(Locator(field, (field,), partial(locate, column=field)))
    addresses = [field for field in _ADDRESSES if field in mapped]
    if addresses and (reference.postcodes or not locators):
        rows = rows.with_columns(postcode_in_address=pl.coalesce(map(postcode_within, addresses)))
        by_postcode = partial(add_degrees_from_postcode, column="postcode_in_address")
        locate = partial(by_postcode, reference=reference)
        locators.append(Locator("address", ("postcode_in_address",), locate))
    return rows, locators


def _of_grid(
    rows: pl.DataFrame,
    columns: tuple[str, str],
    mapping: Mapping,
    where: tuple[Area, ReferenceFiles],
    notes: list[str],
) -> list[Locator]:
    """Read metres of the grid that the numbers are in, or the degrees that stand in their place."""
    area, reference = where
    x, y = reversed(columns) if mapping.swap_axes else columns
    system = mapping.grid or system_of(rows.head(_SAMPLE), x, y, area)
    said = " and ".join(mapping.column_of(field) for field in columns if field in mapping.columns)
    field = columns[0] if columns[0] in mapping.columns else "point"
    if (
        not mapping.grid
        and system != BRITISH_NATIONAL_GRID
        and {"lng", "lat"} <= mapping.columns.keys()
    ):
        notes.append(f"'{said}' are not National Grid; longitude and latitude are read instead.")
        return []
    if system == WGS84:
        notes.append(f"'{said or field}' hold degrees and are read as longitude and latitude.")
        return [Locator(field, columns, partial(add_degrees, lng=x, lat=y))]
    if system == BRITISH_NATIONAL_GRID:
        notes.append(use_grid(reference))
    else:
        notes.append(f"'{said or field}' are read as {GRIDS[system].name} ({system}).")
    locate = partial(add_degrees_from_grid, easting=x, northing=y, system=system)
    return [Locator(field, columns, locate)]


def _of_degrees(
    rows: pl.DataFrame, field: str, columns: tuple[str, str], mapping: Mapping
) -> Locator:
    lng, lat = reversed(columns) if mapping.swap_axes else columns
    is_osgb36, coarse = mapping.degrees == "OSGB36", coarse_decimals(rows, lng, lat)
    locate = partial(add_degrees, lng=lng, lat=lat, is_osgb36=is_osgb36, coarse=coarse)
    return Locator(field, columns, locate, mends=True)


def _of_point(
    rows: pl.DataFrame, mapping: Mapping, where: tuple[Area, ReferenceFiles], notes: list[str]
) -> list[Locator]:
    """Read points of one column as degrees, or as metres where their numbers are that great."""
    x = rows["point_x"].str.extract(r"([+-]?[\d.]+)", 1).cast(pl.Float64, strict=False)
    if (x.abs() > 180).sum() > 0.5 * x.count():
        return _of_grid(rows, ("point_x", "point_y"), mapping, where, notes)
    return [_of_degrees(rows, "point", ("point_x", "point_y"), mapping)]


def _fill(rows: pl.DataFrame, locator: Locator) -> tuple[pl.DataFrame, int]:
    """Place the rows that no locator before has placed; say how many it placed."""
    is_open = pl.col("problem").is_null() | pl.col("problem").is_in(_LOST)
    is_given = pl.any_horizontal(pl.col(column).is_not_null() for column in locator.columns)
    lacks = pl.col("lng").is_null() & is_given & (pl.lit(locator.mends) | is_open)
    lacking = rows.with_row_index("at").filter(lacks).select("at", *locator.columns)
    if lacking.is_empty():
        return rows, 0
    located = locator.locate(lacking).select("at", *(pl.col(c).alias(f"{c}_2") for c in _PLACED))
    located = located.with_columns(pl.col("at").cast(pl.UInt32))
    joined = rows.with_row_index("at").join(located, on="at", how="left", maintain_order="left")
    is_placed = pl.col("lng_2").is_not_null()
    problem = pl.when(is_placed).then(None).otherwise(pl.coalesce("problem", "problem_2"))
    filled = joined.with_columns(
        pl.coalesce("lng", "lng_2").alias("lng"),
        pl.coalesce("lat", "lat_2").alias("lat"),
        pl.when(is_placed).then("precision_2").otherwise("precision").alias("precision"),
        problem.alias("problem"),
    ).drop("at", *(f"{c}_2" for c in _PLACED))
    return filled, int(located["lng_2"].count())


def _once_each(rows: pl.DataFrame, columns: tuple[str, ...], work: Locate) -> pl.DataFrame:
    """Do the work once for what repeats in the columns, where at least half of the rows do."""
    distinct = rows.select(columns).unique()
    if distinct.height > rows.height // 2:
        return work(rows)
    made = work(distinct)
    new = [name for name in made.columns if name not in columns]
    joined = rows.select(columns).join(
        made, on=list(columns), how="left", maintain_order="left", nulls_equal=True
    )
    return rows.with_columns(joined.select(new))


_SAMPLE = 20_000
