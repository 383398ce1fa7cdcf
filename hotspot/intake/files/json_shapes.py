"""Read shapes from JSON with `json` alone: GeoJSON, one feature, features by line, TopoJSON."""

from __future__ import annotations

import re
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from hotspot.errors import InputError
from hotspot.intake.files.json_files import json_text, parse_json
from hotspot.intake.files.json_pages import refuse_a_page
from hotspot.intake.files.shapes import Shapes
from hotspot.schema import WGS84

_NAMED_CRS = re.compile(
    r"(?i)^(?:urn:(?:x-)?ogc:def:crs:|https?://www\.opengis\.net/(?:def/crs/|gml/srs/))?"
    r"(?:EPSG(?:\.xml#|[:/](?:[^:/]*[:/])?)?(\d+)|(\d{4,5})|(?:OGC[:/](?:[^:/]*[:/])?)?CRS84h?)$"
)
_SPOKEN = {
    "british national grid": 27700,
    "osgb36 / british national grid": 27700,
    "osgb 1936 / british national grid": 27700,
    "osgb_1936_british_national_grid": 27700,
    "wgs84": 4326,
    "wgs 84": 4326,
    "wgs 84 / pseudo-mercator": 3857,
    "web mercator": 3857,
    "irish grid": 29903,
    "irenet95 / irish transverse mercator": 2157,
}
"""Names that programs write in place of a code."""
_MAX_ARCS = 100_000


def read_geojson(content: bytes, name: str, in_lines: bool) -> tuple[Shapes, CRS | None]:
    """Read a FeatureCollection, a Feature, a bare geometry, features by line, or TopoJSON.

    Parameters
    ----------
    in_lines
        Whether each line is a feature of its own.

    Returns
    -------
    tuple
        The features, and the coordinate system that the file names.

    Raises
    ------
    InputError
        It is none of these, or names a coordinate system that is not read.
    """
    text = json_text(content, name)
    shapes = Shapes(name)
    if in_lines:
        lines = [line.strip("\x1e \r") for line in text.split("\n")]
        features = [parse_json(line, name) for line in lines if line]
        crs = None
    else:
        parsed = parse_json(text, name)
        features = _features_of(parsed, name)
        about = parsed if isinstance(parsed, dict) else {}
        if "features" in about:  # the properties of a lone feature are its own
            refuse_a_page(about, len(features), name)
        named = about.get("crs")
        crs = crs_named(named, name) if named is not None else None
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            message = f"{name}, feature {number} is no feature. Export it again."
            raise InputError(message)
        shapes.add_geojson(feature.get("properties"), feature.get("geometry"))
    shapes.note_unreadable()
    return shapes, crs


def _features_of(content: Any, name: str) -> list[Any]:  # noqa: ANN401 - whatever the file holds
    if isinstance(content, list) and all(_is_feature(each) for each in content):
        return content
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "Feature":
        return [content]
    if kind == "Topology":
        return _features_of_topology(content, name)
    if kind in ("Point", "Polygon", "MultiPolygon", "LineString", "MultiPoint", "MultiLineString"):
        return [{"properties": {}, "geometry": content}]
    if kind != "FeatureCollection":
        message = f"{name} is not a GeoJSON FeatureCollection."
        raise InputError(message)
    features = content.get("features")
    if not isinstance(features, list):
        message = f"{name} has no list of features."
        raise InputError(message)
    return features


def _is_feature(each: object) -> bool:
    return isinstance(each, dict) and each.get("type") == "Feature"


def crs_named(member: object, name: str) -> CRS:
    """Read the old `crs` member by its name alone; a link is never followed.

    Raises
    ------
    InputError
        It names no coordinate system by its EPSG code, nor CRS84.
    """
    text = _said_of_crs(member).strip()
    match = _NAMED_CRS.match(text)
    code = _SPOKEN.get(text.lower()) or (match and (match[1] or match[2]))
    if code or match:
        try:
            return CRS.from_epsg(int(code)) if code else CRS(WGS84)
        except CRSError:
            pass
    message = (
        f"{name} names a coordinate system that is not read ({text[:60] or 'a link'}); export it "
        "in WGS84 (EPSG:4326) or British National Grid (EPSG:27700)."
    )
    raise InputError(message)


def _said_of_crs(member: object) -> str:
    """Return what a `crs` member is called, in the forms that programs write; empty for a link."""
    if isinstance(member, str):
        return member
    kind = str(member.get("type", "")) if isinstance(member, dict) else ""
    properties = member.get("properties") if isinstance(member, dict) else None
    if not isinstance(properties, dict) or kind.lower() not in ("name", "epsg"):
        return ""
    return str(properties.get("name" if kind.lower() == "name" else "code", ""))


def _features_of_topology(content: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Turn the objects of a TopoJSON file into features, by its specification."""
    try:
        arcs = _absolute_arcs(content)
        objects = [one for each in content["objects"].values() for one in _flat_objects(each)]
        return [
            {
                "properties": {"id": one.get("id"), **(one.get("properties") or {})},
                "geometry": _geometry_of(one, arcs, content.get("transform")),
            }
            for one in objects
        ]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        message = f"{name} is not readable as TopoJSON ({error!r:.60}). Export it again."
        raise InputError(message) from error


def _flat_objects(one: dict[str, Any]) -> list[dict[str, Any]]:
    return list(one["geometries"]) if one.get("type") == "GeometryCollection" else [one]


def _absolute_arcs(content: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Undo the steps and the scale in which arcs are written."""
    transform, arcs = content.get("transform"), content["arcs"]
    if len(arcs) > _MAX_ARCS:
        message = f"more than {_MAX_ARCS:,} arcs"
        raise ValueError(message)
    absolute = []
    for arc in arcs:
        x = y = 0.0
        points = []
        for dx, dy, *_ in arc:
            x, y = (x + dx, y + dy) if transform else (dx, dy)
            points.append(_scaled((x, y), transform))
        absolute.append(points)
    return absolute


def _scaled(point: tuple[float, float], transform: dict[str, Any] | None) -> tuple[float, float]:
    if not transform:
        return float(point[0]), float(point[1])
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    return point[0] * scale_x + move_x, point[1] * scale_y + move_y


def _geometry_of(
    one: dict[str, Any], arcs: list[list[tuple[float, float]]], transform: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Put the arcs of an object together; an arc below zero runs backwards."""

    def line(numbers: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for number in numbers:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += arc[1:] if points else arc
        return points

    kind = one.get("type")
    if kind in ("Point", "MultiPoint"):
        at = one["coordinates"]
        placed = _scaled(at, transform) if kind == "Point" else [_scaled(p, transform) for p in at]
        return {"type": kind, "coordinates": placed}
    written = one.get("arcs")
    if written is None:
        return None
    if kind == "LineString":
        return {"type": kind, "coordinates": line(written)}
    if kind == "MultiPolygon":
        return {"type": kind, "coordinates": [[line(r) for r in rings] for rings in written]}
    return {"type": kind, "coordinates": [line(each) for each in written]}
