"""Read the placemarks of a KML file: names, data and shapes; links are never followed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from hotspot.errors import InputError
from hotspot.intake.files.shapes import Shapes

_SHAPES = ("Point", "LineString", "Polygon")


def read_kml(content: bytes, name: str) -> Shapes:
    """Read a KML file, whose coordinates are always WGS84 degrees, longitude first.

    Raises
    ------
    InputError
        It is no KML, or holds declarations that such a file never has.
    """
    features = Shapes(name)
    try:
        for _, element in iterparse(io.BytesIO(content), events=("end",), forbid_dtd=True):
            if _tag(element) == "Placemark":
                features.add_geojson(_properties(element), _shape_of(element))
                element.clear()
    except (ParseError, DefusedXmlException, ValueError) as error:
        message = f"{name} is not readable as KML ({error}). Export it again."
        raise InputError(message) from error
    if not features.shapes:
        message = f"{name} holds no placemark; is it KML? Export it again."
        raise InputError(message)
    features.note_unreadable()
    return features


def _shape_of(placemark: Element) -> dict[str, Any] | None:
    """Return a placemark's shape; one whose numbers are none has nowhere, and sets itself aside."""
    try:
        parts = [_geometry(part) for part in placemark.iter() if _tag(part) in _SHAPES]
    except ValueError:
        return {"type": "Point", "coordinates": []}
    return _together(parts)


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _properties(placemark: Element) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for part in placemark.iter():
        if _tag(part) == "name" and "name" not in properties:
            properties["name"] = (part.text or "").strip()
        elif _tag(part) == "SimpleData":
            properties[part.get("name", "")] = (part.text or "").strip()
        elif _tag(part) == "Data":
            values = [child.text or "" for child in part if _tag(child) == "value"]
            properties[part.get("name", "")] = "".join(values).strip()
    return {key: value for key, value in properties.items() if key}


def _geometry(part: Element) -> dict[str, Any]:
    rings = [_points(each) for each in _coordinates(part)]
    if _tag(part) == "Polygon":
        return {"type": "Polygon", "coordinates": rings}
    points = rings[0] if rings else []
    if _tag(part) == "Point":
        return {"type": "Point", "coordinates": points[0] if points else []}
    return {"type": "LineString", "coordinates": points}


def _coordinates(part: Element) -> Iterator[str]:
    for each in part.iter():
        if _tag(each) == "coordinates":
            yield each.text or ""


def _points(text: str) -> list[list[float]]:
    return [[float(number) for number in each.split(",")[:2]] for each in text.split()]


def _together(parts: list[dict[str, Any]]) -> dict[str, Any] | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return {"type": "GeometryCollection", "geometries": parts}
