"""Bring the records that hotspots are compared with into the cells of an area."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from hotspot.analysis.detection.cells import centres, index_points
from hotspot.analysis.evidence.cell_grid import CellGrid, Floats, Numbers

SCATTER_M = (30.0, 60.0)
"""How far snap points are scattered: half of the way from one to the next in a street."""
_M_A_DEGREE = 111_320.0


def counts_in(ground: CellGrid, lat: Floats, lng: Floats, resolution: int) -> Numbers:
    """Count points (WGS84 degrees) in the cells of the ground; what lies outside is not counted."""
    cells = index_points(lat, lng, resolution)
    inside = ground.at(cells[np.isin(cells, ground.cells)])
    return np.bincount(inside, minlength=len(ground)).astype(np.int64)


def people_in(
    ground: CellGrid, lat: Floats, lng: Floats, people: Floats, resolution: int
) -> Numbers:
    """Count people in the cells of the ground, where each point stands for the ground around it.

    A point is often the middle of an area of 1,500 people: all of them in its one cell would leave
    the cells around it empty. They are spread evenly over the cells that lie nearer to it than to
    another point, as far as the next point is; where there are none, they lie in its own cell.

    Parameters
    ----------
    lat, lng, people
        Where they live (WGS84 degrees) and how many, shape (n,).

    Returns
    -------
    ndarray, shape (cells of the ground,)
        Whole people; points outside the ground are not counted.
    """
    at = _metres(lat, lng)
    places, of = np.unique(at, axis=0, return_inverse=True)
    lives = np.bincount(of.ravel(), weights=people, minlength=len(places))
    far = np.asarray(KDTree(places).query(places, k=2)[0])[:, 1]
    own = index_points(lat, lng, resolution)
    cell = np.zeros(len(places), dtype=np.uint64)
    cell[of.ravel()] = own
    inside = np.flatnonzero(np.isin(cell, ground.cells))
    if not len(inside):
        return np.zeros(len(ground), dtype=np.int64)
    nearest = KDTree(places[inside]).query(_metres(*centres(ground.cells)))
    apart, near = np.asarray(nearest[0]), np.asarray(nearest[1])
    is_near = apart <= far[inside][near]
    share = np.bincount(near[is_near], minlength=len(inside))
    spread = np.where(is_near, lives[inside][near] / np.maximum(share[near], 1), 0.0)
    alone = share == 0
    spread += np.bincount(
        ground.at(cell[inside][alone]), weights=lives[inside][alone], minlength=len(ground)
    )
    upto = np.rint(np.cumsum(spread)).astype(np.int64)  # whole people, and none lost
    counts: Numbers = np.diff(upto, prepend=0)
    return counts


def _metres(lat: Floats, lng: Floats) -> Floats:
    """Return places in metres, right at 53 degrees north and near enough to tell what is near."""
    return np.column_stack([lat * _M_A_DEGREE, lng * _M_A_DEGREE * np.cos(np.radians(53.0))])


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
