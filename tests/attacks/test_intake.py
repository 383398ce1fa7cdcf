"""Files that would make their reader open others, or never end."""

from __future__ import annotations

import io
import os
import random
import sqlite3
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import geopandas as gpd
import osmium
import pytest
from osmium.osm import mutable
from pyproj import CRS
from shapely.geometry import Point

from hotspot import InputError
from hotspot.intake.files.geo_files import read_shapes
from hotspot.intake.files.osm_files import read_osm_table
from hotspot.intake.files.raw import Choices, RawTable
from hotspot.intake.files.sandbox import Limits, Sandbox
from hotspot.intake.files.text_files import read_text_table

GEOGCS = (
    'GEOGCS["OSGB36",DATUM["D_OSGB_1936",SPHEROID["Airy_1830",6377563.396,299.3249646]{}],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]{}]'
)


@contextmanager
def trap(folder: Path) -> Iterator[tuple[Path, list[bool]]]:
    """A path that notes when anyone opens it to read."""
    path, opened, over = folder / "trap", [], threading.Event()
    os.mkfifo(path)

    def watch() -> None:
        while not over.is_set():
            try:
                end = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # nobody reads it
                time.sleep(0.002)
                continue
            opened.append(True)
            os.close(end)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield path, opened
    finally:
        over.set()
        watcher.join(5)


def definitions(path: Path) -> dict[str, str]:
    """Ways to say: read this file to know where the numbers are."""
    grid, init = f"+nadgrids={path}", f"+init={path}:1"
    return {
        "grid": GEOGCS.format(f',EXTENSION["PROJ4_GRIDS","{path}"]', ""),
        "proj string": GEOGCS.format("", f',EXTENSION["PROJ4","+proj=longlat +a=6377563 {grid}"]'),
        "init file": GEOGCS.format("", f',EXTENSION["PROJ4","{init}"]'),
        "bare proj": f"+proj=longlat +ellps=airy {grid} +no_defs",
        "bare init": init,
        "json": '{"type": "GeographicCRS", "name": "' + str(path) + '"}',
        "bound": CRS(f"+proj=longlat +ellps=airy {grid} +type=crs").to_wkt(),
        "path": str(path),
    }


NAMES = sorted(definitions(Path("/x")))


def shapefile(folder: Path, prj: str | None, epsg: int = 27700) -> Path:
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(387951, 345058)], crs=epsg)
    frame.to_file(folder / "one.shp")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for ending in ("shp", "shx", "dbf", "prj", "cpg"):
            content = (folder / f"one.{ending}").read_bytes()
            is_ours = ending == "prj" and prj is not None
            archive.writestr(f"one.{ending}", prj or "" if is_ours else content)
    path = folder / "file.zip"
    path.write_bytes(packed.getvalue())
    return path


def geopackage(folder: Path, definition: str | None, organization: str = "CUSTOM") -> Path:
    path = folder / "file.gpkg"
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(387951, 345058)], crs=27700)
    frame.to_file(path, layer="one", driver="GPKG")
    if definition is not None:
        with sqlite3.connect(path) as raw:
            raw.execute(
                "UPDATE gpkg_spatial_ref_sys SET definition = ?, organization = ?, "
                "organization_coordsys_id = 999123 WHERE srs_id = 27700",
                (definition, organization),
            )
    return path


def read_in_time(path: Path) -> object:
    """Read beside, since a reader that opens the trap may wait for ever."""
    found: list[object] = []

    def read() -> None:
        try:
            found.append(read_shapes(path, path.name, Choices()))
        except InputError as error:
            found.append(error)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(30)
    return found[0] if found else None


@pytest.mark.parametrize("how", NAMES)
def test_a_prj_opens_no_file(tmp_path: Path, how: str) -> None:
    with trap(tmp_path) as (path, opened):
        found = read_in_time(shapefile(tmp_path, definitions(path)[how]))
        time.sleep(0.05)
        assert not opened
    assert isinstance(found, InputError)
    assert "coordinate system" in str(found)


@pytest.mark.parametrize("organization", ["CUSTOM", "EPSG"])
@pytest.mark.parametrize("how", NAMES)
def test_a_geopackages_own_definition_opens_no_file(
    tmp_path: Path, how: str, organization: str
) -> None:
    with trap(tmp_path) as (path, opened):
        found = read_in_time(geopackage(tmp_path, definitions(path)[how], organization))
        time.sleep(0.05)
        assert not opened
    assert isinstance(found, InputError)
    assert "coordinate system" in str(found)


def test_the_trap_is_one(tmp_path: Path) -> None:
    """The same definition handed to PROJ does open the file: the test would see it."""
    from pyproj import Transformer

    with trap(tmp_path) as (path, opened):

        def use() -> None:
            with suppress(Exception):
                Transformer.from_crs(definitions(path)["grid"], 4326).transform(50, -2)

        threading.Thread(target=use, daemon=True).start()
        for _ in range(200):
            if opened:
                break
            time.sleep(0.02)
        assert opened


@pytest.mark.parametrize("epsg", [27700, 3857, 32630, 2157, 4258])
@pytest.mark.parametrize("make", [shapefile, geopackage])
def test_systems_of_the_register_are_read(tmp_path: Path, make: object, epsg: int) -> None:
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(-2.1, 53.0)], crs=4326).to_crs(epsg)
    if make is shapefile:
        path = shapefile(tmp_path, CRS(epsg).to_wkt("WKT1_ESRI"))
        (tmp_path / "two").mkdir()
        frame.to_file(tmp_path / "two" / "one.shp")
        with zipfile.ZipFile(path, "w") as archive:
            for part in (tmp_path / "two").iterdir():
                archive.write(part, part.name)
    else:
        path = tmp_path / "f.gpkg"
        frame.to_file(path, layer="one", driver="GPKG")
    ground = read_shapes(path, path.name).shapes[0]
    assert ground is not None
    assert ground.distance(Point(-2.1, 53.0)) < 1e-4


