"""Say in words what a frozen snapshot tells an audience of its hotspots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspot.analysis.detection.left_out import sentence_of
from hotspot.disclosure.profile import Audience, DataSource
from hotspot.disclosure.suppression import band
from hotspot.disruption.ladders import CLOSED
from hotspot.params import Params
from hotspot.schema import how_many
from hotspot.services.actions.lists import in_words
from hotspot.services.hotspots.briefings import hours_in_words
from hotspot.services.hotspots.findings import INTELLIGENCE, KINDS, TOLD
from hotspot.services.hotspots.register import names_of
from hotspot.services.hotspots.snapshots import changes_since
from hotspot.services.workspace.audit_names import hotspot_name
from hotspot.services.workspace.folder import Workspace
from hotspot.services.workspace.measure_catalogue import catalogue_of
from hotspot.store import actions as stored_actions
from hotspot.store import findings
from hotspot.store import hotspots as stored_hotspots
from hotspot.store.unit_of_work import Connection, UnitOfWork

_MOVED_M = 50.0


@dataclass(frozen=True)
class Frozen:
    """What a snapshot holds, put together by hotspot.

    Attributes
    ----------
    row
        Its row in the store.
    params
        The settings of its run.
    hotspots
        Its hotspots, with `largest_child_share`.
    briefing
        What it keeps for its briefing.
    lineage
        What became of hotspots in it.
    before
        The last that was told of each hotspot before, by its number; `is_shown` tells whether
        partners may know it.
    """

    row: dict[str, Any]
    params: Params
    hotspots: gpd.GeoDataFrame
    briefing: dict[str, Any]
    lineage: pd.DataFrame
    before: pd.DataFrame


def count_for(number: float | None, *, is_shared: bool) -> str:
    """Write a count as it is, or banded for readers outside the force."""
    if is_shared or pd.isna(number):
        return band(number)
    return f"{int(number):,}"


def change_of(frozen: Frozen, step: pd.Series, *, is_shared: bool) -> str:
    """Say what became of a hotspot since the last snapshot that had it."""
    said = [f"{str(step['event']).capitalize()}"]
    if pd.notna(step["related_id"]) and not is_shared:
        said.append(f"from {hotspot_name(int(step['related_id']))}")
    if step["hotspot_id"] in frozen.before.index:
        before = frozen.before.loc[step["hotspot_id"]]
        if before["is_shown"] or not is_shared:
            said.append(f"({count_for(before['events'], is_shared=is_shared)} records before)")
    text = " ".join(said) + "."
    if pd.notna(step["moved_m"]) and step["moved_m"] >= _MOVED_M:
        text += f" Its middle moved {round(step['moved_m'], -1):.0f} m."
    return text


def year_of(said: dict[str, Any]) -> list[str]:
    """Say how a hotspot goes over months and school holidays."""
    lines = []
    if said["change"] not in ("", "none"):
        lines.append(f"Last three months against the three before: {said['change']}.")
    lines.append(
        f"Over all months: {said['trend']}; a season can look like a trend. More records may only "
        "mean more reporting."
    )
    if said["holidays"] not in ("", "none"):
        lines.append(f"School holidays against term, day for day: {said['holidays']}.")
    return lines


def findings_of(connection: Connection, number: int, audience: Audience) -> list[tuple[str, str]]:
    """Return what is signed; partners get no intelligence, and nobody what children told."""
    left_out = {TOLD} if audience is Audience.POLICE else {TOLD, INTELLIGENCE}
    every = findings.list_findings(connection, number)
    stands = every[every["signed_at"].notna() & ~every["kind"].isin(left_out)]
    return [
        (
            f"Intelligence {one['grade']}" if one["kind"] == INTELLIGENCE else KINDS[one["kind"]],
            one["text"],
        )
        for one in stands.to_dict("records")
    ]


def open_actions(workspace: Workspace, work: UnitOfWork) -> pd.DataFrame:
    """Read the open actions, with the hotspot that carries each, and whether it is at a person."""
    actions = in_words(workspace, work, stored_actions.list_actions(work.connection))
    actions = actions[~actions["state"].isin(list(CLOSED))]
    into = {
        int(row["hotspot_id"]): int(row["merged_into"])
        for row in stored_hotspots.registered_hotspots(work.connection).to_dict("records")
        if pd.notna(row["merged_into"])
    }
    people = {code for code, measure in catalogue_of(workspace).items() if measure.is_of_person}
    carried = [_follow(int(number), into) for number in actions["hotspot_id"]]
    return actions.assign(
        carried_by=carried, of_person=actions["measure_code"].isin(people)
    ).sort_values("due_on")


def _follow(number: int, into: dict[int, int]) -> int:
    """Follow a hotspot that merged to the one that it is part of."""
    seen = {number}
    while number in into and into[number] not in seen:
        number = into[number]
        seen.add(number)
    return number


def people_of(
    acting: pd.DataFrame, numbers: list[int], audience: Audience
) -> list[tuple[str, str]]:
    """Count the open actions at persons by measure, at the hotspots that are shown."""
    own = acting[acting["of_person"] & acting["carried_by"].isin(numbers)]
    counts = own["measure"].value_counts().sort_index()
    is_shared = audience is Audience.PARTNERS
    return [(str(name), count_for(count, is_shared=is_shared)) for name, count in counts.items()]


def gone_from(connection: Connection, frozen: Frozen) -> list[str]:
    """Name the hotspots of the last snapshot that are none now."""
    names = names_of(connection)
    lost = frozen.lineage[frozen.lineage["key"].isna()]
    return [
        f"{hotspot_name(int(step['hotspot_id']))} {names[int(step['hotspot_id'])]} "
        f"({step['event']}{_into(step)})"
        for step in lost.to_dict("records")
        if not frozen.before["single_child"].get(step["hotspot_id"], default=False)
    ]


def _into(step: dict[Any, Any]) -> str:
    return f" into {hotspot_name(int(step['related_id']))}" if pd.notna(step["related_id"]) else ""


def themes_of(
    frozen: Frozen, shown: gpd.GeoDataFrame, labels: list[str], audience: Audience
) -> list[str]:
    """Say what the hotspots that are shown have in common."""
    said = [frozen.briefing["hotspots"][key] for key in shown["key"]]
    lines = []
    if said:
        hours = np.sum([one["hours"] for one in said], axis=0)
        words = hours_in_words(hours, is_shared=audience is Audience.PARTNERS)
        lines.append(f"All together: {words[0].lower()}{words[1:]}")
    for name, word, text in (
        ("change", "more", "More in the last three months than in the three before"),
        ("change", "fewer", "Fewer in the last three months than in the three before"),
        ("trend", "rising", "Rising over all months"),
        ("holidays", "more", "More in school holidays than in term, day for day"),
    ):
        those = [label for label, one in zip(labels, said, strict=True) if one[name] == word]
        if those:
            lines.append(f"{text}: {'; '.join(those)}.")
    return lines


def sources_of(sources: list[dict[str, Any]], audience: Audience) -> list[DataSource]:
    """Tell what a snapshot rests on, and when each source was refreshed."""
    is_shared = audience is Audience.PARTNERS
    return [
        DataSource(
            one["label"],
            f"{one['first']} to {one['last']}" if one["first"] else "no month known",
            count_for(one["records"], is_shared=is_shared),
            date.fromisoformat(one["refreshed_on"]),
        )
        for one in sources
    ]


def method_of(connection: Connection, frozen: Frozen, audience: Audience) -> list[str]:
    """Say how the hotspots were found, and how that can be checked."""
    row, params = frozen.row, frozen.params
    method = (
        f"A hotspot is found by DBSCAN over H3 cells of resolution {params.resolution}: a cell and "
        f"the {how_many(params.rings, 'ring')} around it weigh {params.min_weight:g} or more."
    )
    children = f"It rests on {params.min_children} or more distinct children where these are known."
    again = "An analyst can compute it again from the snapshot (Replay)."
    return [
        sentence_of(params),
        f"{method} {children}",
        f"Hotspot {row['code_version']}; result SHA-256 {row['result_sha256']}. {again}",
        *(changes_since(connection, row["files"]) if audience is Audience.POLICE else ()),
    ]
