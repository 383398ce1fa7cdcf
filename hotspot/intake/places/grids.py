"""Hold the grids of metres that places are written in about the British Isles."""

from __future__ import annotations

from dataclasses import dataclass

from hotspot.schema import BRITISH_NATIONAL_GRID

GRID_WIDTH, GRID_HEIGHT = 700_000, 1_300_000
"""Extent of the British National Grid in metres."""
IRISH_GRID, ITM, WEB_MERCATOR = "EPSG:29903", "EPSG:2157", "EPSG:3857"


@dataclass(frozen=True)
class Grid:
    """A grid of metres: its name, and where (from, to) its eastings and northings lie."""

    name: str
    extent: tuple[tuple[float, float], tuple[float, float]]


GRIDS = {
    BRITISH_NATIONAL_GRID: Grid("British National Grid", ((1, GRID_WIDTH), (1, GRID_HEIGHT))),
    IRISH_GRID: Grid("Irish Grid", ((1, 400_000), (1, 500_000))),
    ITM: Grid("Irish Transverse Mercator", ((400_000, 800_000), (500_000, 1_000_000))),
    WEB_MERCATOR: Grid("Web Mercator", ((-1_300_000, 300_000), (6_200_000, 8_700_000))),
}
"""Grids that columns of metres are told apart as; Web Mercator about the British Isles."""
