"""Say what lies in which district, for partners who see their own ground only."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import h3
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from hotspot.schema import Area

GROUND_RESOLUTION = 8
"""H3 resolution in which the log names ground: cells of about 900 m."""


def points_in(
    area: Area, districts: Collection[str], points: pd.DataFrame
) -> npt.NDArray[np.bool_]:
    """Tell for each point (`lng`, `lat`, degrees WGS84) whether it lies in one of some districts.

    A district that the area does not have holds nothing.
    """
    inside = np.zeros(len(points), dtype=bool)
    lng, lat = points["lng"].to_numpy(dtype=float), points["lat"].to_numpy(dtype=float)
    for name in districts:
        if name in area.districts:
            inside |= shapely.contains_xy(area.districts[name], lng, lat)
    return inside


def outlines_in(
    area: Area, districts: Collection[str], outlines: gpd.GeoSeries
) -> npt.NDArray[np.bool_]:
    """Tell for each outline whether most of it lies in one of some districts.

    An outline belongs to the one district that holds the largest part of it, so a partner never
    sees a hotspot that is mainly a neighbour's.
    """
    names = list(area.districts)
    if not names or outlines.empty:
        return np.zeros(len(outlines), dtype=bool)
    shares = np.array(
        [shapely.area(shapely.intersection(outlines.to_numpy(), area.districts[n])) for n in names]
    )
    main = shares.argmax(axis=0)
    wanted = np.array([name in districts for name in names])
    inside: npt.NDArray[np.bool_] = wanted[main] & (shares.max(axis=0) > 0)
    return inside


def ground_of_cells(cells: Collection[str]) -> set[str]:
    """Name the ground of some cells: the cells of `GROUND_RESOLUTION` around their centres."""
    ground: set[str] = set()
    for cell in cells:
        if h3.get_resolution(cell) < GROUND_RESOLUTION:
            ground |= set(h3.cell_to_children(cell, GROUND_RESOLUTION))
        else:
            ground.add(h3.latlng_to_cell(*h3.cell_to_latlng(cell), GROUND_RESOLUTION))
    return ground


def ground_of_point(lng: float, lat: float) -> str:
    """Name the ground of a point (degrees WGS84)."""
    return str(h3.latlng_to_cell(lat, lng, GROUND_RESOLUTION))


def districts_of(area: Area, points: pd.DataFrame) -> pd.Series[str]:
    """Name the district of each point (`lng`, `lat`, degrees WGS84); missing outside them all."""
    names = pd.Series([None] * len(points), index=points.index, dtype=object)
    lng, lat = points["lng"].to_numpy(dtype=float), points["lat"].to_numpy(dtype=float)
    for name, ground in area.districts.items():
        shapely.prepare(ground)
        names[shapely.contains_xy(ground, lng, lat)] = name
    return names
