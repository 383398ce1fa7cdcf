"""Judge located rows together: outside the area, swapped, heaped, far from their own postcode."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely
from pyproj import CRS, Transformer

from hotspot.intake.places.lookups import outward_code
from hotspot.schema import WGS84, Area

HEAP_ROWS, HEAP_TEXTS = 20, 10
"""A point with so many rows and so many different descriptions is a default coordinate."""
SPIKE_SHARE, SPIKE_ROWS = 0.2, 50
"""A point with so great a share of a file's rows, and so many, is asked about."""
SWAPPED_SHARE = 0.95
_SAMPLE = 5000
_FAR_DEGREES, _OF_POSTCODE = 0.3, 5


def is_outside(rows: pl.DataFrame, area: Area, lng: str = "lng", lat: str = "lat") -> pl.Series:
    """Tell which located rows lie more than the area's margin outside its boundary."""
    pairs = rows.select(pl.col(lng).alias("x"), pl.col(lat).alias("y"))
    distinct = pairs.unique()
    if distinct.height > rows.height // 2:
        return pl.Series("outside", _outside(pairs["x"], pairs["y"], area))
    distinct = distinct.with_columns(outside=_outside(distinct["x"], distinct["y"], area))
    joined = pairs.join(
        distinct, on=["x", "y"], how="left", maintain_order="left", nulls_equal=True
    )
    return joined["outside"]


def _outside(lng: pl.Series, lat: pl.Series, area: Area) -> npt.NDArray[np.bool_]:
    x, y = lng.to_numpy(), lat.to_numpy()
    with np.errstate(invalid="ignore"):
        located = (np.abs(x) <= 180) & (np.abs(y) <= 90)
    outside: npt.NDArray[np.bool_] = np.zeros(len(lng), dtype=bool)
    inside = np.zeros(len(lng), dtype=bool)
    shapely.prepare(area.boundary)
    inside[located] = shapely.contains_xy(area.boundary, x[located], y[located])
    near = located & ~inside
    if near.any():  # only these need a distance in metres
        middle = area.boundary.centroid
        plane = CRS.from_proj4(
            f"+proj=aeqd +lat_0={middle.y} +lon_0={middle.x} +ellps=WGS84 +units=m"
        )
        change = Transformer.from_crs(WGS84, plane, always_xy=True)
        ground = shapely.transform(
            area.boundary, lambda xy: np.column_stack(change.transform(*xy.T))
        )
        shapely.prepare(ground)
        points = shapely.points(*change.transform(x[near], y[near]))
        outside[near] = ~shapely.dwithin(ground, points, area.margin_m)
    return outside


def would_fit_swapped(rows: pl.DataFrame, area: Area) -> pl.Series:
    """Tell which rows lie outside the area and would lie in it with their axes changed round."""
    swapped = pl.Series("swapped", np.zeros(rows.height, dtype=bool))
    outside = rows["outside"]
    if not outside.any():
        return swapped
    part = rows.filter(outside)
    fits = ~is_outside(part, area, "lat", "lng") & (part["lng"].abs() <= 90)
    would_fit = np.zeros(rows.height, dtype=bool)
    would_fit[outside.to_numpy()] = fits.fill_null(value=False).to_numpy()
    return pl.Series("swapped", would_fit)


def default_coordinates(rows: pl.DataFrame, text: str) -> pl.Series:
    """Tell which rows lie on a point that stands for many different places.

    A true address has one description, or a few spellings of it; a point where the force's system
    puts what it cannot place has many. `text` names the column of descriptions.
    """
    point = ["lng", "lat"]
    located = rows.select(*point, text).filter(pl.col("lng").is_not_null())
    busy = located.group_by(point).agg(rows=pl.len()).filter(pl.col("rows") >= HEAP_ROWS)
    heaps = (
        located.join(busy, on=point, how="semi")
        .group_by(point)
        .agg(texts=pl.col(text).n_unique())
        .filter(pl.col("texts") >= HEAP_TEXTS)
        .select(*point, heap=pl.lit(value=True))
    )
    is_heap = rows.select(point).join(heaps, on=point, how="left", maintain_order="left")["heap"]
    return is_heap.fill_null(value=False)


def spike_of(rows: pl.DataFrame) -> tuple[float, float, int] | None:
    """Find the one point that holds a great share of a file's rows: `(lng, lat, rows)`."""
    located = rows.filter(pl.col("lng").is_not_null() & pl.col("reason").is_null())
    if located.height < SPIKE_ROWS:
        return None
    every = max(1, located.height // _SAMPLE)
    sample = located.gather_every(every).select(pl.struct("lng", "lat").alias("at"))
    common = sample["at"].value_counts(sort=True)["count"][0]
    if every > 1 and common < 0.5 * SPIKE_SHARE * sample.height:
        return None  # a spike would show in a sample of thousands
    top = located.group_by("lng", "lat").agg(rows=pl.len()).sort("rows", descending=True).row(0)
    is_spike = top[2] >= SPIKE_ROWS and top[2] / located.height >= SPIKE_SHARE
    return (float(top[0]), float(top[1]), int(top[2])) if is_spike else None


def far_from_postcode(postcode: str) -> pl.Expr:
    """Build the rule that a row lies 20 km or more from the middle of its postcode area's rows.

    The middle is the median of the rows with the same first half of a postcode, where there are
    five or more of which nine in ten lie near it.
    """
    outward = outward_code(postcode)
    enough = pl.col("lng").count().over(outward) >= _OF_POSTCODE
    away = pl.max_horizontal(
        ((pl.col("lng") - pl.col("lng").median().over(outward)) * 0.6).abs(),
        (pl.col("lat") - pl.col("lat").median().over(outward)).abs(),
    )
    is_far = away > _FAR_DEGREES * 0.6
    return outward.is_not_null() & enough & is_far & (is_far.mean().over(outward) <= 0.1)


def district_of(rows: pl.DataFrame, area: Area) -> pl.Series:
    """Name the district that each located row lies in; null outside all of them."""
    points = rows.select("lng", "lat").unique()
    x, y = points["lng"].to_numpy(), points["lat"].to_numpy()
    numbers = np.full(points.height, -1)
    for number, ground in enumerate(area.districts.values()):
        shapely.prepare(ground)
        numbers[shapely.contains_xy(ground, x, y)] = number
    names = pl.Series(list(area.districts), dtype=pl.String)
    districts = points.with_columns(number=pl.Series(numbers)).join(
        pl.DataFrame(
            {"district": names, "number": range(len(names))}, schema_overrides={"number": pl.Int64}
        ),
        on="number",
        how="left",
    )
    joined = rows.select("lng", "lat").join(
        districts, on=["lng", "lat"], how="left", maintain_order="left", nulls_equal=True
    )
    return joined["district"]
