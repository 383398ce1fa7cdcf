"""Prepare what leaves the force: suppressed first, logged as a disclosure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.run import Run
from hotspot.disclosure.suppression import suppress
from hotspot.errors import InputError
from hotspot.services.workspace import Workspace, work_on


@dataclass(frozen=True)
class SharedMap:
    """What a map that leaves may hold.

    Attributes
    ----------
    hotspots
        Outlines with banded counts (see `disclosure.suppression.suppress`).
    withheld
        How many hotspots were withheld, by reason.
    marking, handling
        Protective marking and handling line.
    period
        What the run covered, in words.
    made_at, made_by
        When and by whom.
    approximate
        Whether the points were snap points.
    is_demo
        Whether the data are invented.
    basemap
        GeoJSON text of the ground.
    """

    hotspots: gpd.GeoDataFrame
    withheld: Counter[str]
    marking: str
    handling: str
    period: str
    made_at: datetime
    made_by: str
    approximate: bool
    is_demo: bool
    basemap: str


def share_map(workspace: Workspace, actor: Actor, run: Run, recipients: str) -> SharedMap:
    """Prepare a map for named recipients and log the disclosure.

    Raises
    ------
    InputError
        No recipient is named: the log must say who received what.
    """
    if not recipients.strip():
        message = "Name who will receive the map; the log of disclosures needs it."
        raise InputError(message)
    with work_on(workspace, actor, Operation.SHARE_MAP) as work:
        hotspots, withheld = suppress(run.hotspots)
        shape = {"shown": len(hotspots), "withheld": withheld.total(), **run.params.as_dict()}
        work.log("map file", rows=len(hotspots), shape=shape, recipients=recipients.strip()[:500])
    settings = workspace.settings
    return SharedMap(
        hotspots=hotspots,
        withheld=withheld,
        marking=settings.marking,
        handling=settings.handling,
        period=period_text(run),
        made_at=work.now,
        made_by=actor.name,
        approximate=run.approximate,
        is_demo=settings.demo,
        basemap=workspace.basemap,
    )


def period_text(run: Run) -> str:
    """Say what period a run covered."""
    start, end = run.params.start, run.params.end
    if start is None or end is None:
        return "All dates"
    return f"{start.day} {start:%B %Y} to {end.day} {end:%B %Y}"
