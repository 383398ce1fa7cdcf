"""Read GeoParquet: its geometry column as WKB, its coordinate system by EPSG code alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from hotspot.errors import InputError
from hotspot.intake.files.shapes import MAX_VERTICES, Shapes
from hotspot.schema import WGS84

MAX_ROWS = 2_000_000


def is_geoparquet(path: Path) -> bool:
    """Tell whether a Parquet file says that it holds shapes."""
    import pyarrow as pa  # heavy, and only for Parquet
    import pyarrow.parquet as pq

    try:
        return b"geo" in (pq.read_schema(path).metadata or {})
    except (pa.ArrowException, OSError):
        return False


def read_geoparquet(path: Path, name: str) -> tuple[Shapes, CRS | None]:
    """Read the rows of a GeoParquet file.

    Raises
    ------
    InputError
        It is damaged, or its coordinate system has no EPSG code.
    """
    import pyarrow as pa  # heavy, and only for Parquet
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        geo = json.loads((file.schema_arrow.metadata or {})[b"geo"])
        column = str(geo["primary_column"])
        about = geo["columns"][column]
        _refuse_many(file.metadata.num_rows, name)
        table = file.read()
        grounds = table.column(column).cast(pa.binary()).to_pylist()
        others = [field.name for field in table.schema if not _is_left_out(field, column)]
        rows = table.select(others).to_pylist()
    except InputError:
        raise
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        message = f"{name} cannot be read as GeoParquet ({error!s:.80}). Export it again."
        raise InputError(message) from error
    features = Shapes(name)
    shapes = shapely.from_wkb(grounds, on_invalid="ignore")
    if int(shapely.get_num_coordinates(shapes).sum()) > MAX_VERTICES:
        message = f"{name} has more than {MAX_VERTICES:,} vertices; simplify its outlines."
        raise InputError(message)
    for properties, ground in zip(rows, shapes, strict=True):
        features.add(properties, ground)
    return features, _crs_of(about, name)


def _refuse_many(rows: int, name: str) -> None:
    if rows > MAX_ROWS:
        message = f"{name} has more than {MAX_ROWS:,} rows of shapes; split it."
        raise InputError(message)


def _is_left_out(field: Any, column: str) -> bool:  # noqa: ANN401 - Arrow has no types
    import pyarrow as pa

    nested = pa.types.is_nested(field.type) or pa.types.is_binary(field.type)
    return bool(field.name == column or nested)


def _crs_of(about: dict[str, Any], name: str) -> CRS:
    """Take the coordinate system by its EPSG code; without one the format means WGS84 degrees."""
    if "crs" not in about:
        return CRS(WGS84)
    own = about["crs"].get("id", {}) if isinstance(about["crs"], dict) else {}
    authority, code = own.get("authority"), own.get("code")
    if authority == "OGC" and str(code).upper().startswith("CRS84"):
        return CRS(WGS84)
    try:
        if authority == "EPSG":
            return CRS.from_epsg(int(str(code)))
    except (CRSError, TypeError, ValueError):
        pass
    message = (
        f"{name} does not say by an EPSG code which coordinate system it is in; export it in "
        "British National Grid (EPSG:27700) or WGS84 (EPSG:4326)."
    )
    raise InputError(message)
