"""Give the postcodes of an area, by the Ordnance Survey's file that the force keeps."""

from __future__ import annotations

import polars as pl
from pyproj import Transformer

from hotspot.intake.places.lookups import ReferenceFiles, postcodes_between
from hotspot.schema import BRITISH_NATIONAL_GRID, WGS84


def postcodes_in(
    bounds: tuple[float, float, float, float], reference: ReferenceFiles
) -> pl.DataFrame:
    """Return the postcodes within bounds (west, south, east, north; WGS84 degrees), by their order.

    Returns
    -------
    DataFrame
        `postcode` ("ST1 5NP"), `lng`, `lat` (WGS84 degrees); empty without the force's files.

    Raises
    ------
    InputError
        A file is not Code-Point Open.
    """
    to_grid = Transformer.from_crs(WGS84, BRITISH_NATIONAL_GRID, always_xy=True)
    postcodes = postcodes_between(*to_grid.transform_bounds(*bounds), reference)
    to_degrees = Transformer.from_crs(BRITISH_NATIONAL_GRID, WGS84, always_xy=True)
    lng, lat = to_degrees.transform(postcodes["east"].to_numpy(), postcodes["north"].to_numpy())
    outward, inward = pl.col("postcode").str.head(-3), pl.col("postcode").str.tail(3)
    return postcodes.select(outward + " " + inward).with_columns(lng=lng, lat=lat)
