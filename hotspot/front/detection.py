"""Find hotspots in whatever frame of points a notebook holds."""

from __future__ import annotations

from typing import Any

from hotspot.analysis.detection.pipeline import detect as detect_points
from hotspot.analysis.detection.run import Run
from hotspot.errors import InputError
from hotspot.front.points import Points, as_points
from hotspot.params import Params


def detect(
    points: Points,
    params: Params | None = None,
    *,
    crs: object = None,
    approximate: bool = False,
    **settings: Any,  # noqa: ANN401 - the settings of `Params`, each of its own type
) -> Run:
    """Find hotspots in points.

    Parameters
    ----------
    points
        A polars or pandas frame, a polars LazyFrame (read in batches), or a GeoDataFrame or
        GeoSeries of points in any coordinate system. Frames have columns `lng` and `lat` (or lon,
        longitude, latitude) in WGS84 degrees, or `easting` and `northing` with `crs`; optionally
        `occurred_at` (dates, datetimes or text), `child`, `role`, `setting`, `form`, `weight`.
        Other columns are not looked at. References in `child` that are blank name nobody.
    params
        Settings; the defaults are those for a force's own records.
    crs
        Coordinate system of the columns, such as "EPSG:27700"; WGS84 where it is not given.
    approximate
        Say so where the points are snap points (street-level open data).
    **settings
        Settings of `hotspot.Params` by name, such as `resolution=9`, instead of or on top of
        `params`.

    Returns
    -------
    Run
        `run.hotspots`, `run.set_aside` and `run.cells` are GeoDataFrames in WGS84. The result does
        not depend on the order of the points. Without a `child` column the rule on distinct
        children does not apply.

    Raises
    ------
    InputError
        The points or a setting cannot be used; the message says what, where, and what to do.

    Examples
    --------
    >>> import pandas as pd
    >>> points = pd.DataFrame({"longitude": [-2.18] * 30, "latitude": [53.02] * 30})
    >>> detect(points, min_weight=20).hotspots["events"].tolist()
    [30]
    """
    return detect_points(
        as_points(points, crs), params_of(params, settings), approximate=approximate
    )


def params_of(params: object, settings: dict[str, Any]) -> Params:
    """Put settings by name on top of others.

    Raises
    ------
    InputError
        There is no such setting, or it is out of range.
    """
    if params is not None and not isinstance(params, Params):
        message = (
            f"params is a {type(params).__name__}; give hotspot.Params(...) or settings by name."
        )
        raise InputError(message)
    unknown = sorted(set(settings) - set(Params.__dataclass_fields__))
    if unknown:
        message = (
            f"There is no setting {', '.join(unknown)}; these are: "
            f"{', '.join(Params.__dataclass_fields__)}."
        )
        raise InputError(message)
    return (params or Params()).replace(**settings)
