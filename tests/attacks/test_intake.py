"""Files that would make their reader open others, or never end."""

from __future__ import annotations

import io
import os
import sqlite3
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import geopandas as gpd
import pytest
from pyproj import CRS
from shapely.geometry import Point

from hotspot import InputError
from hotspot.intake.files.geo_files import read_shapes
from hotspot.intake.files.raw import Choices
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


def test_a_quotation_mark_that_never_ends_is_given_up_soon(tmp_path: Path) -> None:
    """Each line end once counted all marks before it anew: minutes for a few megabytes."""
    path = tmp_path / "f.csv"
    path.write_bytes(b'a,b\n"' + b"\n" * 30_000_000)
    began = time.monotonic()
    with pytest.raises(InputError):
        read_text_table(path, "f.csv", {"a", "b"})
    assert time.monotonic() - began < 10
