"""Read files with shapes: GeoJSON with `json` alone, the others by GDAL in the worker."""

from __future__ import annotations

import json
import math
import re
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from shapely.errors import GEOSException, ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from hotspot.errors import InputError
from hotspot.intake.files.json_files import parse_json, read_json_text
from hotspot.intake.files.raw import LATITUDE, LONGITUDE, Choices, RawTable, tidy
from hotspot.schema import WGS84

MAX_VERTICES = 500_000
MAX_AREA_CHANGE = 0.01
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NAMED_CRS = re.compile(r"^(?:urn:ogc:def:crs:)?(?:(EPSG):[^:]*:?(\d+)|OGC:[^:]*:?CRS84)$")


class Shapes:
    """The features of a file: properties as text and shapes in WGS84 degrees."""

    def __init__(
        self,
        name: str,
        layers: tuple[str, ...] = (),
        layer: str = "",
        notes: list[str] | None = None,
    ) -> None:
        self.name = name
        self.layers, self.layer = layers, layer
        self.notes = notes or []
        self.properties: list[dict[str, Any]] = []
        self.shapes: list[BaseGeometry | None] = []

    def add(self, properties: dict[str, Any], ground: BaseGeometry | None) -> None:
        """Take one feature; NaN and empty shapes count as none."""
        usable = ground is not None and not ground.is_empty
        self.properties.append(properties)
        self.shapes.append(shapely.force_2d(ground) if usable else None)


def read_shapes(path: Path, name: str, choices: Choices | None = None) -> Shapes:
    """Read a GeoJSON file, a GeoPackage or a zipped shapefile.

    Raises
    ------
    InputError
        It is damaged, hostile, too detailed, or does not say where on earth its numbers are.
    """
    choices = choices or Choices()
    with path.open("rb") as file:
        first = file.read(16)
    if first == b"SQLite format 3\x00":
        return _read_with_gdal(str(path), name, choices, {"GPKG"})
    if first.startswith(b"PK\x03\x04"):
        return _read_with_gdal(
            _shapefile_in(path, name, choices), name, choices, {"ESRI Shapefile"}
        )
    return _read_geojson(path, name)


def read_shape_table(
    path: Path, name: str, known: Collection[str], choices: Choices | None = None
) -> RawTable:
    """Read a file with shapes as a table with a point for each."""
    del known
    found = read_shapes(path, name, choices)
    columns = list(dict.fromkeys(key for row in found.properties for key in row))
    columns = [column for column in columns if column not in (LONGITUDE, LATITUDE)]
    data: dict[str, list[str | None]] = {
        column: [_text(row.get(column)) for row in found.properties] for column in columns
    }
    points = [ground.representative_point() if ground else None for ground in found.shapes]
    whole = sum(ground is not None and ground.geom_type != "Point" for ground in found.shapes)
    if whole:
        found.notes.append(f"{name}: {whole:,} lines or polygons count as a point on them.")
    data[LONGITUDE] = [f"{p.x:.7f}" if p else None for p in points]
    data[LATITUDE] = [f"{p.y:.7f}" if p else None for p in points]
    rows = tidy(pl.DataFrame(data, schema=dict.fromkeys(data, pl.String))).with_columns(
        line=pl.int_range(1, 1 + pl.len(), dtype=pl.UInt32),
        blank=pl.lit(value=False),
        footer=pl.lit(value=False),
        ragged=pl.lit(value=False),
    )
    return RawTable(name, tuple(data), rows, 0, found.layers, found.layer, tuple(found.notes))


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


def _read_geojson(path: Path, name: str) -> Shapes:
    text = read_json_text(path, name)
    content = parse_json(text, name)
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        message = f"{name} is not a GeoJSON FeatureCollection."
        raise InputError(message)
    features = content.get("features")
    if not isinstance(features, list):
        message = f"{name} has no list of features."
        raise InputError(message)
    crs = _crs_named(content["crs"], name) if content.get("crs") is not None else None
    found = Shapes(name)
    vertices = 0
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            message = f"{name}, feature {number} is no feature. Export it again."
            raise InputError(message)
        properties = feature.get("properties")
        ground = _shape_of(feature.get("geometry"), name, number)
        vertices += 0 if ground is None else int(shapely.get_num_coordinates(ground))
        if vertices > MAX_VERTICES:
            message = f"{name} has more than {MAX_VERTICES:,} vertices; simplify its outlines."
            raise InputError(message)
        found.add(dict(properties) if isinstance(properties, dict) else {}, ground)
    if crs is not None and crs != CRS(WGS84):
        found.notes.append(f"{name}: coordinates are {crs.name} (EPSG:{crs.to_epsg()}).")
        _to_degrees(found, crs)
    _refuse_beyond_degrees(found)
    return found


def _shape_of(geometry: dict[str, Any] | None, name: str, number: int) -> BaseGeometry | None:
    if not geometry:
        return None
    try:
        return shape(geometry)
    except (
        ShapelyError,
        GEOSException,
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        IndexError,
        RecursionError,
        OverflowError,
    ) as error:
        message = f"{name}, feature {number} has a geometry that cannot be read ({error!r:.80})."
        raise InputError(message) from error


