"""Make the profile of a month from a frozen snapshot, suppressed and marked for its audience."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Polygon

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.footprint import outline
from hotspot.disclosure.attribution import attribution_of
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.ground import SharedGround
from hotspot.disclosure.profile import Audience, Profile, ProfileAction, ProfilePlace
from hotspot.disclosure.profile_word import Draw, write_profile
from hotspot.disclosure.suppression import is_shown, names_among, suppress
from hotspot.params import Params
from hotspot.services.hotspots.briefings import hours_in_words
from hotspot.services.hotspots.disclosures import named, period_text
from hotspot.services.hotspots.register import names_of
from hotspot.services.hotspots.sharing import ground_for, guarded_hotspots, keep_ground, shareable
from hotspot.services.hotspots.snapshots import verify_briefing
from hotspot.services.reports.profile_parts import (
    Frozen,
    change_of,
    count_for,
    findings_of,
    gone_from,
    method_of,
    open_actions,
    people_of,
    sources_of,
    themes_of,
    year_of,
)
from hotspot.services.workspace.audit_names import hotspot_name, hotspot_place
from hotspot.services.workspace.exports import ExportFile, file_name
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import snapshots
from hotspot.store.unit_of_work import Connection, UnitOfWork, reading


def export_profile(  # noqa: PLR0913 - of what, for whom, why, and how it is drawn
    workspace: Workspace,
    actor: Actor,
    snapshot_id: int,
    audience: Audience,
    *,
    recipients: str,
    reason: str,
    draw_map: Draw,
    draw_hours: Draw,
) -> ExportFile:
    """Make the profile of a snapshot as a Word document for named recipients; log the disclosure.

    What one child's records drive is left out for everyone: it is not to be briefed. Partners get
    no hotspot of fewer than 3 children or that one child dominates, banded counts, and only facts
    and assessments that a second analyst signed.

    Raises
    ------
    NotFoundError
        There is no such snapshot.
    InputError
        No recipient is named, the snapshot cannot be briefed from, or its period is too short to
        be shared with partners.
    """
    recipients = named(recipients)
    permit(workspace, actor, Operation.EXPORT_PROFILE, reason)
    ground = _ground(workspace, snapshot_id) if audience is Audience.PARTNERS else None
    with work_on(workspace, actor, Operation.EXPORT_PROFILE, reason) as work:
        frozen = _read(work, snapshot_id)
        if ground is not None:
            keep_ground(work, frozen.row["sources"], ground)
            frozen = _on_shared_ground(frozen, ground)
        profile, numbers = _profile(workspace, work, frozen, audience, recipients)
        places = {hotspot_place(number) for number in numbers}
        work.log(
            f"profile of snapshot {profile.name}",
            rows=len(profile.places),
            shape={"audience": audience.value, "withheld": profile.withheld.total()},
            places=places,
            recipients=recipients,
        )
    content = write_profile(profile, draw_map, draw_hours)
    name = file_name(workspace, f"profile-{audience.value}", FileForm.WORD)
    return ExportFile(name, FileForm.WORD, content, tuple(sorted(places)), recipients)


def _read(work: UnitOfWork, snapshot_id: int) -> Frozen:
    row = snapshots.read_snapshot(work.connection, snapshot_id)
    briefing = verify_briefing(row)
    table = pd.DataFrame(json.loads(row["result"])["hotspots"])
    every = snapshots.list_lineage(work.connection)
    own = every[every["snapshot_id"] == snapshot_id]
    earlier = every[(every["snapshot_id"] < snapshot_id) & every["key"].notna()]
    if len(table):
        shares = [briefing["hotspots"][key]["largest_child_share"] for key in table["key"]]
        table["largest_child_share"] = pd.array(shares, dtype="Float64")
        shapes = [outline(cells) for cells in table["cells"]]
    else:
        table, shapes = pd.DataFrame(columns=["key", *_COLUMNS]), []
    for name in ("first_on", "last_on"):
        table[name] = pd.to_datetime(table[name]).dt.date
    return Frozen(
        row,
        Params.from_dict(row["params"]),
        gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326"),
        briefing,
        own,
        _told_before(work, earlier),
    )


def _told_before(work: UnitOfWork, earlier: pd.DataFrame) -> pd.DataFrame:
    """Return what was last told of each hotspot, and whether it might be shared then.

    What one child's share was is in the snapshot's briefing; where that is gone, it is not shared.
    """
    last = earlier.drop_duplicates("hotspot_id", keep="last").reset_index(drop=True)
    shares = {}
    for number in last["snapshot_id"].unique():
        kept = snapshots.read_snapshot(work.connection, int(number))["briefing"]
        for key, said in json.loads(kept)["hotspots"].items() if kept else ():
            shares[int(number), key] = said["largest_child_share"]
    places = list(zip(last["snapshot_id"], last["key"], strict=True))
    judged = last[["single_child"]].assign(
        children=last["children"].astype("Float64"),
        largest_child_share=pd.array([shares.get(place) for place in places], dtype="Float64"),
    )
    is_known = np.array([place in shares for place in places], dtype=bool)
    return last.assign(is_shown=is_shown(judged) & is_known).set_index("hotspot_id")


_COLUMNS = (
    "events",
    "children",
    "first_on",
    "last_on",
    "approximate",
    "single_child",
    "largest_child_share",
)


def _ground(workspace: Workspace, snapshot_id: int) -> SharedGround:
    """Return the ground that is shared; refuse a snapshot that may not be."""
    with reading(workspace.engine) as connection:
        row = snapshots.read_snapshot(connection, snapshot_id)
    shareable(workspace, Params.from_dict(row["params"]), row["sources"])
    return ground_for(workspace, row["sources"])


def _on_shared_ground(frozen: Frozen, ground: SharedGround) -> Frozen:
    """Put what is shared of the ground in the place of the outlines, and months for days."""
    outlines = guarded_hotspots(frozen.hotspots, ground).outlines
    table = frozen.hotspots.copy()
    table["first_on"], table["last_on"] = frozen.params.start, frozen.params.end
    return replace(
        frozen, hotspots=table.set_geometry([outlines.get(k, Polygon()) for k in table["key"]])
    )


def _profile(
    workspace: Workspace, work: UnitOfWork, frozen: Frozen, audience: Audience, recipients: str
) -> tuple[Profile, list[int]]:
    """Put the profile together; give it with the numbers of its hotspots."""
    shown, withheld = _shown(frozen.hotspots, audience)
    steps = frozen.lineage.dropna(subset="key").set_index("key")["hotspot_id"]
    numbers = [int(number) for number in shown["key"].map(steps)]
    labels = _labels(work, numbers, audience)
    acting = open_actions(workspace, work)
    places = [
        _place(work.connection, frozen, key, label, audience, acting)
        for key, label in zip(shown["key"], labels, strict=True)
    ]
    settings, row = workspace.settings, frozen.row
    profile = Profile(
        name=row["name"],
        force=settings.name,
        audience=audience,
        recipients=recipients,
        period=period_text(frozen.params),
        made_at=work.now,
        made_by=work.actor.name,
        frozen_at=row["taken_at"],
        frozen_by=row["taken_by"],
        marking=settings.marking,
        handling=settings.handling,
        places=places,
        withheld=withheld,
        gone=gone_from(work.connection, frozen) if audience is Audience.POLICE else [],
        people=people_of(acting, numbers, audience),
        themes=themes_of(frozen, shown, labels, audience),
        sources=sources_of(frozen.briefing["sources"], audience),
        method=method_of(work.connection, frozen, audience),
        basemap=workspace.basemap,
        is_demo=settings.demo,
        attribution="" if settings.demo else attribution_of(row["sources"]),
    )
    return profile, numbers


def _shown(hotspots: gpd.GeoDataFrame, audience: Audience) -> tuple[gpd.GeoDataFrame, Counter[str]]:
    """Leave what this audience may be told, and count the rest by reason."""
    if audience is Audience.PARTNERS:
        _, withheld = suppress(hotspots)
        return hotspots[is_shown(hotspots)], withheld
    driven = hotspots["single_child"].astype(bool)
    withheld = Counter(
        {"driven by one child; raise it with the child's lead professional": int(driven.sum())}
    )
    return hotspots[~driven], +withheld


def _labels(work: UnitOfWork, numbers: list[int], audience: Audience) -> list[str]:
    """Name the hotspots; partners get running numbers, so that no gap tells what is withheld."""
    names = names_of(work.connection)
    if audience is Audience.POLICE:
        return [f"{hotspot_name(n)} {names[n]}".strip() for n in numbers]
    shown = names_among(names[n] for n in numbers)
    return [f"Hotspot {at}: {name}".removesuffix(": ") for at, name in enumerate(shown, 1)]


def _place(
    connection: Connection,
    frozen: Frozen,
    key: str,
    label: str,
    audience: Audience,
    acting: pd.DataFrame,
) -> ProfilePlace:
    row = frozen.hotspots[frozen.hotspots["key"] == key].iloc[0]
    step = frozen.lineage[frozen.lineage["key"] == key].iloc[0]
    is_shared, number = audience is Audience.PARTNERS, int(step["hotspot_id"])
    said = frozen.briefing["hotspots"][key]
    own = acting[(acting["carried_by"] == number) & ~(acting["of_person"] & is_shared)]
    return ProfilePlace(
        label=label,
        shape=row["geometry"],
        change=change_of(frozen, step, is_shared=is_shared),
        events=count_for(row["events"], is_shared=is_shared),
        children=count_for(row["children"], is_shared=is_shared),
        period=f"{row['first_on']:%B %Y} to {row['last_on']:%B %Y}",
        hours=hours_in_words(np.array(said["hours"]), is_shared=is_shared),
        grid=[] if is_shared or not said["timed"] else said["hours"],
        year=year_of(said),
        findings=findings_of(connection, number, audience),
        caveats=said["shared_caveats" if is_shared else "caveats"],
        actions=[
            ProfileAction(a["measure"], a["agency"], a["state"], a["due_on"], a["is_overdue"])
            for a in own.to_dict("records")
        ],
    )
