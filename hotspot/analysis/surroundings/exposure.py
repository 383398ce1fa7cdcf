"""Link premises to hotspots by distance in metres."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from hotspot.analysis.detection.footprint import WGS84_ELLIPSOID
from hotspot.schema import WGS84

_SLACK = 1.001
"""The search in the plane looks a little further than asked; the geodesic decides."""


def link_premises(
    hotspots: gpd.GeoDataFrame, premises: pd.DataFrame, within_m: float
) -> pd.DataFrame:
    """Pair hotspots with the premises inside them or within a distance of their outline.

    Parameters
    ----------
    hotspots
        Columns `key` and `geometry` (WGS84).
    premises
        Columns `lng` and `lat` (WGS84 degrees); others are carried along.
    within_m
        Greatest distance in metres from the outline; 0 keeps only premises inside.

    Returns
    -------
    DataFrame
        The premises' columns with `key` and `distance_m` (geodesic on WGS84, 0 inside),
        by key and distance. Distance is context; it says nothing about a business.
    """
    if hotspots.empty or premises.empty:
        return premises.head(0).assign(key=pd.Series(dtype=str), distance_m=pd.Series(dtype=float))
    to_plane = _local_plane(premises)
    shapes = shapely.transform(
        hotspots.geometry.to_numpy(), lambda xy: np.column_stack(to_plane.transform(*xy.T))
    )
    x, y = to_plane.transform(premises["lng"].to_numpy(), premises["lat"].to_numpy())
    points = shapely.points(x, y)
    hotspot_at, premises_at = shapely.STRtree(points).query(
        shapes, predicate="dwithin", distance=within_m * _SLACK + 0.01
    )
    distance = _geodesic_m(points[premises_at], shapes[hotspot_at], to_plane)
    linked = premises.iloc[premises_at].assign(
        key=hotspots["key"].to_numpy()[hotspot_at], distance_m=distance
    )
    kept = linked[linked["distance_m"] <= within_m]
    ordered: pd.DataFrame = kept.sort_values(["key", "distance_m"], kind="stable")
    return ordered.reset_index(drop=True)


def _local_plane(premises: pd.DataFrame) -> Transformer:
    """Build a plane around the premises, true in distance near their middle."""
    lat, lng = premises["lat"].median(), premises["lng"].median()
    plane = CRS.from_proj4(f"+proj=aeqd +lat_0={lat} +lon_0={lng} +ellps=WGS84 +units=m")
    return Transformer.from_crs(WGS84, plane, always_xy=True)


def _geodesic_m(
    points: np.ndarray[tuple[int], np.dtype[np.object_]],
    shapes: np.ndarray[tuple[int], np.dtype[np.object_]],
    to_plane: Transformer,
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Measure from each point to the nearest point of its shape on the ellipsoid."""
    ends = shapely.get_coordinates(shapely.shortest_line(points, shapes)).reshape(-1, 2, 2)
    lng, lat = to_plane.transform(ends[..., 0].ravel(), ends[..., 1].ravel(), direction="INVERSE")
    lng, lat = np.reshape(lng, (-1, 2)), np.reshape(lat, (-1, 2))
    _, _, metres = WGS84_ELLIPSOID.inv(lng[:, 0], lat[:, 0], lng[:, 1], lat[:, 1])
    return np.where(shapely.intersects(points, shapes), 0.0, metres)