def _crs_named(member: object, name: str) -> CRS:
    """Read the old `crs` member by its name alone; a link is never followed."""
    properties = member.get("properties") if isinstance(member, dict) else None
    text = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    found = _NAMED_CRS.match(text.strip())
    if isinstance(member, dict) and member.get("type") == "name" and found:
        try:
            return CRS.from_epsg(int(found[2])) if found[2] else CRS(WGS84)
        except CRSError:
            pass
    message = (
        f"{name} names a coordinate system that is not read ({text[:60] or 'a link'}); export it "
        "in WGS84 (EPSG:4326) or British National Grid (EPSG:27700)."
    )
    raise InputError(message)


def _shapefile_in(path: Path, name: str, choices: Choices) -> str:
    """Find the one shapefile in an archive, by its members' names, and give GDAL's path to it."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.namelist() if not m.endswith("/")]
    except zipfile.BadZipFile as error:
        message = f"{name} is damaged: it begins like an archive but cannot be opened."
        raise InputError(message) from error
    if any(".." in member or member.startswith(("/", "\\")) or ":" in member for member in members):
        message = f"{name} holds files with paths that lead out of it; it is not opened."
        raise InputError(message)
    stems = sorted({m[:-4] for m in members if m.lower().endswith(".shp")})
    if not stems:
        message = f"{name} is an archive without a shapefile (.shp) in it."
        raise InputError(message)
    wanted = [stem for stem in stems if stem.rsplit("/", 1)[-1] == choices.sheet] or stems
    if len(wanted) > 1:
        named = ", ".join(stem.rsplit("/", 1)[-1] for stem in stems)
        message = f"{name} holds several layers ({named}); choose one of them as the sheet."
        raise InputError(message)
    present = {m[len(wanted[0]) :].lower() for m in members if m.startswith(wanted[0] + ".")}
    missing = [part for part in _PARTS[:4] if part not in present]
    if missing:
        message = (
            f"{name}: the shapefile '{wanted[0]}' lacks its {', '.join(missing)}; zip all of its "
            "parts together."
        )
        raise InputError(message)
    return f"/vsizip/{{{path}}}/{wanted[0]}.shp"


def _read_with_gdal(source: str, name: str, choices: Choices, drivers: set[str]) -> Shapes:
    """Read with GDAL, of which the worker has left only the drivers that are needed."""
    import pyogrio  # heavy, and only in the worker after its drivers were taken away

    try:
        layers = [str(n) for n, kind in pyogrio.list_layers(source) if kind is not None]
        layer = choices.sheet or (layers[0] if layers else "")
        if layer not in layers:
            message = f"{name} has no layer '{layer}' with shapes; it has: {', '.join(layers)}."
            raise InputError(message)
        info = pyogrio.read_info(source, layer=layer)
        if info["driver"] not in drivers:
            message = f"{name} is {info['driver']}, not {' or '.join(sorted(drivers))}."
            raise InputError(message)
        if info["crs"] is None:
            message = f"{name} does not say which coordinate system it is in; export it with one."
            raise InputError(message)
        meta, _, grounds, columns = pyogrio.raw.read(source, layer=layer)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        RuntimeError,
        UnicodeDecodeError,
    ) as error:
        said = str(error).replace(source, name)[:120]
        message = f"{name} cannot be read ({said}). Export it again."
        raise InputError(message) from error
    found = Shapes(name, tuple(layers), layer)
    if len(layers) > 1 and not choices.sheet:
        found.notes.append(f"{name}: the first of {len(layers)} layers is read ('{layer}').")
    shapes = shapely.from_wkb(grounds, on_invalid="ignore")
    if int(shapely.get_num_coordinates(shapes).sum()) > MAX_VERTICES:
        message = f"{name} has more than {MAX_VERTICES:,} vertices; simplify its outlines."
        raise InputError(message)
    fields = [str(field) for field in meta["fields"]]
    for number, ground in enumerate(shapes):
        found.add({f: column[number] for f, column in zip(fields, columns, strict=True)}, ground)
    crs = CRS(meta["crs"])
    found.notes.append(f"{name}: coordinates are {crs.name}.")
    _to_degrees(found, crs)
    _refuse_beyond_degrees(found)
    return found


def _to_degrees(found: Shapes, crs: CRS) -> None:
    try:
        change = Transformer.from_crs(crs, WGS84, always_xy=True)
    except ProjError as error:
        message = f"{found.name}: the coordinate system {crs.name} cannot be turned into degrees."
        raise InputError(message) from error
    found.shapes = [_moved(ground, change) if ground else None for ground in found.shapes]


def _moved(ground: BaseGeometry, change: Transformer) -> BaseGeometry:
    moved: BaseGeometry = shapely.transform(
        ground, lambda xy: np.column_stack(change.transform(*xy.T))
    )
    return moved


def _refuse_beyond_degrees(found: Shapes) -> None:
    """Refuse numbers that are no degrees: a file in metres that does not say so.

    Shapes with infinite or no numbers count as none.
    """
    for at, ground in enumerate(found.shapes):
        if ground is None:
            continue
        xs, ys = shapely.get_coordinates(ground).T
        if not (abs(xs) < float("inf")).all() or not (abs(ys) < float("inf")).all():
            found.shapes[at] = None
        elif abs(xs).max() > 180 or abs(ys).max() > 90:
            message = (
                f"{found.name}, feature {at + 1} has coordinates that are no degrees "
                f"({xs[0]:.0f}, {ys[0]:.0f}). If they are British National Grid, export it with "
                "its coordinate system named, or in WGS84."
            )
            raise InputError(message)


def _text(value: object) -> str | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return f"{value}" if not isinstance(value, dict | list) else json.dumps(value)
