"""Read a force's boundary and districts from the files that people have, and keep them as one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from hotspot.errors import InputError
from hotspot.intake.files.geo_files import mended, read_shapes
from hotspot.intake.files.sandbox import SANDBOX
from hotspot.intake.files.shapes import Shapes
from hotspot.intake.files.sniffing import check_size
from hotspot.schema import Area

_AREAL = ("Polygon", "MultiPolygon")
_LIMITS = ("margin_m", "outside_limit")
_NAMED = re.compile(r"^name$|(?:NM|NAME)$", re.IGNORECASE)
_BRITISH_ISLES = shapely.box(-11.0, 49.0, 3.0, 62.0)


def area_of(path: Path, force: str = "", name_property: str = "") -> Area:
    """Read an area from a file of shapes in any coordinate system that has an EPSG code.

    Parameters
    ----------
    path
        Either features with `level` "force" (one) and "district" (any number) and a `name`, or
        boundaries as the ONS and forces publish them.
    force
        Name of the feature that is the force's boundary, where there are several.
    name_property
        The property that holds the names; empty to tell it by its name.

    Raises
    ------
    InputError
        It cannot be read, has no single valid boundary, its axes are swapped, or it must be said
        which property is the name or which feature is the force.
    """
    if not path.is_file():
        message = f"There is no area file {path}; give --area sample or a file."
        raise InputError(message)
    check_size(path, path.name)
    features: Shapes = SANDBOX.run(
        path.name, read_shapes, path, path.name, size=path.stat().st_size
    )
    return area_from(features, force, name_property)


def read_area(path: Path) -> Area:
    """Read a workspace's own area file, as `write_area` wrote it.

    Raises
    ------
    InputError
        It is missing, is not GeoJSON, or does not have exactly one valid force boundary.
    """
    if not path.is_file():
        message = f"There is no area file {path}; restore it from a backup."
        raise InputError(message)
    return area_from(read_shapes(path, path.name))


def write_area(path: Path, area: Area) -> None:
    """Write an area as GeoJSON in WGS84 degrees, each feature with its `level` and `name`."""
    limits = {name: getattr(area, name) for name in _LIMITS}
    parts = [({"level": "force", "name": area.name, **limits}, area.boundary)]
    parts += [({"level": "district", "name": n}, ground) for n, ground in area.districts.items()]
    features = [
        {"type": "Feature", "properties": properties, "geometry": mapping(ground)}
        for properties, ground in parts
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    path.write_text(text, encoding="utf-8")


def area_from(features: Shapes, force: str = "", name_property: str = "") -> Area:
    """Make an area of the features of a file; see `area_of`."""
    levels = [str(properties.get("level") or "") for properties in features.properties]
    column = name_property or _name_property(features)
    named = [str(p.get(column) or "").strip() for p in features.properties]
    if "force" in levels:
        chosen = [at for at, level in enumerate(levels) if level == "force"]
        districts = {
            named[at]: _whole(features, at)
            for at, level in enumerate(levels)
            if level == "district"
        }
    else:
        chosen, districts = _chosen(features, named, force), {}
    if len(chosen) != 1:
        message = f"{features.name} must have exactly one valid polygon of level 'force'."
        raise InputError(message)
    about = features.properties[chosen[0]]
    boundary = _whole(features, chosen[0])
    _refuse_swapped(boundary, features.name)
    return Area(named[chosen[0]] or force, boundary, districts, **_limits_of(about, features.name))


def _limits_of(properties: dict[str, Any], name: str) -> dict[str, float]:
    try:
        return {key: float(properties[key]) for key in _LIMITS if properties.get(key) is not None}
    except (TypeError, ValueError) as error:
        message = f"{name} is no area file ({error}); see docs/area-files.md for the form."
        raise InputError(message) from error


def _name_property(features: Shapes) -> str:
    """Tell which property holds the names, or ask."""
    columns = list(dict.fromkeys(key for properties in features.properties for key in properties))
    likely = [column for column in columns if _NAMED.search(column)]
    if "name" in columns or len(likely) == 1:
        return "name" if "name" in columns else likely[0]
    has = f"it has: {', '.join(columns[:30]) or 'none'}"
    message = (
        f"{features.name} does not say which property is the name ({has}). Say it with "
        "--name-property; docs/area-files.md has the form."
    )
    raise InputError(message)


def _chosen(features: Shapes, named: list[str], force: str) -> list[int]:
    """Choose the boundary: the only one, or the one that is named."""
    wanted = [at for at, name in enumerate(named) if name.casefold() == force.casefold()]
    areal = [
        at for at, ground in enumerate(features.shapes) if ground and ground.geom_type in _AREAL
    ]
    if force and not wanted:
        message = (
            f"{features.name} has no feature called '{force}'; it has: {', '.join(named[:40])}."
        )
        raise InputError(message)
    if not force and len(areal) > 1:
        message = (
            f"{features.name} holds {len(areal)} boundaries ({', '.join(named[:40])}). Say with "
            "--force which of them is the force's."
        )
        raise InputError(message)
    return wanted if force else areal


def _whole(features: Shapes, at: int) -> BaseGeometry:
    """Return a feature's polygon, mended where that does not change it."""
    ground = features.shapes[at]
    if ground is None or ground.geom_type not in _AREAL:
        message = f"{features.name}, feature {at + 1} is no polygon; draw or export it as one."
        raise InputError(message)
    return mended(ground, features.name, at + 1)


def _refuse_swapped(boundary: BaseGeometry, name: str) -> None:
    """Refuse a boundary that lies about the British Isles only with its axes changed round."""
    middle = boundary.centroid
    changed = shapely.Point(middle.y, middle.x)
    if not _BRITISH_ISLES.contains(middle) and _BRITISH_ISLES.contains(changed):
        message = (
            f"{name}: latitude stands before longitude ({middle.x:.2f}, {middle.y:.2f}), so that "
            "the area would lie elsewhere on earth. GeoJSON has longitude first; export it again."
        )
        raise InputError(message)