@pytest.mark.timeout(120)  # no hostile file holds a reader for minutes
def test_a_quotation_mark_that_never_ends_is_given_up_soon(tmp_path: Path) -> None:
    """Each line end once counted all marks before it anew: minutes for a few megabytes."""
    path = tmp_path / "f.csv"
    path.write_bytes(b'a,b\n"' + b"\n" * 30_000_000)
    with pytest.raises(InputError):
        read_text_table(path, "f.csv", {"a", "b"})


# OpenStreetMap PBF -------------------------------------------------------------------------


def varint(number: int) -> bytes:
    """A number as protocol buffers write it."""
    parts = []
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes([*parts, number])


def part(number: int, value: bytes | int) -> bytes:
    """One field of a message: bytes with their length, or a number."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def block(kind: bytes, body: bytes, **lies: int) -> bytes:
    """A block of a PBF file, with lengths as they are or as somebody says."""
    blob = part(2, lies.get("raw", len(body))) + part(3, zlib.compress(body))
    head = part(1, kind) + part(3, lies.get("size", len(blob)))
    return struct.pack(">I", lies.get("head", len(head))) + head + blob


HEADER = block(b"OSMHeader", part(4, b"OsmSchema-V0.6") + part(4, b"DenseNodes"))


def pubs(folder: Path, count: int) -> bytes:
    """A file of as many pubs, one of which is nowhere."""
    path = folder / "pubs.osm.pbf"
    with osmium.SimpleWriter(str(path)) as out:
        for n in range(1, count):
            at = (-2.18 + n * 1e-6, 53.0)
            out.add_node(mutable.Node(id=n, location=at, tags={"amenity": "pub"}))
        out.add_node(mutable.Node(id=count, tags={"amenity": "pub"}))
    return path.read_bytes()


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    made = Sandbox(Limits(seconds=20))
    yield made
    made.close()


def read_pbf(box: Sandbox, folder: Path, content: bytes) -> RawTable:
    path = folder / "f.osm.pbf"
    path.write_bytes(content)
    table: RawTable = box.run("f.osm.pbf", read_osm_table, path, "f.osm.pbf", ())
    return table


@pytest.mark.timeout(120)  # no hostile file holds a reader for minutes
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0\0\x0e",
        HEADER,
        HEADER * 2000,
        block(b"X" * 60_000, b"x"),
        block(b"OSMHeader", part(4, b"Everything")),
        HEADER + block(b"OSMData", bytes(200 << 20)),
        HEADER + block(b"OSMData", bytes(200 << 20), raw=100),
        HEADER + block(b"OSMData", bytes(31 << 20)),
        HEADER + block(b"OSMData", b"x", raw=(1 << 31) - 1),
        HEADER + block(b"OSMData", b"x", head=0xFFFFFFFF),
        HEADER + block(b"OSMData", b"x", head=0xFFFF),
        HEADER + block(b"OSMData", b"x", size=(1 << 31) - 1),
        HEADER + block(b"OSMData", b"x", size=(1 << 64) - 1),
        HEADER + block(b"OSMData", b"x", size=0),
    ],
)
def test_a_pbf_of_bombs_or_wrong_lengths_is_one_plain_line(
    box: Sandbox, tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(InputError, match=r"not readable|nothing with a tag"):
        read_pbf(box, tmp_path, content)


def test_a_pbf_cut_or_changed_anywhere_breaks_no_reader(box: Sandbox, tmp_path: Path) -> None:
    whole = pubs(tmp_path, 300)
    assert read_pbf(box, tmp_path, whole).rows.height == 300
    chance = random.Random(16)
    for n in range(80):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(whole) if n % 2 else 200)] = chance.randrange(256)
        for file in (bytes(content), whole[: chance.randrange(len(whole))]):
            try:
                read_pbf(box, tmp_path, file)
            except InputError as error:
                assert "broke its reader" not in str(error)  # noqa: PT017 - some can be read


def test_a_pbf_of_the_same_block_over_and_over_is_given_up(tmp_path: Path) -> None:
    """A few bytes that unpack to more than can be read."""
    whole = pubs(tmp_path, 8000)
    small = Sandbox(Limits(seconds=3))
    data = whole[whole.index(b"OSMData") - 6 :]
    assert whole.endswith(data)
    try:
        with pytest.raises(InputError, match=r"seconds|memory"):
            read_pbf(small, tmp_path, whole + data * 3000)
    finally:
        small.close()


@pytest.mark.timeout(120)  # no hostile file holds a reader for minutes
def test_relations_of_relations_that_all_hold_each_other_are_read(tmp_path: Path) -> None:
    count = 300
    members = "".join(f'<member type="relation" ref="{n}"/>' for n in range(count))
    tag = '<tag k="shop" v="mall"/>'
    rows = "".join(f'<relation id="{n}">{members}{tag}</relation>' for n in range(count))
    path = tmp_path / "f.osm"
    path.write_text(f"<osm>{rows}</osm>")
    assert read_osm_table(path, "f.osm", ()).rows.height == count
