"""Know a file's coordinate system by its EPSG code, and by nothing else.

A definition can name files of this machine (grids, init files), which PROJ opens. So nobody's
definition is used: it is read as text, what it is called decides, and GDAL sees only plain ones.
"""

from __future__ import annotations

import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

from pyproj import CRS
from pyproj.exceptions import CRSError

from hotspot.errors import InputError

MAX_DEFINITION = 20_000
_WKT = re.compile(r"\s*(?:PROJCS|GEOGCS|PROJCRS|GEOGCRS|GEODCRS)\[")
_NAMES_FILES = re.compile(r"EXTENSION|PARAMETERFILE|BOUNDCRS|TOWGS84FILE|\+\w+=", re.IGNORECASE)
_WEB_MERCATOR = re.compile(r',?EXTENSION\["PROJ4","\+proj=merc [^"/\\]*\+nadgrids=@null[^"/\\]*"\]')
"""What GDAL itself adds to EPSG:3857; it names no file."""
MAX_HEAD = 1 << 20


def system_of_code(code: int, name: str) -> CRS:
    """Return the coordinate system of an EPSG code.

    Raises
    ------
    InputError
        There is none, or it has no coordinates on the ground.
    """
    try:
        system = CRS.from_epsg(code)
    except CRSError as error:
        raise _unknown(name, f"EPSG:{code}") from error
    if not (system.is_geographic or system.is_projected):
        raise _unknown(name, f"EPSG:{code}")
    return system


def system_of_definition(text: str, name: str) -> CRS:
    """Return the coordinate system that a definition (WKT) is called by, from the EPSG register.

    Raises
    ------
    InputError
        It is none of that register, or it could make a reader open a file.
    """
    text = _WEB_MERCATOR.sub("", text)
    is_plain = _WKT.match(text) is not None and len(text) <= MAX_DEFINITION
    if not is_plain or _NAMES_FILES.search(text) is not None:
        raise _unknown(name, text)
    try:
        code = CRS.from_wkt(text).to_epsg()
    except CRSError as error:
        raise _unknown(name, text) from error
    if code is None:
        raise _unknown(name, text)
    return system_of_code(code, name)


def system_of_archive(archive: zipfile.ZipFile, member: str, name: str) -> CRS:
    """Return the coordinate system of a shapefile's `.prj`, of which only the beginning is read."""
    with archive.open(member) as file:
        text = file.read(MAX_DEFINITION + 1).decode("utf-8", errors="replace")
    return system_of_definition(text, name)


def check_geopackage(source: Path | bytes, name: str) -> None:
    """Refuse a GeoPackage whose definitions could make GDAL open a file, before GDAL sees it.

    It is a SQLite file; one that never answers meets the worker's deadline.

    Raises
    ------
    InputError
        It is no GeoPackage, or has such a definition.
    """
    address = ":memory:"
    if isinstance(source, Path):
        address = f"{source.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=isinstance(source, Path))) as file:
            if not isinstance(source, Path):
                file.deserialize(source)
            rows = file.execute("SELECT * FROM gpkg_spatial_ref_sys LIMIT 10000").fetchall()
    except sqlite3.Error as error:
        message = f"{name} is no whole GeoPackage ({error}). Export it again."
        raise InputError(message) from error
    for text in (cell for row in rows for cell in row if isinstance(cell, str)):
        _refuse_what_names_files(text, name)


def check_flatgeobuf(start: bytes, name: str) -> None:
    """Refuse a FlatGeobuf whose head, which is not packed, could make GDAL open a file.

    Raises
    ------
    InputError
        It has such a definition, or a head of more than `MAX_HEAD` bytes.
    """
    if int.from_bytes(start[8:12], "little") > MAX_HEAD:
        raise _unknown(name, "its head is too long")
    head = start[: 12 + int.from_bytes(start[8:12], "little")]
    _refuse_what_names_files(head.decode("latin-1"), name)


def _refuse_what_names_files(text: str, name: str) -> None:
    if _NAMES_FILES.search(_WEB_MERCATOR.sub("", text)):
        raise _unknown(name, "a definition names a file")


def _unknown(name: str, said: object) -> InputError:
    plain = re.sub(r"[^\w .:-]", " ", str(said))[:60].strip()
    message = (
        f"{name} is in a coordinate system without an EPSG code ({plain}); export it in British "
        "National Grid (EPSG:27700) or WGS84 (EPSG:4326)."
    )
    return InputError(message)
