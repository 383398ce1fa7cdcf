"""Count what was recorded outside the force's area, by where that is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import polars as pl
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

KM_A_DEGREE = 111.32
BANDS_KM = (10, 25, 50)
"""Ends of the bands of distance from the boundary."""
_SIDES = ("east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east")
_COLUMNS = ["place", "events", "children", "nearest_km", "furthest_km", "last_on"]


def outside_by_area(
    records: pl.DataFrame, boundary: BaseGeometry, named: Mapping[str, BaseGeometry] | None = None
) -> pd.DataFrame:
    """Count records outside a boundary by the area that they lie in.

    Parameters
    ----------
    records
        Columns `lng`, `lat` (WGS84 degrees), `occurred_at` and, if known, `child`.
    boundary
        The force's boundary.
    named
        Areas by name, if any are known; a record in several counts in the first.

    Returns
    -------
    DataFrame
        `place`: the name of the area or, where none is known, the side of the force and a band of
        distance; `events`; distinct `children`; `nearest_km` and `furthest_km` from the boundary
        (on a plane at its latitude, so within a percent or so near the force); `last_on`. The
        most children first.
    """
    if records.is_empty():
        return pd.DataFrame(columns=_COLUMNS)
    lng, lat = records["lng"].to_numpy(), records["lat"].to_numpy()
    distance = _distance_km(lng, lat, boundary)
    place = _sides(lng, lat, distance, boundary)
    for name, ground in reversed(list((named or {}).items())):
        shapely.prepare(ground)
        place = np.where(shapely.contains_xy(ground, lng, lat), name, place)
    child = pl.col("child").drop_nulls().n_unique() if "child" in records.columns else pl.lit(0)
    return (
        records.with_columns(place=pl.Series(place, dtype=pl.String), km=pl.Series(distance))
        .group_by("place")
        .agg(
            events=pl.len(),
            children=child,
            nearest_km=pl.col("km").min(),
            furthest_km=pl.col("km").max(),
            last_on=pl.col("occurred_at").max().dt.date(),
        )
        .sort(["children", "events", "place"], descending=[True, True, False])
        .to_pandas()
    )


def _plane(shape: BaseGeometry, middle: float) -> BaseGeometry:
    """Bring degrees to kilometres on a plane that is true at a latitude."""
    shrink = np.cos(np.radians(middle))
    return shapely.transform(shape, lambda xy: xy * [KM_A_DEGREE * shrink, KM_A_DEGREE])


def _distance_km(
    lng: NDArray[np.float64], lat: NDArray[np.float64], boundary: BaseGeometry
) -> NDArray[np.float64]:
    middle = boundary.centroid.y
    points = shapely.points(lng * KM_A_DEGREE * np.cos(np.radians(middle)), lat * KM_A_DEGREE)
    return np.asarray(shapely.distance(_plane(boundary, middle), points), dtype=np.float64)


def _sides(
    lng: NDArray[np.float64],
    lat: NDArray[np.float64],
    distance: NDArray[np.float64],
    boundary: BaseGeometry,
) -> NDArray[np.object_]:
    """Say on which side of the force, and how far from it, each point lies."""
    middle = boundary.centroid
    east = (lng - middle.x) * np.cos(np.radians(middle.y))
    turn = np.degrees(np.arctan2(lat - middle.y, east))
    side = np.array(_SIDES, dtype=object)[np.round(turn / 45).astype(int) % 8]
    ends = ("up to 10 km away", "10 to 25 km away", "25 to 50 km away", "over 50 km away")
    band = np.array(ends, dtype=object)[np.digitize(distance, BANDS_KM)]
    return np.array(
        [f"to the {one}, {far}" for one, far in zip(side, band, strict=True)], dtype=object
    )
