"""Draw the outline of a set of cells and measure it."""

from __future__ import annotations

import h3
import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.polygon import orient

WGS84_ELLIPSOID = Geod(ellps="WGS84")


def outline(cells: list[str]) -> Polygon | MultiPolygon:
    """Unite H3 cells (hexadecimal ids) into one shape, longitude before latitude.

    The shape has no gap or overlap inside: its area is the sum of its cells' areas.
    """
    united = shape(h3.cells_to_h3shape(cells, tight=True).__geo_interface__)
    parts = [orient(part) for part in getattr(united, "geoms", [united])]
    return MultiPolygon(parts) if len(parts) > 1 else parts[0]


def hexagons(cells: list[str]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Draw each cell as a polygon of its own, longitude before latitude."""
    rings = [[(lng, lat) for lat, lng in h3.cell_to_boundary(cell)] for cell in cells]
    return np.array([Polygon(ring) for ring in rings], dtype=object)


def area_km2(geometry: Polygon | MultiPolygon) -> float:
    """Measure a shape's geodesic area on the WGS84 ellipsoid, in square kilometres."""
    area, _ = WGS84_ELLIPSOID.geometry_area_perimeter(geometry)
    return abs(area) / 1e6


def label_point(geometry: Polygon | MultiPolygon) -> tuple[float, float]:
    """Return (lng, lat) of a point inside the largest part, fit to carry the hotspot's label."""
    over = geometry.bounds[2] - geometry.bounds[0] > 180  # it lies over the antimeridian
    if over:
        geometry = shapely.transform(geometry, lambda xy: np.column_stack((xy.T[0] % 360, xy.T[1])))
    parts = getattr(geometry, "geoms", [geometry])
    point = shapely.point_on_surface(max(parts, key=lambda part: part.area))
    lng = (point.x + 180) % 360 - 180 if over else point.x
    return float(lng), float(point.y)
