"""Turn points into H3 cells, and find the cells around them."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import h3
import h3.api.numpy_int as h3_int
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

try:
    import h3ronpy
    from h3ronpy.vector import coordinates_to_cells
except ImportError:  # the extra `fast` is not installed: h3-py gives the same answers, slower
    h3ronpy = None

CellIds = NDArray[np.uint64]
_CHUNK = 25_000
_WORKERS = min(8, os.cpu_count() or 1)
_POOL = ThreadPoolExecutor(_WORKERS, thread_name_prefix="hotspot-cells")
"""h3ronpy and NumPy let go of the interpreter lock, so that threads share this work."""


def index_points(lat: NDArray[np.float64], lng: NDArray[np.float64], resolution: int) -> CellIds:
    """Return the H3 cell that is drawn around each point.

    Parameters
    ----------
    lat, lng
        WGS84 degrees, shape (n,), finite and in range: H3 itself would accept anything.
    resolution
        H3 resolution.

    Returns
    -------
    ndarray of uint64, shape (n,)
        The same whether h3ronpy or h3-py computed it, but for points on the very edge of two cells,
        which lie in either (a test holds them together).
    """
    if h3ronpy is None:
        return index_points_reference(lat, lng, resolution)

    def index(part: slice) -> CellIds:
        return np.asarray(coordinates_to_cells(lat[part], lng[part], resolution).to_numpy())

    parts = list(_POOL.map(index, _slices(len(lat), 1 + len(lat) // _WORKERS)))
    return np.concatenate(parts) if parts else np.array([], dtype=np.uint64)


def index_points_reference(
    lat: NDArray[np.float64], lng: NDArray[np.float64], resolution: int
) -> CellIds:
    """Do what `index_points` does with h3-py alone, one point at a time."""
    pairs = zip(lat.tolist(), lng.tolist(), strict=True)
    cells = (h3_int.latlng_to_cell(y, x, resolution) for y, x in pairs)
    return np.fromiter(cells, dtype=np.uint64, count=len(lat))


def add_cells(points: pl.DataFrame, resolution: int) -> pl.DataFrame:
    """Return the points with a column `cell`, indexing repeated coordinates only once.

    Real coordinates repeat (snap points, gazetteers); a sample tells whether that pays.
    """
    sample = points.select("lat", "lng").head(20_000)
    if sample.n_unique() > 0.6 * sample.height:
        cells = index_points(points["lat"].to_numpy(), points["lng"].to_numpy(), resolution)
        return points.with_columns(pl.Series("cell", cells))
    places = points.select("lat", "lng").unique()
    cells = index_points(places["lat"].to_numpy(), places["lng"].to_numpy(), resolution)
    return points.join(
        places.with_columns(pl.Series("cell", cells)), on=["lat", "lng"], maintain_order="left"
    )


def disk_size(rings: int) -> int:
    """Count the cells within `rings` grid steps of a cell, itself included."""
    return 3 * rings * rings + 3 * rings + 1


def neighbourhood_weights(
    cells: CellIds, weights: NDArray[np.float64], rings: int
) -> NDArray[np.float64]:
    """Add up the weights of the occupied cells within `rings` grid steps of each cell.

    Parameters
    ----------
    cells
        Occupied cells, distinct and ascending, shape (n,).
    weights
        Weight of each cell, shape (n,).
    rings
        Grid steps (`grid_disk`); a cell is in its own neighbourhood.

    Returns
    -------
    ndarray, shape (n,)
    """

    def add_up(part: slice) -> NDArray[np.float64]:
        origins, neighbours, occupied = _neighbours(cells, cells[part], rings)
        sums = np.bincount(
            origins,
            weights=np.where(occupied, weights[neighbours], 0.0),
            minlength=part.stop - part.start,
        )
        return np.asarray(sums, dtype=np.float64)

    parts = list(_POOL.map(add_up, _slices(len(cells), _CHUNK)))
    return np.concatenate(parts) if parts else np.array([], dtype=np.float64)


def neighbour_graph(
    cells: CellIds, origins: NDArray[np.int64], rings: int
) -> sparse.csr_array[Any]:
    """Join some of the occupied cells with all occupied cells within `rings` grid steps.

    Parameters
    ----------
    cells
        Occupied cells, distinct and ascending, shape (n,).
    origins
        Indices of the cells whose neighbours are wanted, shape (m,).
    rings
        Grid steps; every cell is its own neighbour.

    Returns
    -------
    csr_array, shape (m, n)
        Ones where an origin and a cell are neighbours.
    """

    def edges(part: slice) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        row, neighbours, occupied = _neighbours(cells, cells[origins[part]], rings)
        return row[occupied] + part.start, neighbours[occupied].astype(np.int32)

    size = (len(origins), len(cells))
    parts = list(_POOL.map(edges, _slices(len(origins), _CHUNK)))
    if not parts:
        return sparse.csr_array(size, dtype=np.float64)
    row = np.concatenate([part[0] for part in parts])
    column = np.concatenate([part[1] for part in parts])
    starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(origins)))])
    return sparse.csr_array((np.ones(len(row)), column, starts), shape=size)


def _neighbours(
    cells: CellIds, chunk: CellIds, rings: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Give, for each cell of each disk of the chunk: origin, index in `cells`, occupied or not."""
    origins, disks = disks_of(chunk, rings)
    positions = np.searchsorted(cells, disks)
    positions[positions == len(cells)] = 0
    return origins, positions, cells[positions] == disks


