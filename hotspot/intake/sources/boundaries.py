"""Read boundaries (wards, LSOAs, districts): named polygons with their codes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from hotspot.errors import InputError
from hotspot.intake.fields.mapping import Mapping, fits, with_name
from hotspot.intake.files.geo_files import mended, read_shapes
from hotspot.intake.files.sniffing import check_size
from hotspot.intake.rows.balance import Context, Question, Reading, give_reasons, settle
from hotspot.schema import BOUNDARIES, how_many

SOURCE = "boundaries"
_CODE = re.compile(r"^(LSOA|MSOA|OA|WD|LAD|PFA|CSP|CTYUA)(\d\d)CD$", re.IGNORECASE)
_NAMED = re.compile(r"(?:NM|NAME)$|^(name|district|NAZEV.*)$", re.IGNORECASE)
_CODED = re.compile(r"(?:CD|CODE)$|^(id|code|ward_code)$", re.IGNORECASE)
_AREAL = ("Polygon", "MultiPolygon", "GeometryCollection")


def read(path: Path, context: Context, mapping: Mapping | None = None, name: str = "") -> Reading:
    """Read one file of polygons; the layer is named by the codes, such as LSOA11 or WD24.

    Raises
    ------
    InputError
        It holds no polygons, or one that cannot be mended without changing it.
    """
    name = name or path.name
    check_size(path, name)
    features = read_shapes(path, name, mapping.choices if mapping else None)
    if not any(ground is not None and ground.geom_type in _AREAL for ground in features.shapes):
        message = f"{name} holds no polygon; is it a file of boundaries?"
        raise InputError(message)
    first = features.properties[0]
    used = mapping if mapping and mapping.columns else _proposed(features.properties, context)
    layer = _layer_of(first, Path(name).stem)
    notes = list(features.notes)
    rows: list[dict[str, Any]] = []
    mended_count = 0
    for number, (properties, ground) in enumerate(
        zip(features.properties, features.shapes, strict=True), start=1
    ):
        outline = None
        if ground is not None and ground.geom_type in _AREAL:
            whole = _mended_or_none(ground, name, number, notes)
            mended_count += whole is not None and whole is not ground
            outline = shapely.to_wkt(whole, rounding_precision=6) if whole else None
        rows.append(
            {
                "line": number,
                "layer": layer,
                "outline": outline,
                "code": _property(properties, used.columns.get("code")),
                "name": _property(properties, used.columns.get("name")),
            }
        )
    if not any(row["outline"] for row in rows):
        raise InputError(notes[-1])
    if mended_count:
        notes.append(f"{name}: {mended_count:,} polygons that crossed themselves were mended.")
    schema = {"line": pl.UInt32, **BOUNDARIES}
    table = pl.DataFrame(rows, schema=schema).with_columns(
        blank=pl.lit(value=False),
        footer=pl.lit(value=False),
        ragged=pl.lit(value=False),
        code=pl.coalesce("code", _numbered("name")),
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
    asked = _asked(name, table)
    return Reading(
        reading.table, reading.rejects, reading.balance, tuple(notes), asked, mapping=used
    )


def _asked(name: str, table: pl.DataFrame) -> tuple[Question, ...]:
    """Ask about areas that would be lost: what lies in one would be counted as nowhere."""
    lost = table.filter(pl.col("reason").is_in(["no_name", "no_location"]))
    if lost.is_empty():
        return ()
    listed = ", ".join(
        f"{line} ({called})" if called else f"{line}"
        for line, called in lost.select("line", "name").head(5).iter_rows()
    )
    text = (
        f"{name}: {how_many(lost.height, 'area')} cannot be used, for want of a name or of an "
        f"outline that holds (features {listed}). What lies in them would belong to no area. Are "
        "they not needed?"
    )
    return (Question("boundaries:lost", text),)


def _proposed(features: list[dict[str, Any]], context: Context) -> Mapping:
    """Take the mapping that was confirmed before, or what the names of properties propose."""
    columns = list(dict.fromkeys(key for properties in features for key in properties))
    kept = next((mapping for mapping in context.kept if fits(mapping, columns)), None)
    if kept is not None:
        return kept
    named = next((column for column in columns if _NAMED.search(column)), None)
    coded = next((column for column in columns if _CODED.search(column)), None)
    fields = {"name": named, "code": coded}
    own = Mapping(source=SOURCE, columns={field: c for field, c in fields.items() if c})
    return with_name(own, columns)


def _mended_or_none(
    ground: BaseGeometry, name: str, number: int, notes: list[str]
) -> BaseGeometry | None:
    """Mend a polygon; one that cannot be mended has no outline, and is noted."""
    try:
        return mended(ground, name, number)
    except InputError as error:
        notes.append(str(error))
        return None


def _numbered(column: str) -> pl.Expr:
    """Tell areas of one name apart, where they have no code and differ in their outline."""
    is_new = pl.struct(column, "outline").is_first_distinct()
    number = is_new.cum_sum().over(column)
    return pl.when(number > 1).then(pl.format("{} ({})", column, number)).otherwise(column)


def _layer_of(properties: dict[str, Any], otherwise: str) -> str:
    for key in properties:
        match = _CODE.match(key)
        if match:
            return f"{match[1].upper()}{match[2]}"
    return otherwise[:32]


def _property(properties: dict[str, Any], column: str | None) -> str | None:
    value = properties.get(column) if column else None
    return str(value).strip()[:200] or None if value is not None else None
