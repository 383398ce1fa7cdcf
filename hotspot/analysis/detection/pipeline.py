"""Take points to hotspots, step by step: the page to read first.

points -> tally (cell, child, day) -> weighted cells -> clusters -> outlines and measures
       -> hotspots, and the clusters that are not, each with its reason
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl

from hotspot.analysis.detection.cells import cells_to_strings
from hotspot.analysis.detection.clusters import NOISE, Clustering, cluster_cells
from hotspot.analysis.detection.counts import Tally, add_weights, sum_cells, tally_points
from hotspot.analysis.detection.footprint import area_km2, label_point, outline
from hotspot.analysis.detection.run import Run
from hotspot.analysis.detection.stability import single_child_clusters
from hotspot.errors import InputError
from hotspot.params import Params
from hotspot.people import reference_of
from hotspot.schema import WGS84

Points = pl.DataFrame | pl.LazyFrame | pd.DataFrame


def detect(points: Points, params: Params | None = None, *, approximate: bool = False) -> Run:
    """Find hotspots in points.

    Parameters
    ----------
    points
        A polars or pandas frame (a GeoDataFrame too), or a polars LazyFrame, which is read in
        batches. Columns `lng` and `lat` (WGS84 degrees); optionally `occurred_at`, `child`,
        `role`, `setting`, `form`, `weight` (see `hotspot.analysis.detection.counts.tally_points`).
        References in `child` are compared by `hotspot.people.RULE`; empty ones and words such as
        "Unknown" name nobody.
    params
        Settings; the defaults are those for a force's own records.
    approximate
        Say so where the points are snap points (street-level open data).

    Returns
    -------
    Run
        `run.hotspots`, `run.set_aside` and `run.cells` are GeoDataFrames in WGS84. The result
        does not depend on the order of the points. Without a `child` column the rule on
        distinct children does not apply.

    Raises
    ------
    InputError
        The points lack a column or have one that cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> points = pd.DataFrame({"lng": [-2.18] * 30, "lat": [53.02] * 30})
    >>> detect(points, Params(min_weight=20)).hotspots["events"].tolist()
    [30]
    """
    params = params or Params()
    told = _with_one_form_of_each_child(_as_polars(points))
    return detect_in(tally_points(told, params), params, approximate=approximate)


def detect_in(tally: Tally, params: Params, *, approximate: bool = False) -> Run:
    """Find hotspots in points that were counted already, `counts.COUNTED_BY` being the same."""
    params = _resolve_period(params, tally)
    weighted = add_weights(tally, params)
    cells = sum_cells(weighted, has_child=tally.has_child)
    clustering = cluster_cells(
        cells["cell"].to_numpy(), cells["weight"].to_numpy(), params.rings, params.min_weight
    )
    clusters = _measure(clustering, cells, weighted, tally).assign(approximate=approximate)
    if approximate:
        clusters["days"] = None  # street-level data know the month only
    reasons = _judge(clusters, params, has_child=tally.has_child)
    clusters["single_child"] = False
    if tally.has_child:
        dissolved = single_child_clusters(clustering, weighted, params.min_weight)
        clusters["single_child"] = clusters["label"].isin(dissolved)
    return Run(
        params=params,
        hotspots=_with_keys(clusters[reasons.isna()], "H"),
        set_aside=_with_keys(clusters.assign(reason=reasons)[reasons.notna()], "S"),
        records_in=tally.records_in,
        left_out=tally.left_out,
        approximate=approximate,
        clustering=clustering,
        cell_table=cells,
        weighted=weighted,
    )


def _with_one_form_of_each_child(
    points: pl.DataFrame | pl.LazyFrame,
) -> pl.DataFrame | pl.LazyFrame:
    """Write references to children as an import does: `people.reference_of`."""
    dtype = points.collect_schema().get("child", pl.Null())
    if not (dtype.is_integer() or dtype.is_float() or dtype in (pl.String, pl.Categorical)):
        return points
    return points.with_columns(child=reference_of(pl.col("child")))


def _as_polars(points: object) -> pl.DataFrame | pl.LazyFrame:
    if isinstance(points, pl.DataFrame | pl.LazyFrame):
        return points
    if isinstance(points, pd.DataFrame):
        twice = sorted(set(points.columns[points.columns.duplicated()]))
        if twice:
            message = f"The points have the column(s) {', '.join(map(str, twice))} twice; drop one."
            raise InputError(message)
        plain = points.drop(columns=[c for c in points if points[c].dtype == "geometry"])
        return pl.from_pandas(pd.DataFrame(plain))
    message = f"Points are a {type(points).__name__}; give a polars or pandas frame."
    raise InputError(message)


def _resolve_period(params: Params, tally: Tally) -> Params:
    """Fill an open start or end from the data, so that the run says what it covered."""
    if not tally.has_day or tally.table["day"].null_count() == tally.table.height:
        return params
    first, last = tally.table["day"].min(), tally.table["day"].max()
    return params.replace(start=params.start or first, end=params.end or last)


def _measure(
    clustering: Clustering, cells: pl.DataFrame, weighted: pl.DataFrame, tally: Tally
) -> gpd.GeoDataFrame:
    """Return one row a cluster, in the order of the labels, with its outline and measures."""
    labelled = cells.with_columns(label=pl.Series(clustering.labels)).filter(
        pl.col("label") != NOISE
    )
    members = labelled.group_by("label", maintain_order=True).agg("cell").sort("label")
    measures = _count_clusters(labelled, weighted, tally).sort("label")
    ids = [cells_to_strings(np.asarray(group, dtype=np.uint64)) for group in members["cell"]]
    shapes = [outline(group) for group in ids]
    frame: dict[str, Any] = measures.to_dict(as_series=False)
    frame["cells"] = pd.Series(ids, dtype=object)
    frame["n_cells"] = [len(group) for group in ids]
    frame["area_km2"] = [area_km2(shape) for shape in shapes]
    points = [label_point(shape) for shape in shapes]
    frame["lng"], frame["lat"] = [p[0] for p in points], [p[1] for p in points]
    table = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs=WGS84), crs=WGS84)
    return table.assign(events_per_km2=table["events"] / table["area_km2"])


def _count_clusters(labelled: pl.DataFrame, weighted: pl.DataFrame, tally: Tally) -> pl.DataFrame:
    """Count by cluster: events, distinct children, days, first and last day."""
    inside = weighted.join(labelled.select("cell", "label"), on="cell")
    unknown = pl.lit(None)
    measures = {
        "events": pl.col("events").sum().cast(pl.Int64),
        "weight": pl.col("weight").sum().round(9),
        "children": unknown.cast(pl.Int64),
        "childless_weight": pl.col("weight").sum().round(9),
        "largest_child_share": unknown.cast(pl.Float64),
        "days": unknown.cast(pl.Int64),
        "first_on": unknown.cast(pl.Date),
        "last_on": unknown.cast(pl.Date),
    }
    if tally.has_child:
        known = pl.col("child").is_not_null()
        measures["children"] = pl.col("child").drop_nulls().n_unique().cast(pl.Int64)
        measures["childless_weight"] = pl.col("weight").filter(~known).sum().round(9)
        of_child = pl.col("events").filter(known).sum().over("label", "child")
        inside = inside.with_columns(of_child=pl.when(known).then(of_child).otherwise(0))
        measures["largest_child_share"] = pl.col("of_child").max() / pl.col("events").sum()
    if tally.has_day:
        measures["days"] = pl.col("day").drop_nulls().n_unique().cast(pl.Int64)
        measures["first_on"], measures["last_on"] = pl.col("day").min(), pl.col("day").max()
    return inside.group_by("label").agg(**measures)


def _judge(clusters: gpd.GeoDataFrame, params: Params, *, has_child: bool) -> pd.Series[Any]:
    """Return the reason why each cluster is not a hotspot, or None where it is one."""
    reasons = pd.Series([None] * len(clusters), index=clusters.index, dtype=object)
    if has_child:
        few = clusters["children"] < params.min_children
        carried = clusters["childless_weight"] >= params.min_weight
        reasons[few & ~carried] = "too_few_children"
    return reasons


def _with_keys(clusters: gpd.GeoDataFrame, letter: str) -> gpd.GeoDataFrame:
    """Count the clusters from the strongest and put the key first."""
    ranked = clusters.sort_values("label").reset_index(drop=True)
    digits = max(2, len(str(len(ranked))))
    ranked.insert(0, "key", [f"{letter}-{n:0{digits}}" for n in range(1, len(ranked) + 1)])
    return ranked
