"""Turn written coordinates into WGS84 degrees and say which cannot be trusted."""

from __future__ import annotations

import numpy as np
import polars as pl
import shapely
from pyproj import CRS, Transformer, network

from hotspot.schema import BRITISH_NATIONAL_GRID, WGS84, Area

# No grid file is ever fetched. (The function is missing from pyproj's stubs.)
network.set_network_enabled(active=False)  # type: ignore[attr-defined]

GRID_WIDTH, GRID_HEIGHT = 700_000, 1_300_000
"""Extent of the British National Grid in metres."""
NOTHING = ("n/a", "na", "nan", "none", "null", "nil", "-", "unknown", "not known")
"""Words, in lower case, that stand where a coordinate is not known."""
_SPACES, _MINUS = "[\\s\u00a0\u2009\u202f]", "\u2212"
_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"
_GROUPED = r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$"
HEAP_ROWS, HEAP_TEXTS = 20, 10
"""A point with so many rows and so many different descriptions is a default coordinate."""


def add_degrees_from_grid(rows: pl.DataFrame, easting: str, northing: str) -> pl.DataFrame:
    """Add `lng`, `lat` (WGS84) from British National Grid metres, and `coordinates_bad`.

    The transformation is the one of stated accuracy 2 m that needs no grid file. Empty or 0/0
    coordinates give null without being bad.
    """
    rows = rows.with_columns(east=_number(easting), north=_number(northing))
    given = _is_given(easting) | _is_given(northing)
    nothing = ((pl.col("east") == 0) & (pl.col("north") == 0)).fill_null(value=False)
    fits = pl.col("east").is_between(1, GRID_WIDTH) & pl.col("north").is_between(1, GRID_HEIGHT)
    rows = rows.with_columns(coordinates_bad=given & ~nothing & ~fits.fill_null(value=False))
    usable = rows.select(given & ~nothing & ~pl.col("coordinates_bad")).to_series().to_numpy()
    lng, lat = np.full(rows.height, np.nan), np.full(rows.height, np.nan)
    to_degrees = Transformer.from_crs(BRITISH_NATIONAL_GRID, WGS84, always_xy=True)
    lng[usable], lat[usable] = to_degrees.transform(
        rows["east"].to_numpy()[usable], rows["north"].to_numpy()[usable]
    )
    return rows.with_columns(
        pl.Series("lng", lng).fill_nan(None), pl.Series("lat", lat).fill_nan(None)
    ).drop("east", "north")


def add_degrees(rows: pl.DataFrame, lng: str, lat: str) -> pl.DataFrame:
    """Add `lng`, `lat` from columns of WGS84 degrees as text, and `coordinates_bad`."""
    x, y = _number(lng), _number(lat)
    given = _is_given(lng) | _is_given(lat)
    fits = x.is_between(-180, 180) & y.is_between(-90, 90)
    bad = given & ~fits.fill_null(value=False)
    nothing = (x == 0) & (y == 0)
    usable = ~bad & ~nothing.fill_null(value=False)
    return rows.with_columns(
        pl.when(usable).then(x).alias("lng"),
        pl.when(usable).then(y).alias("lat"),
        bad.alias("coordinates_bad"),
    )


def outside_area(rows: pl.DataFrame, area: Area) -> pl.Series:
    """Tell which rows with coordinates lie more than the area's margin outside its boundary."""
    plane = CRS.from_proj4(_plane_of(area))
    to_plane = Transformer.from_crs(WGS84, plane, always_xy=True)
    boundary = shapely.transform(
        area.boundary, lambda xy: np.column_stack(to_plane.transform(*xy.T))
    )
    shapely.prepare(boundary)
    in_range = pl.col("lng").is_between(-180, 180) & pl.col("lat").is_between(-90, 90)
    located = rows.select(in_range.fill_null(value=False)).to_series()
    x, y = to_plane.transform(
        rows["lng"].filter(located).to_numpy(), rows["lat"].filter(located).to_numpy()
    )
    outside = np.zeros(rows.height, dtype=bool)
    inside = shapely.dwithin(boundary, shapely.points(x, y), area.margin_m)
    outside[located.to_numpy()] = ~inside
    return pl.Series("outside", outside)


def default_coordinates(text: str) -> pl.Expr:
    """Build the rule that a row lies on a point which stands for many different places.

    A true address has one description, or a few spellings of it; a point where the force's system
    puts what it cannot place has many. `text` names the column of descriptions.
    """
    point = ["lng", "lat"]
    many = (pl.len().over(point) >= HEAP_ROWS) & (pl.col(text).n_unique().over(point) >= HEAP_TEXTS)
    return pl.col("lng").is_not_null() & many


def _number(column: str) -> pl.Expr:
    """Read a column of text as numbers: plain digits, or digits grouped by threes; nothing else.

    A comma is taken out only where it groups thousands: "38737,5" is no number here, for without
    its comma it would be another place.
    """
    text = pl.col(column).str.replace_all(_SPACES, "").str.replace_all(_MINUS, "-")
    grouped = text.str.contains(_GROUPED)
    plain = pl.when(grouped).then(text.str.replace_all(",", "", literal=True)).otherwise(text)
    return pl.when(plain.str.contains(_NUMBER)).then(plain).cast(pl.Float64, strict=False)


def _is_given(column: str) -> pl.Expr:
    """Tell where a column holds more than a word for nothing."""
    return pl.col(column).is_not_null() & ~pl.col(column).str.to_lowercase().is_in(NOTHING)


def _plane_of(area: Area) -> str:
    middle = area.boundary.centroid
    return f"+proj=aeqd +lat_0={middle.y} +lon_0={middle.x} +ellps=WGS84 +units=m"
