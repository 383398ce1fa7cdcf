"""Bring the records that hotspots are compared with into the cells of an area."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotspot.analysis.detection.cells import index_points
from hotspot.analysis.evidence.cell_grid import CellGrid, Floats, Numbers

SCATTER_M = (30.0, 60.0)
"""How far snap points are scattered: half of the way from one to the next in a street."""
_M_A_DEGREE = 111_320.0


def counts_in(ground: CellGrid, lat: Floats, lng: Floats, resolution: int) -> Numbers:
    """Count points (WGS84 degrees) in the cells of the ground; what lies outside is not counted."""
    cells = index_points(lat, lng, resolution)
    inside = ground.at(cells[np.isin(cells, ground.cells)])
    return np.bincount(inside, minlength=len(ground)).astype(np.int64)


def scattered(lat: Floats, lng: Floats, seed: int = 1) -> tuple[Floats, Floats]:
    """Move each snap point of open data in a random direction, as far as `SCATTER_M`.

    Snap points gather what happened along a street on one point, so that the cells between them
    look empty: records with places of their own would then stand out in streets that are as busy as
    others (0.68 of months without any hotspot were called out, and 0.04 to 0.05 when scattered).

    Returns
    -------
    (ndarray, ndarray), shapes (n,)
        Latitudes and longitudes.
    """
    rng = np.random.default_rng([seed, 2])
    turn, far = rng.uniform(0, 2 * np.pi, len(lat)), rng.uniform(*SCATTER_M, len(lat))
    across: NDArray[np.float64] = _M_A_DEGREE * np.cos(np.radians(lat))
    return lat + far * np.sin(turn) / _M_A_DEGREE, lng + far * np.cos(turn) / across
