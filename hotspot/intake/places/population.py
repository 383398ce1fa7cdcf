"""Read where people live, by the file that the force lays into the workspace."""

from __future__ import annotations

import re
from pathlib import Path

import h3
import polars as pl
from polars.exceptions import PolarsError
from pyproj import Transformer

from hotspot.errors import InputError
from hotspot.intake.places.lookups import ReferenceFiles, find_postcodes, normal_postcode
from hotspot.schema import BRITISH_NATIONAL_GRID, WGS84

_NAMES = {
    "people": ("population", "people", "persons", "residents", "usualresidents", "count"),
    "lat": ("lat", "latitude"),
    "lng": ("lng", "lon", "long", "longitude"),
    "east": ("easting", "eastings", "east", "bngeast", "x"),
    "north": ("northing", "northings", "north", "bngnorth", "y"),
    "cell": ("h3", "cell", "h3cell", "h3index", "hexid", "hex"),
    "postcode": ("postcode", "pcd", "pcds"),
}
"""What each column may be called, in small letters alone."""


def population_of(reference: ReferenceFiles) -> pl.DataFrame:
    """Return where people live: a row a place, as the force's files in `reference/population` say.

    A place is an H3 cell, degrees of WGS84, metres of the National Grid, or a postcode of
    Code-Point Open. Rows without a place or a number of people are passed over.

    Returns
    -------
    DataFrame
        `lat`, `lng` (WGS84 degrees), `people`.

    Raises
    ------
    InputError
        There is no such file, it cannot be read, or no row tells a place and a number.
    """
    if not reference.population:
        message = "There is no file in reference/population; lay one into the workspace."
        raise InputError(message)
    return pl.concat([_read(path, reference) for path in reference.population])


def _read(path: Path, reference: ReferenceFiles) -> pl.DataFrame:
    try:
        table = pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True)
    except (PolarsError, OSError) as error:
        message = f"{path.name} in reference/population is no table ({error!s:.80})."
        raise InputError(message) from error
    table = _named(table)
    people = pl.col("people").str.replace_all(",", "").cast(pl.Float64, strict=False)
    if "people" in table.columns:
        table = table.with_columns(people=people).filter(pl.col("people") > 0)
        placed = _placed(table, reference)
        if placed is not None and placed.height:
            return placed.select("lat", "lng", "people")
    message = (
        f"{path.name} in reference/population says of no row where it is and how many people live "
        "there. It needs a column Population, and H3, or Latitude and Longitude, or Easting and "
        "Northing, or Postcode."
    )
    raise InputError(message)


def _named(table: pl.DataFrame) -> pl.DataFrame:
    """Call the columns that are known by our names; the first of each counts."""
    plain = {column: re.sub(r"[^a-z0-9]", "", column.lower()) for column in table.columns}
    ours: dict[str, str] = {}
    for name, written in _NAMES.items():
        column = next((one for one, text in plain.items() if text in written), None)
        if column is not None:
            ours[column] = name
    return table.select(list(ours)).rename(ours)


def _placed(table: pl.DataFrame, reference: ReferenceFiles) -> pl.DataFrame | None:
    """Return the rows with degrees; None where no columns tell a place."""
    if "cell" in table.columns:
        return _of_cells(table)
    if {"lat", "lng"} <= set(table.columns):
        return _of_numbers(table, "lng", "lat")
    if {"east", "north"} <= set(table.columns):
        return _of_grid(_of_numbers(table, "east", "north"))
    if "postcode" in table.columns:
        rows = table.with_columns(postcode=normal_postcode("postcode")).drop_nulls("postcode")
        known = find_postcodes(rows["postcode"].unique(), reference)
        return _of_grid(rows.join(known, on="postcode"))
    return None


def _of_cells(table: pl.DataFrame) -> pl.DataFrame:
    rows = table.filter(
        pl.col("cell").map_elements(h3.is_valid_cell, return_dtype=pl.Boolean, skip_nulls=True)
    )
    at = [h3.cell_to_latlng(cell) for cell in rows["cell"]]
    return rows.with_columns(
        lat=pl.Series([lat for lat, _ in at], dtype=pl.Float64),
        lng=pl.Series([lng for _, lng in at], dtype=pl.Float64),
    )


def _of_numbers(table: pl.DataFrame, x: str, y: str) -> pl.DataFrame:
    numbers = table.with_columns(
        pl.col(x, y).str.replace_all(",", "").cast(pl.Float64, strict=False)
    )
    return numbers.filter(pl.col(x).is_finite(), pl.col(y).is_finite())


def _of_grid(table: pl.DataFrame) -> pl.DataFrame:
    to_degrees = Transformer.from_crs(BRITISH_NATIONAL_GRID, WGS84, always_xy=True)
    lng, lat = to_degrees.transform(table["east"].to_numpy(), table["north"].to_numpy())
    return table.with_columns(lng=lng, lat=lat).filter(pl.col("lat").is_finite())
