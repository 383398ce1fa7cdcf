"""Tell in which system the numbers of two columns are written."""

from __future__ import annotations

import polars as pl
import shapely
from pyproj import Transformer

from hotspot.intake.places.coordinates import grid_numbers
from hotspot.intake.places.grids import GRIDS, IRISH_GRID, ITM, WEB_MERCATOR, Grid
from hotspot.schema import BRITISH_NATIONAL_GRID, WGS84, Area

_LOOKED_AT, _NEARLY_ALL = 2000, 0.95


def system_of(rows: pl.DataFrame, easting: str, northing: str, area: Area) -> str:
    """Tell in which system two columns of metres are written: a key of `GRIDS`, or WGS84.

    It is the British National Grid unless nearly all rows can only be something else: degrees, Web
    Mercator, or one of Ireland's grids, by which they lie in the area and by the National Grid not.
    """
    numbers = grid_numbers(rows, easting, northing)
    pairs = rows.select(numbers[0].alias("x"), numbers[1].alias("y")).drop_nulls().unique()
    pairs = pairs.filter((pl.col("x") != 0) | (pl.col("y") != 0)).head(_LOOKED_AT)
    if pairs.is_empty():
        return BRITISH_NATIONAL_GRID
    x, y = pl.col("x"), pl.col("y")
    if pairs.select(((x.abs() <= 180) & (y.abs() <= 90)).mean()).item() > _NEARLY_ALL:
        return WGS84
    fit = {name: pairs.filter(_is_within(grid)) for name, grid in GRIDS.items()}
    if fit[WEB_MERCATOR].height > _NEARLY_ALL * pairs.height:
        return WEB_MERCATOR
    inside = {n: _share_inside(fit[n], n, area) for n in (BRITISH_NATIONAL_GRID, IRISH_GRID, ITM)}
    best = max(inside, key=lambda name: inside[name])
    is_clear = inside[best] > 0.5 and inside[BRITISH_NATIONAL_GRID] < 1 - _NEARLY_ALL
    return best if is_clear else BRITISH_NATIONAL_GRID


def _is_within(grid: Grid) -> pl.Expr:
    return pl.col("x").is_between(*grid.extent[0]) & pl.col("y").is_between(*grid.extent[1])


def _share_inside(pairs: pl.DataFrame, system: str, area: Area) -> float:
    """Return the share of pairs of metres that lie in an area."""
    if pairs.is_empty():
        return 0.0
    change = Transformer.from_crs(system, WGS84, always_xy=True)
    lng, lat = change.transform(pairs["x"].to_numpy(), pairs["y"].to_numpy())
    return float(shapely.contains_xy(area.boundary, lng, lat).mean())
