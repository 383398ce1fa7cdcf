"""Hold the outcome of one run of the detection and explain it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspot.analysis.detection import showing
from hotspot.analysis.detection.cells import cells_to_strings
from hotspot.analysis.detection.footprint import hexagons
from hotspot.analysis.detection.left_out import LEFT_OUT, REMEDIES
from hotspot.errors import NotFoundError
from hotspot.params import Params
from hotspot.schema import WGS84, how_many

if TYPE_CHECKING:
    import polars as pl

    from hotspot.analysis.detection.clusters import Clustering

SET_ASIDE = {"too_few_children": "too few distinct children"}
"""What each reason for setting a cluster aside means."""


@dataclass(frozen=True)
class Run:
    """The outcome of one run.

    Attributes
    ----------
    params
        The settings, with the period as the data gave it.
    hotspots
        Accepted clusters, strongest first (GeoDataFrame, WGS84): `key`, `cells` (H3 ids),
        `n_cells`, `events`, `children` (null where unknown), `days`, `weight`, `area_km2`
        (geodesic on WGS84), `events_per_km2`, `first_on`, `last_on`, `single_child`,
        `largest_child_share`, `childless_weight`, `label` (of the cluster in `cells`), `lng`,
        `lat` (a point inside), `approximate`, `geometry`.
    set_aside
        Clusters that are not hotspots, same columns and `reason`.
    records_in, left_out
        Records offered, and those not counted by reason; the rest went into cells.
    approximate
        Whether the points were snap points of open data.
    weighted
        What was counted: `cell`, `child`, `day` where known, `events` and `weight`. It tells
        children apart and never leaves the server.
    withheld
        Labels of hotspots that were taken out because one child's records drive them.
    """

    params: Params
    hotspots: gpd.GeoDataFrame
    set_aside: gpd.GeoDataFrame
    records_in: int
    left_out: Counter[str]
    approximate: bool
    clustering: Clustering = field(repr=False)
    cell_table: pl.DataFrame = field(repr=False)
    weighted: pl.DataFrame = field(repr=False)
    withheld: frozenset[int] = frozenset()

    @property
    def records_used(self) -> int:
        """Count the records that went into cells."""
        return self.records_in - self.left_out.total()

    def hotspot(self, key: str) -> gpd.GeoDataFrame:
        """Return the one row of `hotspots` with a key.

        Raises
        ------
        NotFoundError
            The run has no such hotspot.
        """
        row = self.hotspots[self.hotspots["key"] == key]
        if row.empty:
            message = f"The run has no hotspot {key}; choose one that is on the map."
            raise NotFoundError(message)
        return row

    @cached_property
    def cells(self) -> gpd.GeoDataFrame:
        """All occupied cells: `cell`, `events`, `children`, `weight`, `neighbourhood_weight`,
        `core`, `label` (of its cluster, -1 for noise), `key` (of its hotspot, or null),
        `geometry` (WGS84).
        """  # noqa: D205 - one list of columns
        frame = self.cell_frame()
        return gpd.GeoDataFrame(frame, geometry=hexagons(frame["cell"].tolist()), crs=WGS84)

    def cell_frame(self) -> pd.DataFrame:
        """Return the columns of `cells` without shapes: a fraction of the work on large runs."""
        keys = dict(zip(self.hotspots["label"], self.hotspots["key"], strict=True))
        table = self.cell_table
        cells = pd.DataFrame(
            {
                "cell": cells_to_strings(self.clustering.cells),
                "events": table["events"].to_numpy(),
                "children": table["children"].to_pandas(),
                "weight": table["weight"].to_numpy(),
                "neighbourhood_weight": self.clustering.neighbourhood_weight,
                "core": self.clustering.core,
                "label": self.clustering.labels,
                "key": pd.Series(self.clustering.labels).map(keys).astype(object),
            }
        )
        return cells[~cells["label"].isin(self.withheld)].reset_index(drop=True)

    def without_single_child(self) -> Run:
        """Return the run without the hotspots that one child's records drive, and count these."""
        driven = self.hotspots["single_child"].astype(bool)
        hotspots = self.hotspots[~driven].reset_index(drop=True)
        labels = frozenset(self.hotspots.loc[driven, "label"].tolist())
        return replace(self, hotspots=hotspots, withheld=labels)

    def explore(self, **options: Any) -> Any:  # noqa: ANN401 - a folium map
        """Draw the hotspots on a folium map, without tiles: a tile tells where one looks.

        `options` are those of `GeoDataFrame.explore`.
        """
        return showing.map_of(self.hotspots, **options)

    def plot(self, ax: Any = None, **options: Any) -> Any:  # noqa: ANN401 - matplotlib's axes
        """Draw cells and outlines with matplotlib, and give the axes."""
        return showing.draw(self.hotspots, self.cells, ax, **options)

    def to_file(self, path: str | Path, crs: object = WGS84, **options: Any) -> None:  # noqa: ANN401
        """Write the hotspots as .geojson, .gpkg, .fgb or .shp in a coordinate system.

        Raises
        ------
        InputError
            The ending or the coordinate system is not known, or the folder cannot be written.
        """
        showing.write_file(self.hotspots, path, crs, **options)

    def to_parquet(self, path: str | Path, crs: object = WGS84) -> None:
        """Write the hotspots as GeoParquet in a coordinate system.

        Raises
        ------
        InputError
            The coordinate system is not known, or the folder cannot be written.
        """
        showing.write_parquet(self.hotspots, path, crs)

    def _repr_html_(self) -> str:
        """Write the run as a notebook shows it."""
        return showing.as_html(self.hotspots, self.explain())

    def outlines(self) -> dict[str, dict[str, float]]:
        """Return the weight of each cell (H3 id as text) of each hotspot, by its key."""
        weights = self.cell_table["weight"].to_numpy()
        outlines = {}
        for key, label in zip(self.hotspots["key"], self.hotspots["label"], strict=True):
            inside = np.flatnonzero(self.clustering.labels == label)
            names = cells_to_strings(self.clustering.cells[inside])
            outlines[str(key)] = dict(zip(names, weights[inside].tolist(), strict=True))
        return outlines

    def outlines_withheld(self) -> dict[str, dict[str, float]]:
        """Return the same of the hotspots that were taken out, by keys that no hotspot has."""
        weights = self.cell_table["weight"].to_numpy()
        outlines = {}
        for label in sorted(self.withheld):
            inside = np.flatnonzero(self.clustering.labels == label)
            names = cells_to_strings(self.clustering.cells[inside])
            outlines[f"withheld {label}"] = dict(zip(names, weights[inside].tolist(), strict=True))
        return outlines

    def explain(self) -> str:
        """Say in plain words what the run found, and when it found nothing, what to try."""
        if not self.hotspots.empty:
            return _summary(self)
        if not self.records_used:
            return f"No record was counted. {_most_left_out(self)}"
        if self.set_aside.empty:
            return f"{_too_light(self)} {_most_left_out(self)}".strip()
        reason, count = Counter(self.set_aside["reason"]).most_common(1)[0]
        return (
            f"{how_many(len(self.set_aside), 'cluster')} found, and none is a hotspot: {count} "
            f"because of {SET_ASIDE[reason]} (fewer than {self.params.min_children}). "
            "Try a longer period or a wider reach before lowering the number of children."
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the run as plain JSON values, as `hotspot detect --json` prints it."""
        return {
            "params": self.params.as_dict(),
            "approximate": self.approximate,
            "records_in": self.records_in,
            "records_used": self.records_used,
            "left_out": dict(sorted(self.left_out.items())),
            "cells": len(self.clustering.cells),
            "hotspots": [_row(row) for row in self.hotspots.to_dict("records")],
            "set_aside": [
                _row(row) | {"reason": row["reason"]} for row in self.set_aside.to_dict("records")
            ],
            "explanation": self.explain(),
        }


_ROW = (
    "key",
    "cells",
    "events",
    "children",
    "days",
    "weight",
    "area_km2",
    "events_per_km2",
    "first_on",
    "last_on",
    "single_child",
    "lng",
    "lat",
    "approximate",
)


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    return {name: _plain(row[name]) for name in _ROW}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any scalar of a frame
    if isinstance(value, list):
        return value
    if pd.isna(value):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value


def _summary(run: Run) -> str:
    parts = [
        f"{how_many(len(run.hotspots), 'hotspot')} from {how_many(run.records_used, 'record')}"
    ]
    if len(run.set_aside):
        parts.append(f"{how_many(len(run.set_aside), 'cluster')} set aside")
    if run.withheld:
        parts.append(f"{how_many(len(run.withheld), 'hotspot')} withheld to protect children")
    if run.left_out.total():
        parts.append(f"{how_many(run.left_out.total(), 'record')} left out")
    return "; ".join(parts) + (" (approximate: snap points)." if run.approximate else ".")


def _most_left_out(run: Run) -> str:
    if not run.left_out:
        return "" if run.records_in else "There were no records."
    reason, count = run.left_out.most_common(1)[0]
    remedy = REMEDIES.get(reason, "see how they were imported")
    return (
        f"Most records were left out for this reason: {LEFT_OUT.get(reason, reason)}, {count:,} of "
        f"{run.records_in:,}. What to try: {remedy}."
    )


def _too_light(run: Run) -> str:
    greatest = float(run.clustering.neighbourhood_weight.max())
    return (
        f"No neighbourhood reaches the minimum weight of {run.params.min_weight:g}: the greatest "
        f"is {greatest:g}. Try a minimum weight of {greatest:g} or less, a wider reach or a "
        "longer period."
    )
