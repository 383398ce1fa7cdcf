"""Turn what people hold in notebooks into points that can be counted, or say what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from hotspot.errors import InputError
from hotspot.front.columns import with_usable_columns
from hotspot.schema import WGS84

Points: TypeAlias = pl.DataFrame | pl.LazyFrame | pd.DataFrame | gpd.GeoSeries
NAMES = {
    "lng": ("lng", "lon", "long", "longitude"),
    "lat": ("lat", "latitude"),
    "easting": ("easting", "eastings"),
    "northing": ("northing", "northings"),
}
"""Names of columns of coordinates, in lower case, the first preferred."""
USED = (
    *("occurred_at", "child", "role", "setting", "form", "kind", "risk", "precision", "weight"),
    *("at_origin", "set_aside", "time_precision", "cell_10"),
)
"""Columns that counting may use; all others are nobody's business."""
_SAMPLE = 10_000
_BRITISH_ISLES = ((-11.0, 3.0), (49.0, 62.0))
_NEARLY_ALL = 0.95


def as_points(points: object, crs: object = None) -> pl.DataFrame | pl.LazyFrame:
    """Return points as a polars frame with `lng` and `lat` in WGS84 degrees.

    Parameters
    ----------
    points
        A polars or pandas frame, a LazyFrame, a GeoDataFrame or GeoSeries of points.
    crs
        Coordinate system of the columns of coordinates, such as "EPSG:27700", where it is not
        WGS84. A GeoDataFrame says its own.

    Raises
    ------
    InputError
        Says what cannot be used, what was seen and what to do.
    """
    if isinstance(points, gpd.GeoSeries):
        points = points.to_frame("geometry")
    table: pl.DataFrame | pl.LazyFrame
    if isinstance(points, gpd.GeoDataFrame) and _has_geometry(points):
        table = _from_geometry(points)
    elif isinstance(points, pd.DataFrame):
        table = _placed(_from_pandas(points), crs)
    elif isinstance(points, pl.DataFrame | pl.LazyFrame):
        table = _placed(points, crs)
    else:
        message = (
            f"Points are a {type(points).__name__}; give a polars or pandas frame, or a "
            "GeoDataFrame of points."
        )
        raise InputError(message)
    _refuse_what_is_no_place(table)
    return with_usable_columns(table)


def _has_geometry(points: gpd.GeoDataFrame) -> bool:
    """Tell whether the geometry says where points are: it has a CRS, or there is nothing else."""
    if points.active_geometry_name is None:
        return False
    plain = {str(column).lower() for column in points.columns}
    has_columns = all(plain & set(NAMES[name]) for name in ("lng", "lat"))
    return points.crs is not None or not has_columns


def _from_geometry(points: gpd.GeoDataFrame) -> pl.DataFrame:
    geometry = points.geometry
    kinds = set(geometry.geom_type.dropna()) - {"Point"}
    if kinds:
        message = (
            f"The geometry holds {', '.join(sorted(kinds))}; give points, for example with "
            "representative_point()."
        )
        raise InputError(message)
    if points.crs is None:
        message = (
            "The GeoDataFrame does not say its coordinate system; set it first, for example with "
            "set_crs('EPSG:27700')."
        )
        raise InputError(message)
    table = _from_pandas(pd.DataFrame(points.drop(columns=geometry.name)), with_places=False)
    x = geometry.x.to_numpy(dtype=float, na_value=np.nan)
    y = geometry.y.to_numpy(dtype=float, na_value=np.nan)
    lng, lat = _to_degrees(x, y, points.crs)
    return table.with_columns(pl.Series("lng", lng), pl.Series("lat", lat))


def _from_pandas(points: pd.DataFrame, *, with_places: bool = True) -> pl.DataFrame:
    """Take the columns that are used, each by itself, so that one bad column is named."""
    twice = sorted({str(column) for column in points.columns[points.columns.duplicated()]})
    if twice:
        message = f"The points have the column(s) {', '.join(twice)} twice; drop one."
        raise InputError(message)
    places = {name for names in NAMES.values() for name in names} if with_places else set()
    columns = []
    for column in points.columns:
        name = str(column)
        if name in USED or name.lower() in places:
            columns.append(_series(name, points[column]))
    if not columns:
        return pl.DataFrame({"nothing": pl.Series([None] * len(points), dtype=pl.Null)})
    return pl.DataFrame(columns)


def _series(name: str, values: pd.Series[Any]) -> pl.Series:
    """Take one column; a child may be called by anything, so it is taken as text."""
    if name == "child" and values.dtype == object:
        return pl.Series(name, [None if _is_nothing(v) else str(v) for v in values], pl.String)
    try:
        return pl.Series(name, pl.from_pandas(values.reset_index(drop=True)))
    except Exception as error:  # whatever a foreign column may raise
        kinds = sorted({type(value).__name__ for value in values.head(1000)})
        message = (
            f"Column '{name}' cannot be used ({values.dtype} with {', '.join(kinds)}): make it one "
            "type, such as numbers, text or dates."
        )
        raise InputError(message) from error


