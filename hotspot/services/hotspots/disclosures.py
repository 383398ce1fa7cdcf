"""Prepare what leaves the force: suppressed first, logged as a disclosure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import geopandas as gpd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.run import Run
from hotspot.analysis.surroundings.districts import outlines_in
from hotspot.disclosure.attribution import attribution_of
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.shared_map import SharedMap
from hotspot.disclosure.suppression import names_among, suppress
from hotspot.errors import InputError
from hotspot.params import Params
from hotspot.schema import FORCE_SOURCES
from hotspot.services.hotspots.register import name_for
from hotspot.services.hotspots.runs import default_params, holdings, run_on, shape_of
from hotspot.services.hotspots.sharing import Guarded, ground_for, guarded, keep_ground
from hotspot.services.workspace.audit_names import places_of_ground
from hotspot.services.workspace.exports import ExportFile, file_name
from hotspot.services.workspace.folder import Workspace, permit, work_on


@dataclass(frozen=True)
class Made:
    """When, by whom and for whom something was prepared."""

    at: datetime
    by: str
    recipients: str


def share_map(
    workspace: Workspace, actor: Actor, run: Run, sources: list[str], recipients: str, reason: str
) -> SharedMap:
    """Prepare a map for named recipients and log the disclosure.

    Raises
    ------
    InputError
        No recipient is named, no reason is given where the force asks for one (the log must say
        who received what), or the run may not be shared (see `sharing.shareable`).
    """
    recipients = named(recipients)
    permit(workspace, actor, Operation.SHARE_MAP, reason)
    ground = ground_for(workspace, sources)
    shared = guarded(workspace, run, sources, ground)
    with work_on(workspace, actor, Operation.SHARE_MAP, reason) as work:
        keep_ground(work, sources, ground)
        shape = {"shown": len(shared.table), "withheld": shared.withheld.total()}
        work.log(
            "map file",
            rows=len(shared.table),
            shape={**shape, **shape_of(run, sources)},
            places=places_of_ground(shared.table),
            recipients=recipients,
        )
    return _shared(workspace, run, sources, shared, Made(work.now, actor.name, recipients))


def export_map(  # noqa: PLR0913 - the log needs who receives it and why
    workspace: Workspace,
    actor: Actor,
    run: Run,
    sources: list[str],
    *,
    recipients: str,
    reason: str,
    draw: Callable[[SharedMap], bytes],
    form: FileForm = FileForm.PAGE,
) -> ExportFile:
    """Prepare a map for named recipients: `draw` makes it from what may be shared.

    Parameters
    ----------
    draw
        Makes the file's content.
    form
        What it makes: a page or a picture.

    Raises
    ------
    InputError
        No recipient is named, or no reason where the force asks for one.
    """
    shared = share_map(workspace, actor, run, sources, recipients, reason)
    return ExportFile(
        file_name(workspace, "map", form),
        form,
        draw(shared),
        tuple(sorted(places_of_ground(shared.hotspots))),
        named(recipients),
    )


def shared_overview(workspace: Workspace, actor: Actor) -> SharedMap | None:
    """Show a partner the hotspots of the partner's own districts, suppressed.

    The settings are the defaults and cannot be changed: two views that differ by one month or one
    setting would tell by subtraction what is withheld. `None` where there are no records.
    """
    permit(workspace, actor, Operation.VIEW_OVERVIEW)
    held = holdings(workspace)
    if not held.sources:
        with work_on(workspace, actor, Operation.VIEW_OVERVIEW) as work:
            work.log("shared overview", recipients=actor.agency)
        return None
    force = [source for source in held.sources if source in FORCE_SOURCES]
    sources = force or list(held.sources)[:1]
    run = run_on(workspace, sources, default_params(held, sources))
    ground = ground_for(workspace, sources)
    shared = guarded(workspace, run, sources, ground)
    is_own = outlines_in(workspace.area, actor.districts, shared.table.geometry)
    own = run.hotspots[outlines_in(workspace.area, actor.districts, run.hotspots.geometry)]
    table = shared.table[is_own].reset_index(drop=True)
    table["key"] = _names_of(workspace, table)
    shared = replace(shared, table=table, withheld=suppress(own)[1])
    with work_on(workspace, actor, Operation.VIEW_OVERVIEW) as work:
        keep_ground(work, sources, ground)
        work.log(
            "shared overview",
            rows=len(table),
            shape={"districts": sorted(actor.districts), "withheld": shared.withheld.total()},
            places=places_of_ground(table),
            recipients=actor.agency,
        )
    return _shared(workspace, run, sources, shared, Made(work.now, actor.name, actor.agency))


def _names_of(workspace: Workspace, table: gpd.GeoDataFrame) -> list[str]:
    """Name shared places by the nearest town, from what is shared alone, and number them."""
    middles = table.geometry.representative_point()
    at = zip(middles.x, middles.y, strict=True)
    names = names_among(name_for(workspace, point, set()) for point in at)
    return [f"Hotspot {n}: {name}".removesuffix(": ") for n, name in enumerate(names, 1)]


def named(recipients: str) -> str:
    """Return the recipients of a disclosure as the log keeps them.

    Raises
    ------
    InputError
        Nobody is named.
    """
    if not recipients.strip():
        message = "Name who will receive it; the log of disclosures needs it."
        raise InputError(message)
    return recipients.strip()[:500]


def _shared(
    workspace: Workspace,
    run: Run,
    sources: list[str],
    shared: Guarded,
    made: Made,
) -> SharedMap:
    settings = workspace.settings
    return SharedMap(
        hotspots=shared.table,
        withheld=shared.withheld,
        marking=settings.marking,
        handling=settings.handling,
        period=period_text(run.params),
        made_at=made.at,
        made_by=made.by,
        approximate=run.approximate,
        is_demo=settings.demo,
        attribution="" if settings.demo else attribution_of(sources),
        basemap=workspace.basemap,
        recipients=made.recipients,
        sources=_sources_in_words(workspace, sources),
        settings=_settings_in_words(run.params),
    )


def _sources_in_words(workspace: Workspace, sources: list[str]) -> tuple[str, ...]:
    """Say of each source its newest month: the newest day would be that of one child's record."""
    held = holdings(workspace)
    until = {name: max(held.months.get(name, ()), default="") for name in sources}
    until |= {name: f"{day:%Y-%m}" for name, day in held.last_days.items() if name in until}
    return tuple(f"{name} (until {last})" if last else name for name, last in until.items())


def _settings_in_words(params: Params) -> str:
    return (
        f"H3 cells of resolution {params.resolution}, reach {params.rings} rings, weight "
        f"{params.min_weight:g} or more, {params.min_children} children or more"
    )


def period_text(params: Params) -> str:
    """Say what period some settings cover."""
    start, end = params.start, params.end
    if start is None or end is None:
        return "All dates"
    return f"{start.day} {start:%B %Y} to {end.day} {end:%B %Y}"
