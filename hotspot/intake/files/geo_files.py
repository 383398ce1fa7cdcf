"""Read files with shapes: by their own readers, and the others by GDAL in the worker."""

from __future__ import annotations

import json
import math
import re
import warnings
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry.base import BaseGeometry

from hotspot.errors import InputError
from hotspot.intake.files.coordinate_systems import (
    MAX_HEAD,
    check_flatgeobuf,
    check_geopackage,
)
from hotspot.intake.files.json_files import LINES
from hotspot.intake.files.json_shapes import read_geojson
from hotspot.intake.files.kml_files import read_kml
from hotspot.intake.files.parquet_shapes import read_geoparquet
from hotspot.intake.files.raw import LATITUDE, LONGITUDE, Choices, RawTable, tidy
from hotspot.intake.files.shapes import MAX_VERTICES, Shapes
from hotspot.intake.files.zipped_shapes import chosen_member, members_of, shapefile_in
from hotspot.schema import WGS84

MAX_AREA_CHANGE = 0.01
_FLATGEOBUF = b"fgb\x03fgb"
_WKT = ("GEOGCS", "GEOGCRS", "PROJCS", "PROJCRS", "COMPD")


def read_shapes(path: Path, name: str, choices: Choices | None = None) -> Shapes:
    """Read a file with shapes: JSON and KML by themselves, the others by GDAL.

    Raises
    ------
    InputError
        It is damaged, hostile, too detailed, or does not say where on earth its numbers are.
    """
    choices = choices or Choices()
    with path.open("rb") as file:
        first = file.read(64)
    if first.startswith(b"SQLite format 3\x00"):
        check_geopackage(path, name)
        return _read_with_gdal(str(path), name, choices, "GPKG")
    if first.startswith(_FLATGEOBUF):
        with path.open("rb") as file:
            check_flatgeobuf(file.read(MAX_HEAD + 12), name)
        return _read_with_gdal(str(path), name, choices, "FlatGeobuf")
    if first.startswith(b"PK\x03\x04"):
        return _read_zipped(path, name, choices)
    if first.startswith(b"PAR1"):
        return _settled(*read_geoparquet(path, name))
    if first.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return _settled(read_kml(path.read_bytes(), name), None)
    return _settled(*read_geojson(path.read_bytes(), name, name.lower().endswith(LINES)))


def read_shape_table(
    path: Path, name: str, known: Collection[str], choices: Choices | None = None
) -> RawTable:
    """Read a file with shapes as a table with a point for each."""
    del known
    features = read_shapes(path, name, choices)
    columns = list(dict.fromkeys(key for row in features.properties for key in row))
    columns = [column for column in columns if column not in (LONGITUDE, LATITUDE)]
    data: dict[str, list[str | None]] = {
        column: [_text(row.get(column)) for row in features.properties] for column in columns
    }
    points = [ground.representative_point() if ground else None for ground in features.shapes]
    whole = sum(ground is not None and ground.geom_type != "Point" for ground in features.shapes)
    if whole:
        features.notes.append(f"{name}: {whole:,} lines or polygons count as a point on them.")
    data[LONGITUDE] = [f"{p.x:.7f}" if p else None for p in points]
    data[LATITUDE] = [f"{p.y:.7f}" if p else None for p in points]
    rows = tidy(pl.DataFrame(data, schema=dict.fromkeys(data, pl.String))).with_columns(
        line=pl.int_range(1, 1 + pl.len(), dtype=pl.UInt32),
        blank=pl.lit(value=False),
        footer=pl.lit(value=False),
        ragged=pl.lit(value=False),
    )
    return RawTable(
        name, tuple(data), rows, 0, features.layers, features.layer, tuple(features.notes)
    )


def mended(ground: BaseGeometry, name: str, feature: int) -> BaseGeometry:
    """Make an invalid polygon valid, provided that its area stays what it was.

    Raises
    ------
    InputError
        Mending would change the area by more than one hundredth.
    """
    if shapely.is_valid(ground):
        return ground
    valid = shapely.make_valid(ground)
    if abs(valid.area - abs(ground.area)) > MAX_AREA_CHANGE * max(valid.area, abs(ground.area)):
        message = (
            f"{name}, feature {feature}: the polygon crosses itself so that mending would change "
            f"its area by more than {MAX_AREA_CHANGE:.0%}. Mend it where it was drawn."
        )
        raise InputError(message)
    return valid


def _settled(features: Shapes, crs: CRS | None) -> Shapes:
    """Turn shapes into degrees, where they are not, and refuse what cannot be."""
    if crs is not None and crs != CRS(WGS84):
        features.notes.append(
            f"{features.name}: coordinates are {crs.name} (EPSG:{crs.to_epsg()})."
        )
        _to_degrees(features, crs)
    _refuse_beyond_degrees(features)
    return features


def _read_zipped(path: Path, name: str, choices: Choices) -> Shapes:
    """Read the shapefile, GeoPackage, FlatGeobuf, GeoJSON or KML in an archive."""
    members = members_of(path, name)
    shaped = {m for m in members if Path(m).suffix.lower() in (".geojson", ".json", ".kml")}
    whole = {m for m in members if Path(m).suffix.lower() in (".gpkg", ".fgb")}
    if any(m.lower().endswith(".shp") for m in members) or not shaped | whole:
        source = shapefile_in(members, path, name, choices)
        return _read_with_gdal(source, name, choices, "ESRI Shapefile")
    member = chosen_member(sorted(shaped | whole), name, choices.sheet)
    if member in whole:
        driver = "GPKG" if member.lower().endswith(".gpkg") else "FlatGeobuf"
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            start = file.read(MAX_HEAD + 12)
        if not start.startswith((b"SQLite format 3\x00", _FLATGEOBUF)):
            message = f"{name}: '{member}' is not {driver}. Export it again."
            raise InputError(message)
        if driver == "FlatGeobuf":
            check_flatgeobuf(start, name)
        else:
            with zipfile.ZipFile(path) as archive:
                check_geopackage(archive.read(member), name)
        return _read_with_gdal(f"/vsizip/{{{path}}}/{member}", name, Choices(), driver)
    with zipfile.ZipFile(path) as archive:
        content = archive.read(member)
    if member.lower().endswith(".kml"):
        return _settled(read_kml(content, name), None)
    return _settled(*read_geojson(content, name, in_lines=False))


