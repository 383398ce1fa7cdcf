"""Say what lies in an area that a person drew, and which areas are masked."""

from __future__ import annotations

from dataclasses import dataclass

import h3
import numpy as np
import pandas as pd
import polars as pl
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from hotspot.analysis.detection.cells import rings_to_cover
from hotspot.analysis.detection.footprint import area_km2, hexagons
from hotspot.analysis.detection.run import Run
from hotspot.errors import InputError

MOST_KM2 = 2500.0
MOST_CORNERS = 200
_MASK_RESOLUTION = 9


@dataclass(frozen=True)
class InArea:
    """What lies in an area.

    Attributes
    ----------
    area_km2
        Its size (geodesic on WGS84).
    cells
        Occupied cells of the run (H3 ids) whose middle lies in it.
    events
        What was counted in those cells.
    children, days
        Distinct children and days there; None where the records do not know them.
    hotspots
        Keys of the hotspots that reach into it.
    premises, places
        The rows of premises and points of interest that lie in it.
    """

    area_km2: float
    cells: list[str]
    events: int
    children: int | None
    days: int | None
    hotspots: list[str]
    premises: pd.DataFrame
    places: pd.DataFrame


def area_of_ring(ring: list[list[float]]) -> Polygon:
    """Make a polygon of the corners of a drawing.

    Parameters
    ----------
    ring
        Corners as latitude and longitude (WGS84 degrees), in order; closed or not.

    Raises
    ------
    InputError
        They do not enclose an area, their sides cross, or it is larger than `MOST_KM2`.

    Examples
    --------
    >>> area_of_ring([[53.0, -2.2], [53.0, -2.1], [53.1, -2.1]]).is_valid
    True
    """
    numbers = np.asarray(ring, dtype=float) if _is_ring(ring) else np.empty((0, 2))
    if not 3 <= len(numbers) <= MOST_CORNERS or not np.isfinite(numbers).all():
        message = f"Draw an area with 3 to {MOST_CORNERS} corners."
        raise InputError(message)
    if (np.abs(numbers) > [85, 180]).any():
        message = "The area lies off the map. Draw it anew."
        raise InputError(message)
    area = Polygon(numbers[:, ::-1])
    if not area.is_valid or area.area == 0:
        message = f"The sides of the area cross ({explain_validity(area)}). Draw it anew."
        raise InputError(message)
    if area_km2(area) > MOST_KM2:
        message = f"The area is larger than {MOST_KM2:,.0f} km². Draw a smaller one."
        raise InputError(message)
    return area


def lies_in(area: Polygon, run: Run, premises: pd.DataFrame, places: pd.DataFrame) -> InArea:
    """Find what of a run, premises and points of interest lies in an area.

    Parameters
    ----------
    area
        The area, WGS84 (longitude before latitude).
    premises, places
        `lng` and `lat`, WGS84 degrees; rows without a place lie nowhere.
    """
    cells = run.cell_frame()["cell"].to_numpy(dtype=object)
    middles = np.array([h3.cell_to_latlng(cell) for cell in cells]).reshape(-1, 2)
    inside = cells[shapely.contains_xy(area, middles[:, 1], middles[:, 0])]
    ids = pl.Series([int(cell, 16) for cell in inside], dtype=pl.UInt64)
    there = run.weighted.filter(pl.col("cell").is_in(ids.implode()))
    reach = run.hotspots[run.hotspots.geometry.intersects(area)]
    return InArea(
        area_km2=area_km2(area),
        cells=list(inside),
        events=int(there["events"].sum()),
        children=_distinct(there, "child"),
        days=_distinct(there, "day"),
        hotspots=[str(key) for key in reach["key"]],
        premises=_points_in(area, premises),
        places=_points_in(area, places),
    )


def masked_areas(sites: pd.DataFrame) -> list[BaseGeometry]:
    """Return the ground around sensitive sites that maps show as masked.

    Whole cells around the site's own cell, about 350 m across: every site in that cell has the same
    area, so that it tells the cell and no more.

    Parameters
    ----------
    sites
        `lng`, `lat` (WGS84 degrees) and `within_m`, the radius in metres.
    """
    cells: set[str] = set()
    for lat, lng, within_m in sites[["lat", "lng", "within_m"]].itertuples(index=False):
        rings = rings_to_cover(within_m, _MASK_RESOLUTION, lat, lng)
        cells.update(h3.grid_disk(h3.latlng_to_cell(lat, lng, _MASK_RESOLUTION), rings))
    if not cells:
        return []
    return list(shapely.get_parts(shapely.union_all(hexagons(sorted(cells)))))


def _points_in(area: BaseGeometry, points: pd.DataFrame) -> pd.DataFrame:
    inside = shapely.contains_xy(area, points["lng"].to_numpy(float), points["lat"].to_numpy(float))
    return points[inside].reset_index(drop=True)


def _distinct(records: pl.DataFrame, column: str) -> int | None:
    if column not in records.columns or not records[column].count():
        return None
    return records[column].drop_nulls().n_unique()


def _is_ring(ring: object) -> bool:
    """Tell whether something from a browser is a list of pairs of numbers."""
    return isinstance(ring, list) and all(
        isinstance(corner, list)
        and len(corner) == 2
        and all(isinstance(number, int | float) for number in corner)
        for corner in ring
    )
