"""Lay the cells of an area on a grid of rows and columns, to add up surroundings and to move sets.

H3's own local coordinates make the grid: two cells are as many steps apart as the greatest of
|di|, |dj| and |di - dj|.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import h3.api.numpy_int as h3_int
import numpy as np
import shapely
from h3 import H3BaseException
from numpy.typing import NDArray

from hotspot.analysis.detection.cells import CellIds
from hotspot.errors import InputError

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
_MARGIN = 13
"""More than the greatest number of rings, so that a surrounding never leaves the grid."""


@dataclass(frozen=True, eq=False)
class CellGrid:
    """The cells of an area on rows and columns, empty ones included.

    Attributes
    ----------
    cells
        H3 cells, ascending, shape (n,).
    row, column
        Place of each cell on the grid, shape (n,).
    number
        Number of the cell at each place of the grid, -1 where there is none.
    """

    cells: CellIds
    row: Numbers
    column: Numbers
    number: NDArray[np.int32]

    def __len__(self) -> int:
        """Count the cells."""
        return len(self.cells)

    def at(self, cells: CellIds) -> Numbers:
        """Return the numbers of some cells of the ground."""
        return np.searchsorted(self.cells, cells)

    def around(self, values: Floats, rings: int) -> Floats:
        """Add up the values within some rings of each cell, itself included, shape (n,)."""
        height, width = self.number.shape
        upto = np.zeros((height, width + 1))
        upto[self.row, self.column + 1] = values
        np.cumsum(upto, axis=1, out=upto)
        top, bottom = self.row.min() - rings, self.row.max() + rings + 1
        sums = np.zeros((bottom - top, width))
        for step in range(-rings, rings + 1):
            low, high = max(-rings, step - rings), min(rings, step + rings)
            part = upto[top + rings + step : bottom - rings + step]
            sums[rings : len(sums) - rings, _MARGIN : width - _MARGIN] += (
                part[:, _MARGIN + high + 1 : width - _MARGIN + high + 1]
                - part[:, _MARGIN + low : width - _MARGIN + low]
            )
        totals: Floats = np.round(sums[self.row - top, self.column], 9)
        return totals

    def around_some(self, values: Floats, some: Numbers, rings: int) -> Floats:
        """Add up the values within some rings of a few cells, themselves included, shape (m,)."""
        steps = self._steps(rings)
        if len(some) * len(steps) > self.number.size * (2 * rings + 1):
            return self.around(values, rings)[some]
        plane = np.zeros(self.number.size)
        place = self._places
        plane[place] = values
        sums: Floats = np.round(plane[place[some][:, None] + steps].sum(axis=1), 9)
        return sums

    def within(self, some: Numbers, rings: int) -> Numbers:
        """Return the cells of the ground within some rings of a few, themselves included."""
        places = np.unique(self._places[some][:, None] + self._steps(rings))
        numbers = self.number.ravel()[places]
        return np.sort(numbers[numbers >= 0]).astype(np.int64)

    @cached_property
    def _places(self) -> Numbers:
        """Place of each cell on the grid laid out in one row."""
        places: Numbers = self.row * self.number.shape[1] + self.column
        return places

    def _steps(self, rings: int) -> Numbers:
        """Return how far the places within some rings lie from a cell's own, in that row."""
        one = np.arange(-rings, rings + 1)
        row, column = (part.ravel() for part in np.meshgrid(one, one, indexing="ij"))
        is_near = np.abs(row - column) <= rings
        steps: Numbers = row[is_near] * self.number.shape[1] + column[is_near]
        return steps

    def moved(self, numbers: Numbers, from_: Numbers, to: Numbers) -> Numbers:
        """Move cells as far as `from_` is moved to `to`; -1 for those that would leave the area."""
        height, width = self.number.shape
        row = self.row[numbers] + self.row[to] - self.row[from_]
        column = self.column[numbers] + self.column[to] - self.column[from_]
        is_on = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        targets = np.full(len(numbers), -1, dtype=np.int64)
        targets[is_on] = self.number[row[is_on], column[is_on]]
        return targets

    def neighbours(self, rings: int) -> Numbers:
        """Count the cells of the ground within some rings of each, itself included."""
        return np.rint(self.around(np.ones(len(self)), rings)).astype(np.int64)


def grid_of(boundary: shapely.Geometry, resolution: int, also: CellIds) -> CellGrid:
    """Lay out the cells whose middle lies in a boundary (WGS84), and some more.

    Raises
    ------
    InputError
        The area is too wide for one grid.
    """
    inside = _cells_in(shapely.to_wkb(boundary), resolution)
    cells = np.union1d(inside, also.astype(np.uint64))
    origin = int(cells[len(cells) // 2])
    try:
        places = np.array([h3_int.cell_to_local_ij(origin, cell) for cell in cells.tolist()])
    except H3BaseException as error:
        message = (
            "The records lie too far apart for one grid of cells; choose a smaller area or period."
        )
        raise InputError(message) from error
    places = places.reshape(-1, 2) - places.min(axis=0, initial=0) + _MARGIN
    row, column = places[:, 0].astype(np.int64), places[:, 1].astype(np.int64)
    number = np.full((row.max() + _MARGIN + 1, column.max() + _MARGIN + 1), -1, dtype=np.int32)
    number[row, column] = np.arange(len(cells))
    return CellGrid(cells, row, column, number)


@lru_cache(maxsize=4)
def _cells_in(boundary: bytes, resolution: int) -> CellIds:
    shape: Any = shapely.from_wkb(boundary)
    return np.sort(np.asarray(h3_int.geo_to_cells(shape, resolution), dtype=np.uint64))
