"""Read a file of tiles in MBTiles (version 1.3), which is an SQLite database."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

_TILE = "SELECT tile_data FROM tiles WHERE zoom_level=? AND tile_column=? AND tile_row=?"


class TileFile:
    """An MBTiles file, open for reading from any thread.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    ValueError
        It is no such file, or has no tiles.
    """

    def __init__(self, path: Path) -> None:
        self._address = f"{path.as_uri()}?mode=ro&immutable=1"
        self._opened: dict[int, sqlite3.Connection] = {}
        try:
            about = dict(self._own().execute("SELECT name, value FROM metadata").fetchall())
            query = "SELECT min(zoom_level), max(zoom_level) FROM tiles"
            first, last = self._own().execute(query).fetchone()
        except sqlite3.Error as error:
            raise ValueError(str(error)) from error
        if first is None:
            message = "it has no tiles"
            raise ValueError(message)
        self.first, self.last = int(first), int(last)
        self.is_vector = about.get("format") == "pbf"

    def read(self, z: int, x: int, y: int) -> bytes | None:
        """Return the bytes of a tile, its row counted from the north; None where there is none."""
        row = self._own().execute(_TILE, (z, x, 2**z - 1 - y)).fetchone()
        return None if row is None else bytes(row[0])

    def _own(self) -> sqlite3.Connection:
        """Return the connection of this thread."""
        thread = threading.get_ident()
        if thread not in self._opened:
            self._opened[thread] = sqlite3.connect(self._address, uri=True)
        return self._opened[thread]
