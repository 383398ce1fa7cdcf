"""Read boundaries (wards, LSOAs, districts): named polygons with their codes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import shapely

from hotspot.errors import InputError
from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.files.geo_files import mended, read_shapes
from hotspot.intake.files.sniffing import check_size
from hotspot.intake.rows.balance import Context, Reading, give_reasons, settle
from hotspot.schema import BOUNDARIES

SOURCE = "boundaries"
_CODE = re.compile(r"^(LSOA|MSOA|OA|WD|LAD|PFA|CSP|CTYUA)(\d\d)CD$", re.IGNORECASE)
_NAMED = re.compile(r"(?:NM|NAME)$|^(name|ward_name|district|NAZEV.*)$", re.IGNORECASE)
_CODED = re.compile(r"(?:CD|CODE)$|^(id|code|ward_code)$", re.IGNORECASE)
_AREAL = ("Polygon", "MultiPolygon", "GeometryCollection")


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one file of polygons; the layer is named by the codes, such as LSOA11 or WD24.

    Raises
    ------
    InputError
        It holds no polygons, or one that cannot be mended without changing it.
    """
    del context
    name = name or path.name
    check_size(path, name)
    found = read_shapes(path, name, mapping.choices if mapping else None)
    if not any(ground is not None and ground.geom_type in _AREAL for ground in found.shapes):
        message = f"{name} holds no polygon; is it a file of boundaries?"
        raise InputError(message)
    first = found.properties[0]
    layer = _layer_of(first, Path(name).stem)
    notes = list(found.notes)
    rows: list[dict[str, Any]] = []
    mended_count = 0
    for number, (properties, ground) in enumerate(
        zip(found.properties, found.shapes, strict=True), start=1
    ):
        outline = None
        if ground is not None and ground.geom_type in _AREAL:
            whole = mended(ground, name, number)
            mended_count += whole is not ground
            outline = shapely.to_wkt(whole, rounding_precision=6)
        rows.append(
            {
                "line": number,
                "layer": layer,
                "outline": outline,
                "code": _property(properties, _CODED),
                "name": _property(properties, _NAMED),
            }
        )
    if mended_count:
        notes.append(f"{name}: {mended_count:,} polygons that crossed themselves were mended.")
    schema = {"line": pl.UInt32, **BOUNDARIES}
    table = pl.DataFrame(rows, schema=schema).with_columns(
        blank=pl.lit(value=False),
        footer=pl.lit(value=False),
        ragged=pl.lit(value=False),
        code=pl.coalesce("code", "name"),
        name=pl.coalesce("name", "code"),
    )
    table = give_reasons(
        table,
        [
            ("no_name", "name", pl.col("name").is_null()),
            ("no_location", "", pl.col("outline").is_null()),
            ("duplicate_row", "code", ~pl.col("code").is_first_distinct()),
        ],
    )
    reading = settle(table, BOUNDARIES)
    return Reading(reading.table, reading.rejects, reading.balance, tuple(notes))


def _layer_of(properties: dict[str, Any], otherwise: str) -> str:
    for key in properties:
        found = _CODE.match(key)
        if found:
            return f"{found[1].upper()}{found[2]}"
    return otherwise[:32]


def _property(properties: dict[str, Any], pattern: re.Pattern[str]) -> str | None:
    for key, value in properties.items():
        if pattern.search(key) and value not in (None, ""):
            return str(value).strip()[:200] or None
    return None