def _read_with_gdal(source: str, name: str, choices: Choices, driver: str) -> Shapes:
    """Read with GDAL, of which the worker has left only the drivers that are needed."""
    import pyogrio  # heavy, and only in the worker after its drivers were taken away

    try:
        with warnings.catch_warnings():  # what matters of a file is said in words
            warnings.simplefilter("ignore", RuntimeWarning)
            layers, layer, meta, grounds, columns = _layer_of(source, name, choices, driver)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        RuntimeError,
        UnicodeDecodeError,
    ) as error:
        said = str(error).replace(source, name)[:120]
        message = f"{name} cannot be read ({said}). Export it again."
        raise InputError(message) from error
    features = Shapes(name, tuple(layers), layer)
    if len(layers) > 1 and not choices.sheet:
        features.notes.append(f"{name}: the first of {len(layers)} layers is read ('{layer}').")
    shapes = shapely.from_wkb(grounds, on_invalid="ignore")
    if int(shapely.get_num_coordinates(shapes).sum()) > MAX_VERTICES:
        message = f"{name} has more than {MAX_VERTICES:,} vertices; simplify its outlines."
        raise InputError(message)
    fields = [str(field) for field in meta["fields"]]
    for number, ground in enumerate(shapes):
        features.add({f: column[number] for f, column in zip(fields, columns, strict=True)}, ground)
    crs = _crs_of_layer(str(meta["crs"]), name)
    features.notes.append(f"{name}: coordinates are {crs.name}.")
    _to_degrees(features, crs)
    _refuse_beyond_degrees(features)
    return features


def _layer_of(
    source: str, name: str, choices: Choices, driver: str
) -> tuple[list[str], str, dict[str, Any], Any, Any]:
    """Read one layer: all layers' names, its own, what GDAL says of it, shapes and columns."""
    import pyogrio

    layers = [str(n) for n, kind in pyogrio.list_layers(source) if kind is not None]
    layer = choices.sheet or (layers[0] if layers else "")
    if layer not in layers:
        message = f"{name} has no layer '{layer}' with shapes; it has: {', '.join(layers)}."
        raise InputError(message)
    info = pyogrio.read_info(source, layer=layer)
    if info["driver"] != driver:
        message = f"{name} is {info['driver']}, not {driver}."
        raise InputError(message)
    if info["crs"] is None:
        message = f"{name} does not say which coordinate system it is in; export it with one."
        raise InputError(message)
    meta, _, grounds, columns = pyogrio.raw.read(source, layer=layer)
    return layers, layer, meta, grounds, columns


def _crs_of_layer(text: str, name: str) -> CRS:
    """Take a layer's coordinate system by its EPSG code alone: its own words open no file."""
    code = re.fullmatch(r"EPSG:(\d+)", text)
    try:
        if code:
            return CRS.from_epsg(int(code[1]))
        known = CRS.from_wkt(text).to_epsg(min_confidence=70) if text.startswith(_WKT) else None
        if known is not None:
            return CRS.from_epsg(known)
    except CRSError:
        pass
    message = (
        f"{name} is in a coordinate system without an EPSG code; export it in British National "
        "Grid (EPSG:27700) or WGS84 (EPSG:4326)."
    )
    raise InputError(message)


def _to_degrees(features: Shapes, crs: CRS) -> None:
    try:
        change = Transformer.from_crs(crs, WGS84, always_xy=True)
    except ProjError as error:
        message = (
            f"{features.name}: the coordinate system {crs.name} cannot be turned into degrees."
        )
        raise InputError(message) from error
    features.shapes = [_moved(ground, change) if ground else None for ground in features.shapes]


def _moved(ground: BaseGeometry, change: Transformer) -> BaseGeometry:
    moved: BaseGeometry = shapely.transform(
        ground, lambda xy: np.column_stack(change.transform(*xy.T))
    )
    return moved


def _refuse_beyond_degrees(features: Shapes) -> None:
    """Refuse numbers that are no degrees: a file in metres that does not say so.

    Where more are degrees, shapes that are not, or have infinite or no numbers, count as none.
    """
    beyond = [at for at, ground in enumerate(features.shapes) if ground and _is_beyond(ground)]
    located = sum(ground is not None for ground in features.shapes)
    for at in beyond:
        x, y = shapely.get_coordinates(features.shapes[at])[0]
        if len(beyond) * 2 >= located and abs(x) < float("inf") and abs(y) < float("inf"):
            message = (
                f"{features.name}, feature {at + 1} has coordinates that are no degrees "
                f"({x:.0f}, {y:.0f}). If they are British National Grid, export it with its "
                "coordinate system named, or in WGS84."
            )
            raise InputError(message)
        features.shapes[at] = None
    if beyond:
        shown = ", ".join(str(at + 1) for at in beyond[:5])
        features.notes.append(f"{features.name}: coordinates of features {shown} are no degrees.")


def _is_beyond(ground: BaseGeometry) -> bool:
    xs, ys = abs(shapely.get_coordinates(ground)).T
    return not (bool((xs <= 180).all()) and bool((ys <= 90).all()))


def _text(value: object) -> str | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return f"{value}" if not isinstance(value, dict | list) else json.dumps(value)
