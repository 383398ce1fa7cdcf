"""Serve the ground's tiles from the force's own file or server, to signed-in browsers only.

A browser that asked a tile server itself would tell it which officer looks where; here it asks
nobody but Hotspot.
"""

from __future__ import annotations

import gzip
import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import Compression, TileType

from hotspot.errors import StoreError
from hotspot.schema import Area
from hotspot.services.workspace.folder import Workspace
from hotspot.settings import Tiles
from hotspot.store.mbtiles import TileFile

ADDRESS = "/tiles/{z}/{x}/{y}"
_KEPT = 2000
_SERVER_SECONDS = 10
_RASTER = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
VECTOR = "application/vnd.mapbox-vector-tile"


@dataclass(frozen=True)
class TileSource:
    """Where tiles come from.

    Attributes
    ----------
    read
        Gives the bytes of a tile (zoom, column, row from the north), or None where there is none.
    is_vector
        Whether the tiles are vector tiles (MVT) and drawn by the browser.
    first, last
        Zoom levels that there are.
    attribution
        Whose ground it is; shown on the map always.
    """

    read: Callable[[int, int, int], bytes | None]
    is_vector: bool
    first: int
    last: int
    attribution: str

    def tile(self, z: int, x: int, y: int) -> tuple[bytes, str] | None:
        """Return the content of a tile and its media type, or None where there is none."""
        if not self.first <= z <= self.last or not (0 <= x < 2**z and 0 <= y < 2**z):
            return None
        content = self.read(z, x, y)
        if content is None:
            return None
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        if self.is_vector:
            return content, VECTOR
        kind = next((kind for start, kind in _RASTER.items() if content.startswith(start)), None)
        return None if kind is None else (content, kind)

    def for_map(self) -> dict[str, Any]:
        """Return what the map needs to know."""
        return {"address": ADDRESS, "from": self.first, "to": self.last, "vector": self.is_vector}


def tiles_of(workspace: Workspace) -> TileSource | None:
    """Open the tiles of a workspace; None where it has none.

    Raises
    ------
    StoreError
        The file cannot be read as what the setting says.
    """
    asked = workspace.settings.tiles
    if asked is None:
        return None
    if asked.kind == "server":
        return _from_server(asked, workspace.area)
    path = (workspace.folder / asked.where).resolve()
    if not path.is_relative_to(workspace.folder.resolve()) or not path.is_file():
        message = f"The tiles {asked.where} are not in the workspace. Put the file there."
        raise StoreError(message)
    try:
        return _from_mbtiles(path, asked) if asked.kind == "mbtiles" else _from_pmtiles(path, asked)
    except (ValueError, KeyError, OSError) as error:
        message = f"{asked.where} cannot be read as {asked.kind}: {error}. Bring the file anew."
        raise StoreError(message) from error


def _from_mbtiles(path: Path, asked: Tiles) -> TileSource:
    file = TileFile(path)
    return TileSource(file.read, file.is_vector, file.first, file.last, asked.attribution)


def _from_pmtiles(path: Path, asked: Tiles) -> TileSource:
    """Read a PMTiles file (version 3)."""
    with path.open("rb") as file:
        if file.read(7) != b"PMTiles":
            message = "it is none"
            raise ValueError(message)
        reader = Reader(MmapSource(file))  # the mapping outlives the file
    header = reader.header()
    if header["tile_compression"] not in {Compression.NONE, Compression.GZIP, Compression.UNKNOWN}:
        message = "its tiles are packed in a way that is not known here; write it with gzip"
        raise ValueError(message)

    def read(z: int, x: int, y: int) -> bytes | None:
        tile = reader.get(z, x, y)
        return None if tile is None else bytes(tile)

    is_vector = header["tile_type"] == TileType.MVT
    return TileSource(read, is_vector, header["min_zoom"], header["max_zoom"], asked.attribution)


def _from_server(asked: Tiles, area: Area) -> TileSource:
    """Ask the force's tile server, for the force's own ground only, and keep what it said."""
    client = httpx2.Client(timeout=_SERVER_SECONDS, follow_redirects=False)
    kept: OrderedDict[tuple[int, int, int], bytes | None] = OrderedDict()
    guard = threading.Lock()

    def read(z: int, x: int, y: int) -> bytes | None:
        if not _touches(area, z, x, y):
            return None
        with guard:
            if (z, x, y) in kept:
                kept.move_to_end((z, x, y))
                return kept[z, x, y]
        try:
            answer = client.get(asked.where.format(z=z, x=x, y=y))
        except httpx2.HTTPError:
            return None  # the map stays usable without tiles
        content = answer.content if answer.status_code == httpx2.codes.OK else None
        with guard:
            kept[z, x, y] = content
            while len(kept) > _KEPT:
                kept.popitem(last=False)
        return content

    return TileSource(read, False, asked.first_zoom, asked.last_zoom, asked.attribution)


def _touches(area: Area, z: int, x: int, y: int) -> bool:
    """Tell whether a tile reaches into the area's bounding box."""
    west, south, east, north = area.boundary.bounds
    lng = [(x + step) / 2**z * 360 - 180 for step in (0, 1)]
    lat = [
        math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + step) / 2**z)))) for step in (0, 1)
    ]
    return lng[0] <= east and lng[1] >= west and lat[1] <= north and lat[0] >= south
