"""Prepare what leaves the force: suppressed first, logged as a disclosure."""

from __future__ import annotations

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.run import Run
from hotspot.disclosure.attribution import attribution_of
from hotspot.disclosure.shared_map import SharedMap
from hotspot.disclosure.suppression import suppress
from hotspot.errors import InputError
from hotspot.services.workspace import Workspace, work_on

__all__ = ["attribution_of", "period_text", "share_map"]


def share_map(
    workspace: Workspace, actor: Actor, run: Run, sources: list[str], recipients: str
) -> SharedMap:
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
        attribution="" if settings.demo else attribution_of(sources),
        basemap=workspace.basemap,
    )


def period_text(run: Run) -> str:
    """Say what period a run covered."""
    start, end = run.params.start, run.params.end
    if start is None or end is None:
        return "All dates"
    return f"{start.day} {start:%B %Y} to {end.day} {end:%B %Y}"