def disks_of(chunk: CellIds, rings: int) -> tuple[NDArray[np.int64], CellIds]:
    """Return (index of origin in the chunk, neighbour) for each cell of each disk, by origin.

    Parameters
    ----------
    chunk
        H3 cells, shape (n,).
    rings
        Grid steps around each; a cell is in its own disk.
    """
    size = disk_size(rings)
    if h3ronpy is not None:
        disks = np.asarray(h3ronpy.grid_disk(chunk, rings, flatten=True).to_numpy())
        if len(disks) == size * len(chunk):  # no pentagon near
            return np.repeat(np.arange(len(chunk)), size), disks
    parts = [np.asarray(h3_int.grid_disk(cell, rings), dtype=np.uint64) for cell in chunk]
    return np.repeat(np.arange(len(chunk)), [len(part) for part in parts]), np.concatenate(parts)


def _slices(length: int, size: int) -> Iterator[slice]:
    for start in range(0, length, size):
        yield slice(start, min(start + size, length))


def reach_m(rings: int, resolution: int, lat: float, lng: float) -> float:
    """Return the radius in metres of the circle that covers as much as a cell's neighbourhood.

    The area rule: sqrt((3k^2 + 3k + 1) * A / pi) with A the area of the local cell in m2.
    """
    area = h3.cell_area(h3.latlng_to_cell(lat, lng, resolution), unit="m^2")
    return math.sqrt(disk_size(rings) * area / math.pi)


def rings_for_reach(reach: float, resolution: int, lat: float, lng: float) -> int:
    """Choose the number of rings, 1 to 12, whose reach is nearest to `reach` metres."""
    return min(range(1, 13), key=lambda k: abs(reach_m(k, resolution, lat, lng) - reach))


def rings_to_cover(within_m: float, resolution: int, lat: float, lng: float) -> int:
    """Return the number of rings around a place's cell that hold everything within some metres.

    A disk of k rings holds a circle of 1.5 k edges around its middle; the place lies at most one
    edge from the middle of its cell.
    """
    area = h3.cell_area(h3.latlng_to_cell(lat, lng, resolution), unit="m^2")
    edge = math.sqrt(area * 2 / (3 * math.sqrt(3)))
    return math.ceil((within_m + edge) / (1.5 * edge))


def centres(cells: CellIds) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the latitude and longitude of the middle of each cell (WGS84 degrees), shapes (n,)."""
    points = np.array([h3_int.cell_to_latlng(cell) for cell in cells.tolist()]).reshape(-1, 2)
    return points[:, 0], points[:, 1]


def cells_to_strings(cells: CellIds) -> list[str]:
    """Write cell ids in H3's usual hexadecimal form."""
    return [f"{cell:x}" for cell in cells.tolist()]
