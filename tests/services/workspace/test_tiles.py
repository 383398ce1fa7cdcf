"""The ground's tiles: from files and from a server that really answers."""

from __future__ import annotations

import gzip
import http.server
import math
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from pydantic import ValidationError

from hotspot import StoreError
from hotspot.services.workspace.folder import Workspace
from hotspot.services.workspace.ground_tiles import VECTOR, tiles_of
from hotspot.settings import Tiles

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8ffff3f"
    "0300080302fe6b1a4a2e0000000049454e44ae426082"
)
THERE = (10, 505, 335)  # a tile in the middle of the sample's area


def vector_tile(layer: str) -> bytes:
    """Write a vector tile (MVT) whose one layer covers all of it."""

    def field(number: int, content: bytes) -> bytes:
        return bytes([number << 3 | 2, len(content)]) + content

    far = b"\x80\x40"  # 4096, as a zigzag varint
    ring = b"\x09\x00\x00\x1a" + far + b"\x00\x00" + far + b"\xff\x3f\x00\x0f"
    feature = b"\x18\x03" + field(4, ring)  # a polygon
    content = field(1, layer.encode()) + field(2, feature) + b"\x28\x80\x20" + b"\x78\x02"
    return field(3, content)


def middle_of_tile(z: int, x: int, y: int) -> tuple[float, float]:
    """Give the latitude and longitude of the middle of a tile."""
    north = math.pi * (1 - 2 * (y + 0.5) / 2**z)
    return math.degrees(math.atan(math.sinh(north))), (x + 0.5) / 2**z * 360 - 180


def with_tiles(workspace: Workspace, tiles: Tiles) -> Workspace:
    return replace(workspace, settings=workspace.settings.model_copy(update={"tiles": tiles}))


def write_mbtiles(path: Path, form: str = "png", content: bytes = PNG) -> None:
    z, x, y = THERE
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute("INSERT INTO metadata VALUES ('format', ?)", (form,))
        file.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data BLOB)")
        file.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (z, x, 2**z - 1 - y, content))


def write_pmtiles(path: Path, form: TileType, content: bytes) -> None:
    z = THERE[0]
    with path.open("wb") as file:
        writer = Writer(file)
        writer.write_tile(zxy_to_tileid(*THERE), content)
        header = {
            "tile_type": form,
            "tile_compression": Compression.GZIP,
            "min_zoom": z,
            "max_zoom": z,
            "min_lon_e7": 0,
            "min_lat_e7": 0,
            "max_lon_e7": 0,
            "max_lat_e7": 0,
            "center_zoom": z,
            "center_lon_e7": 0,
            "center_lat_e7": 0,
        }
        writer.finalize(header, {})


def test_without_a_setting_there_are_no_tiles(workspace: Workspace) -> None:
    assert tiles_of(workspace) is None


def test_mbtiles_count_their_rows_from_the_south(workspace: Workspace) -> None:
    write_mbtiles(workspace.folder / "ground.mbtiles")
    source = tiles_of(
        with_tiles(workspace, Tiles(kind="mbtiles", where="ground.mbtiles", attribution="Invented"))
    )
    assert source is not None
    assert source.tile(*THERE) == (PNG, "image/png")
    assert source.tile(10, 505, 2**10 - 1 - 335) is None
    assert source.tile(11, 0, 0) is None
    assert source.tile(10, -1, 0) is None
    assert source.for_map() == {
        "address": "/tiles/{z}/{x}/{y}",
        "from": 10,
        "to": 10,
        "vector": False,
    }


def test_vector_tiles_are_unpacked(workspace: Workspace) -> None:
    write_mbtiles(workspace.folder / "v.mbtiles", "pbf", gzip.compress(b"a layer"))
    write_pmtiles(workspace.folder / "v.pmtiles", TileType.MVT, gzip.compress(b"a layer"))
    for kind in ("mbtiles", "pmtiles"):
        asked = Tiles.model_validate({"kind": kind, "where": f"v.{kind}", "attribution": "x"})
        source = tiles_of(with_tiles(workspace, asked))
        assert source is not None
        assert source.tile(*THERE) == (b"a layer", VECTOR)
        assert source.for_map()["vector"]


def test_pmtiles_of_pictures(workspace: Workspace) -> None:
    write_pmtiles(workspace.folder / "p.pmtiles", TileType.PNG, PNG)
    source = tiles_of(
        with_tiles(workspace, Tiles(kind="pmtiles", where="p.pmtiles", attribution="x"))
    )
    assert source is not None
    assert source.tile(*THERE) == (PNG, "image/png")
    assert source.tile(10, 0, 0) is None


@pytest.mark.parametrize(
    ("kind", "where", "says"),
    [
        ("mbtiles", "no such file", "not in the workspace"),
        ("mbtiles", "../outside.mbtiles", "not in the workspace"),
        ("mbtiles", "workspace.json", "cannot be read as mbtiles"),
        ("pmtiles", "workspace.json", "cannot be read as pmtiles"),
    ],
)
def test_a_file_that_cannot_be_read_says_which(
    workspace: Workspace, kind: str, where: str, says: str
) -> None:
    write_mbtiles(workspace.folder.parent / "outside.mbtiles")
    asked = Tiles.model_validate({"kind": kind, "where": where, "attribution": "x"})
    with pytest.raises(StoreError, match=says):
        tiles_of(with_tiles(workspace, asked))


def test_what_is_no_picture_is_not_handed_on(workspace: Workspace) -> None:
    write_mbtiles(workspace.folder / "x.mbtiles", "png", b"<script>alert(1)</script>")
    source = tiles_of(
        with_tiles(workspace, Tiles(kind="mbtiles", where="x.mbtiles", attribution="x"))
    )
    assert source is not None
    assert source.tile(*THERE) is None


@pytest.mark.parametrize("where", ["tiles.example/{z}/{x}/{y}", "https://tiles.example/{z}/{x}"])
def test_an_address_that_is_not_whole_is_refused(where: str) -> None:
    with pytest.raises(ValidationError, match="tile server's address"):
        Tiles(kind="server", where=where, attribution="x")


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200 if "335" in self.path else 404)
            self.end_headers()
            self.wfile.write(PNG)

        def log_message(self, *_: object) -> None:
            pass

    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}", asked
    listening.shutdown()


def test_a_server_is_asked_once_and_for_the_forces_ground_only(
    workspace: Workspace, server: tuple[str, list[str]]
) -> None:
    address, asked = server
    tiles = Tiles(kind="server", where=address + "/{z}/{x}/{y}.png", attribution="x")
    source = tiles_of(with_tiles(workspace, tiles))
    assert source is not None
    assert source.tile(*THERE) == (PNG, "image/png")
    assert source.tile(*THERE) == (PNG, "image/png")
    assert source.tile(10, 0, 0) is None
    assert source.tile(10, 505, 336) is None
    assert asked == ["/10/505/335.png", "/10/505/336.png"]


def test_a_server_that_does_not_answer_leaves_the_map_without_tiles(workspace: Workspace) -> None:
    tiles = Tiles(kind="server", where="http://127.0.0.1:9/{z}/{x}/{y}", attribution="x")
    source = tiles_of(with_tiles(workspace, tiles))
    assert source is not None
    assert source.tile(*THERE) is None