def _is_nothing(value: object) -> bool:
    return value is None or value is pd.NA or value != value or str(value).strip() == ""  # noqa: PLR0124 - NaN


def _found(columns: Sequence[str], name: str) -> str | None:
    plain = {column.lower(): column for column in reversed(columns)}
    return next((plain[each] for each in NAMES[name] if each in plain), None)


def _placed(points: pl.DataFrame | pl.LazyFrame, crs: object) -> pl.DataFrame | pl.LazyFrame:
    """Name the columns of coordinates `lng` and `lat`, in WGS84 degrees."""
    columns = points.collect_schema().names()
    lng, lat = _found(columns, "lng"), _found(columns, "lat")
    if lng and lat:
        kept = points.rename({lng: "lng", lat: "lat"} if (lng, lat) != ("lng", "lat") else {})
        return kept if crs is None else _changed(kept, "lng", "lat", crs)
    east, north = _found(columns, "easting"), _found(columns, "northing")
    if not (east and north):
        message = (
            f"The points have no columns of coordinates (they have: {', '.join(columns[:30])}). "
            "Name them 'lng' and 'lat' in WGS84 degrees (lon, longitude and latitude do too), or "
            "'easting' and 'northing' and say crs='EPSG:27700'; or give a GeoDataFrame of points."
        )
        raise InputError(message)
    if crs is None:
        message = (
            f"The points have '{east}' and '{north}', and it is not said in which coordinate "
            "system. Give crs='EPSG:27700' if they are British National Grid."
        )
        raise InputError(message)
    return _changed(points, east, north, crs)


def _changed(
    points: pl.DataFrame | pl.LazyFrame, x: str, y: str, crs: object
) -> pl.DataFrame | pl.LazyFrame:
    table = points.lazy().collect()
    lng, lat = _to_degrees(_numbers(table[x]), _numbers(table[y]), crs)
    return table.with_columns(pl.Series("lng", lng), pl.Series("lat", lat))


def _numbers(column: pl.Series) -> np.ndarray[Any, np.dtype[np.float64]]:
    if not column.dtype.is_numeric() and column.dtype != pl.Null:
        message = f"Column '{column.name}' is {column.dtype}; give coordinates as numbers."
        raise InputError(message)
    return column.cast(pl.Float64).to_numpy()


def _to_degrees(x: Any, y: Any, crs: object) -> tuple[Any, Any]:  # noqa: ANN401 - arrays
    try:
        system = CRS.from_user_input(crs)
        if system == CRS(WGS84):
            return x, y
        lng, lat = Transformer.from_crs(system, WGS84, always_xy=True).transform(x, y)
    except (CRSError, ProjError) as error:
        message = (
            f"'{crs!s:.60}' is no coordinate system that can be read; give one such as EPSG:27700."
        )
        raise InputError(message) from error
    beyond = ~(np.isfinite(lng) & np.isfinite(lat))
    return np.where(beyond, np.nan, lng), np.where(beyond, np.nan, lat)


def _refuse_what_is_no_place(points: pl.DataFrame | pl.LazyFrame) -> None:
    """Refuse metres and swapped axes in columns of degrees, with what was seen."""
    schema = points.collect_schema()
    if not (schema["lng"].is_numeric() and schema["lat"].is_numeric()):
        return  # said by `columns`
    sample = points.select(pl.col("lng", "lat").cast(pl.Float64)).head(_SAMPLE).lazy().collect()
    sample = sample.filter(pl.all_horizontal(pl.all().is_finite())).drop_nulls()
    if sample.is_empty():
        return
    lng, lat = pl.col("lng"), pl.col("lat")
    beyond = sample.filter((lng.abs() > 1000) & (lat.abs() > 1000))
    if beyond.height > 0.5 * sample.height:
        x, y = beyond.row(0)
        message = (
            f"'lng' and 'lat' hold {x:g} and {y:g}: these are metres and no degrees. Name them "
            "'easting' and 'northing' and say crs='EPSG:27700' if they are British National Grid."
        )
        raise InputError(message)
    straight = sample.filter(
        lng.is_between(*_BRITISH_ISLES[0]) & lat.is_between(*_BRITISH_ISLES[1])
    )
    swapped = sample.filter(lat.is_between(*_BRITISH_ISLES[0]) & lng.is_between(*_BRITISH_ISLES[1]))
    if swapped.height > _NEARLY_ALL * sample.height and straight.is_empty():
        x, y = swapped.row(0)
        message = (
            f"'lng' and 'lat' hold {x:g} and {y:g}: they look swapped, for changed round they lie "
            "in the British Isles. Swap the columns."
        )
        raise InputError(message)
