"""Show what a hotspot that split off another has inherited from it."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.run import Run
from hotspot.analysis.time.lineage import LineageEvent
from hotspot.services.actions.lists import list_actions
from hotspot.services.hotspots.register import carried_by
from hotspot.services.workspace.audit_names import hotspot_name
from hotspot.services.workspace.folder import Workspace, permit
from hotspot.store import snapshots
from hotspot.store.unit_of_work import reading


def inherited_actions(workspace: Workspace, actor: Actor, run: Run) -> pd.DataFrame:
    """List the actions that hotspots of a run have from those that they split off.

    It is a reading of the list of actions, and logged as that.

    What was recorded against a hotspot before another came off it belongs to both: the number goes
    on with one, and the other shows it as inherited; so does what was part of another for a while.

    Returns
    -------
    DataFrame
        The columns of `action_lists.list_actions` with `key` of the hotspot that inherited and
        `inherited_from` (HS-0001).
    """
    permit(workspace, actor, Operation.DETECT)
    actions = list_actions(workspace, actor, run)
    with reading(workspace.engine) as connection:
        lineage = snapshots.list_lineage(connection)
        carried = carried_by(connection, run)
    rows = [
        actions[
            (actions["hotspot_id"] == parent)
            & actions["recorded_at"].between(since or _EVER, until, inclusive="right")
        ].assign(key=carried[child], inherited_from=hotspot_name(parent))
        for child, parent, since, until in _parents(lineage) + _hosts(lineage)
        if child in carried and carried.get(parent) != carried[child]
    ]
    inherited = pd.concat(rows) if rows else actions.head(0).assign(inherited_from="")
    return inherited.reset_index(drop=True)


_EVER = datetime.fromtimestamp(0, UTC)
_Spell = tuple[int, int, datetime | None, datetime]
"""A hotspot, what it was part of, since when (None: always) and until when."""


def _hosts(lineage: pd.DataFrame) -> list[_Spell]:
    """List each hotspot with those that it had merged into, while it was part of them."""
    spells: list[_Spell] = []
    merged_at: dict[int, datetime] = {}
    for row in lineage[lineage["related_id"].notna()].to_dict("records"):
        number = int(row["hotspot_id"])
        if row["event"] == LineageEvent.MERGED:
            merged_at[number] = row["taken_at"]
        elif row["event"] == LineageEvent.REVIVED and number in merged_at:
            since = merged_at.pop(number)
            spells.append((number, int(row["related_id"]), since, row["taken_at"]))
    return spells


def _parents(lineage: pd.DataFrame) -> list[_Spell]:
    """List each hotspot with those that it came off, theirs included, and until when they count."""
    came_off: dict[int, tuple[int, datetime]] = {}
    split = lineage[(lineage["event"] == LineageEvent.SPLIT) & lineage["related_id"].notna()]
    for row in split.to_dict("records"):
        came_off.setdefault(int(row["hotspot_id"]), (int(row["related_id"]), row["taken_at"]))
    parents: list[_Spell] = []
    for child in came_off:
        at, seen = child, {child}
        while at in came_off and came_off[at][0] not in seen:
            at, until = came_off[at]
            seen.add(at)
            parents.append((child, at, None, until))
    return parents
