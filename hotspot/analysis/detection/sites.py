"""Leave out what lies around sensitive sites, such as homes for children and police stations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
from scipy.spatial import cKDTree

AROUND_SITE = "sensitive_site"
_EARTH_M = 6_371_008.8


def mark_around_sites(records: pl.LazyFrame, sites: pd.DataFrame) -> pl.LazyFrame:
    """Set `set_aside` of records that lie within a site's radius, unless it is set already.

    Parameters
    ----------
    records
        Columns `lng`, `lat` (WGS84 degrees) and `set_aside`.
    sites
        `lng`, `lat` and `within_m`, the radius in metres.

    Notes
    -----
    Distances are straight lines through the sphere of the earth's mean radius: within 1 km that is
    within 0.3 % of the distance on the ellipsoid.
    """
    if sites.empty:
        return records
    groups = [
        (float(str(radius)), cKDTree(_on_sphere(part["lng"].to_numpy(), part["lat"].to_numpy())))
        for radius, part in sites.groupby("within_m")
    ]

    def near(points: pl.Series) -> pl.Series:
        lng = points.struct.field("lng").to_numpy()
        lat = points.struct.field("lat").to_numpy()
        is_close = np.zeros(len(lng), dtype=bool)
        known = np.isfinite(lng) & np.isfinite(lat)
        at = _on_sphere(lng[known], lat[known])
        for radius, tree in groups:
            distance, _ = tree.query(at, distance_upper_bound=radius)
            is_close[known] |= np.isfinite(distance)
        return pl.Series(is_close)

    is_near = pl.struct("lng", "lat").map_batches(near, return_dtype=pl.Boolean)
    aside = pl.when(is_near).then(pl.lit(AROUND_SITE))
    return records.with_columns(set_aside=pl.coalesce("set_aside", aside))


def _on_sphere(lng: np.ndarray, lat: np.ndarray) -> np.ndarray:
    east, north = np.radians(lng), np.radians(lat)
    flat = np.cos(north)
    return _EARTH_M * np.column_stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)])
