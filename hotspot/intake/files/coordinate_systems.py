"""Know a file's coordinate system by its EPSG code, and by nothing else.

A definition can name files of this machine (grids, init files), which PROJ opens. So nobody's
definition is used: it is read as text, and what it is called decides; GDAL never sees it.
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
_SYSTEMS = """
    SELECT s.organization, s.organization_coordsys_id
    FROM gpkg_geometry_columns AS g JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id
    WHERE lower(g.table_name) = lower(?) LIMIT 2
"""


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


def check_definitions(path: Path, name: str) -> None:
    """Refuse a GeoPackage whose definitions could make GDAL open a file, before GDAL sees it.

    Raises
    ------
    InputError
        It is no GeoPackage, or has such a definition.
    """
    for row in _rows(path, name, "SELECT * FROM gpkg_spatial_ref_sys LIMIT 10000"):
        texts = [_WEB_MERCATOR.sub("", cell) for cell in row if isinstance(cell, str)]
        if any(_NAMES_FILES.search(text) for text in texts):
            raise _unknown(name, "a definition names a file")


def system_of_geopackage(path: Path, layer: str, name: str) -> CRS:
    """Return the coordinate system of a GeoPackage's layer.

    Raises
    ------
    InputError
        It is none of the EPSG register.
    """
    systems = _rows(path, name, _SYSTEMS, layer)
    if len(systems) != 1 or str(systems[0][0]).upper() != "EPSG":
        raise _unknown(name, systems[0][0] if systems else "none")
    try:
        code = int(str(systems[0][1]))
    except ValueError as error:
        raise _unknown(name, systems[0][1]) from error
    return system_of_code(code, name)


def _rows(path: Path, name: str, query: str, *values: str) -> list[tuple[object, ...]]:
    """Ask a GeoPackage, which is a SQLite file; what never answers meets the worker's deadline."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as file:
            return file.execute(query, values).fetchall()
    except sqlite3.Error as error:
        message = f"{name} is no whole GeoPackage ({error}). Export it again."
        raise InputError(message) from error


def _unknown(name: str, said: object) -> InputError:
    plain = re.sub(r"[^\w .:-]", " ", str(said))[:60].strip()
    message = (
        f"{name} does not say which coordinate system of the EPSG register it is in ({plain}); "
        "export it in WGS84 (EPSG:4326) or British National Grid (EPSG:27700)."
    )
    return InputError(message)
