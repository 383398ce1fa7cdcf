"""Ask which types of premises and access points have more events near them than chance."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.run import Run
from hotspot.analysis.surroundings.exposure import link_premises
from hotspot.analysis.surroundings.nearness import (
    Nearness,
    closing_of,
    nearness,
    rising_places,
)
from hotspot.analysis.surroundings.outside import outside_by_area
from hotspot.errors import InputError
from hotspot.schema import TIME_ZONE
from hotspot.services.hotspots.runs import scan
from hotspot.services.workspace.audit_names import places_of_hotspots
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import datasets
from hotspot.store.unit_of_work import reading

KINDS, CLOSING, ACCESS = "kinds", "closing", "access"
ASKED = {
    KINDS: "premises, by kind",
    CLOSING: "premises, by when they close",
    ACCESS: "access points: ranks, stations, parks, hotels and the like",
}
"""What can be asked about, in words."""
_RISING_M, _RISING_DAYS, _LEAST_EVENTS = 250, 91, 3


def nearness_of(
    workspace: Workspace, actor: Actor, run: Run, sources: list[str], asked: str
) -> Nearness:
    """Compare the events near each type with what chance gives (see `nearness.nearness`).

    Raises
    ------
    InputError
        The records are snap points of open data, or nothing of that kind is imported.
    """
    permit(workspace, actor, Operation.JUDGE)
    if run.approximate:
        message = "Street-level open data are snap points: nothing is near or far from them."
        raise InputError(message)
    places = _places(workspace, asked)
    types = closing_of(places["open_until"]) if asked == CLOSING else places["kind"]
    answer = nearness(select_used(scan(workspace, sources), run.params), places, types)
    _log(workspace, actor, run, asked, answer.used)
    return answer


def rising_access_points(
    workspace: Workspace, actor: Actor, run: Run, sources: list[str]
) -> pd.DataFrame:
    """List access points near no hotspot that have more events in the last quarter than before.

    Returns
    -------
    DataFrame
        `name`, `kind`, `before` and `after`: events within 250 m in the 13 weeks up to the end of
        the run's period, and in the 13 before; three or more in the later ones.
    """
    permit(workspace, actor, Operation.JUDGE)
    places, end = _places(workspace, ACCESS), run.params.end
    near = link_premises(run.hotspots, places, _RISING_M)
    away = places[~places["place_ref"].isin(near["place_ref"])].reset_index(drop=True)
    if end is None or run.approximate:
        return away.head(0).assign(before=0, after=0)
    day = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.date()
    middle = end - timedelta(days=_RISING_DAYS)
    first = middle - timedelta(days=_RISING_DAYS)
    split = (
        pl.when(day > middle).then(pl.lit(value=True)).when(day > first).then(pl.lit(value=False))
    )
    used = select_used(scan(workspace, sources), run.params)
    rising = rising_places(used, away, _RISING_M, split)
    rising = rising[rising["after"] >= _LEAST_EVENTS].reset_index(drop=True)
    _log(workspace, actor, run, "rising", len(rising))
    return rising[["name", "kind", "before", "after"]]


def places_outside(
    workspace: Workspace, actor: Actor, run: Run, sources: list[str]
) -> pd.DataFrame:
    """Count what a run's settings would count outside the force, by area (see `outside_by_area`).

    Areas are named by the imported boundaries: by the layer with the fewest, so the largest areas.
    """
    permit(workspace, actor, Operation.JUDGE)
    kept = scan(workspace, sources).filter(pl.col("set_aside") == "out_of_area")
    away = select_used(kept.drop("set_aside", "cell_10"), run.params)
    with reading(workspace.engine) as connection:
        known = datasets.list_boundaries(connection)
    named: dict[str, BaseGeometry] = {}
    for _, layer in sorted(known.groupby("layer"), key=lambda pair: len(pair[1]))[:1]:
        named = dict(zip(layer["name"], shapely.from_wkt(layer["outline"]), strict=True))
    areas = outside_by_area(away, workspace.area.boundary, named)
    _log(workspace, actor, run, "outside", away.height)
    return areas


def _places(workspace: Workspace, asked: str) -> pd.DataFrame:
    with reading(workspace.engine) as connection:
        table = datasets.all_rows(connection, "places" if asked == ACCESS else "premises")
    located = table.dropna(subset=["lng", "lat"]).reset_index(drop=True)
    if located.empty:
        message = f"There are no {ASKED[asked]} yet; import them first."
        raise InputError(message)
    return located


def _log(workspace: Workspace, actor: Actor, run: Run, asked: str, rows: int) -> None:
    with work_on(workspace, actor, Operation.JUDGE) as work:
        work.log(
            "what lies around",
            rows=rows,
            shape={"asked": asked},
            places=places_of_hotspots(run.hotspots),
        )
