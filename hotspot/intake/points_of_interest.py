"""Read points of interest (GeoJSON): taxi ranks, stations, hotels, parks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
from shapely.errors import ShapelyError
from shapely.geometry import shape

from hotspot.errors import InputError
from hotspot.intake.balance import Context, Reading, first_reason, settle
from hotspot.intake.places import outside_area
from hotspot.intake.pseudonyms import record_ids
from hotspot.schema import PLACES

SOURCE = "places"


def read(path: Path, context: Context) -> Reading:
    """Read one GeoJSON file whose features have the properties `name` and `kind`.

    A line or polygon counts as a point on it. Coordinates are WGS84 degrees, as GeoJSON has them.
    """
    rows = pl.DataFrame(
        [_row(number, feature) for number, feature in enumerate(read_features(path), start=1)],
        schema={
            "line": pl.UInt32,
            "name": pl.String,
            "kind": pl.String,
            "lng": pl.Float64,
            "lat": pl.Float64,
        },
    )
    identity = rows.select(
        pl.concat_str(pl.all().exclude("line").cast(pl.String).fill_null(""), separator="\x1f")
    )
    numbers = record_ids(SOURCE, identity.to_series(), b"")
    in_range = pl.col("lng").is_between(-180, 180) & pl.col("lat").is_between(-90, 90)
    rows = rows.with_columns(
        outside_area(rows, context.area),
        place_ref=numbers.map_elements(lambda number: f"{number:016x}", return_dtype=pl.String),
        source=pl.lit(SOURCE),
        rejected=first_reason(
            ("no_name", pl.col("name").is_null()), ("bad_coordinates", ~in_range)
        ),
    )
    rows = rows.with_columns(
        set_aside=first_reason(
            ("duplicate_row", ~pl.col("place_ref").is_first_distinct()),
            ("no_location", pl.col("lng").is_null()),
            ("out_of_area", pl.col("outside")),
        )
    )
    return settle(rows, PLACES)


def read_features(path: Path) -> list[dict[str, Any]]:
    """Read the features of a GeoJSON file with `json` alone, so that nothing in it is followed.

    Raises
    ------
    InputError
        The file is not a GeoJSON feature collection in WGS84.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"{path.name} is not readable as GeoJSON ({error}). Export it again."
        raise InputError(message) from error
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        message = f"{path.name} is not a GeoJSON FeatureCollection."
        raise InputError(message)
    if "crs" in content:
        message = (
            f"{path.name} names a coordinate system; export it in WGS84 (EPSG:4326) without one."
        )
        raise InputError(message)
    return list(content.get("features") or [])


def _row(number: int, feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties") or {}
    row: dict[str, Any] = {"line": number, "lng": None, "lat": None}
    row["name"] = str(properties["name"]).strip() if properties.get("name") else None
    row["kind"] = str(properties.get("kind") or "other")
    if feature.get("geometry"):
        try:
            point = shape(feature["geometry"]).representative_point()
            row["lng"], row["lat"] = (point.x, point.y) if not point.is_empty else (None, None)
        except (ShapelyError, AttributeError, KeyError, TypeError, ValueError):
            row["lng"], row["lat"] = float("nan"), float("nan")
    return row
