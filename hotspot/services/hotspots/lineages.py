"""Follow hotspots through the snapshots, and set two snapshots side by side."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation, is_allowed
from hotspot.analysis.detection.run import Run
from hotspot.analysis.time.lineage import Registered, match_registered
from hotspot.services.hotspots.register import driven_by_one_child, names_of
from hotspot.services.workspace.audit_names import hotspot_name
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import snapshots

NEWS = ("new", "revived", "split", "merged", "grew", "shrank", "dormant", "continued")
"""What can become of a hotspot, what a reader wants to know first at the front."""


def lineage_of(workspace: Workspace, actor: Actor) -> pd.DataFrame:
    """Return what became of every hotspot in every snapshot, the oldest first."""
    with work_on(workspace, actor, Operation.VIEW_SNAPSHOTS) as work:
        table = _shown_to(actor, snapshots.list_lineage(work.connection))
        names = names_of(work.connection)
        work.log("lineage", rows=len(table))
    table["hotspot"] = [hotspot_name(number) for number in table["hotspot_id"]]
    table["name"] = table["hotspot_id"].map(names)
    return table


def last_changes(lineage: pd.DataFrame) -> pd.DataFrame:
    """Say what the newest snapshot found against the one before, what is news first.

    Parameters
    ----------
    lineage
        What became of every hotspot in every snapshot (see `lineage_of`).

    Returns
    -------
    DataFrame
        `hotspot`, `name`, `event`, `events`, `children` and `said`: in words, its records and
        children now and before, what it came from, and why an analyst overruled the match.
    """
    order = list(dict.fromkeys(lineage["snapshot_id"]))
    if not order:
        return pd.DataFrame(columns=["hotspot", "name", "event", "events", "children", "said"])
    now = lineage[lineage["snapshot_id"] == order[-1]]
    before = lineage[lineage["snapshot_id"] == order[-2]] if len(order) > 1 else lineage.head(0)
    was = before.drop_duplicates("hotspot_id").set_index("hotspot_id")
    news: pd.DataFrame = now.assign(
        said=[_said(row, was) for row in now.to_dict("records")],
        rank=now["event"].map({event: n for n, event in enumerate(NEWS)}).fillna(0),
    ).sort_values("rank", kind="stable")
    columns = ["hotspot", "name", "event", "events", "children", "said"]
    return news.reset_index(drop=True)[columns]


def _said(row: dict[Hashable, Any], was: pd.DataFrame) -> str:
    parts = []
    if row["hotspot_id"] in was.index and pd.notna(row["events"]):
        old = was.loc[row["hotspot_id"]]
        changes = [
            words
            for one, many, new, before in (
                ("record", "records", row["events"], old["events"]),
                ("child", "children", row["children"], old["children"]),
            )
            if (words := _now_and_before(one, many, new, before))
        ]
        parts.append(" and ".join(changes) or "as many records and children as before")
    if pd.notna(row["related_id"]):
        parts.append(f"with {hotspot_name(int(row['related_id']))}")
    if row["why"]:
        parts.append(f"an analyst's word: {row['why']}")
    return "; ".join(parts)


def _now_and_before(one: str, many: str, new: float | None, old: float | None) -> str:
    """Write both counts, and no word of change: that takes a test, and the event has it."""
    if new is None or old is None or pd.isna(new) or pd.isna(old) or new == old:
        return ""
    return f"{int(new)} {one if int(new) == 1 else many} ({int(old)} before)"


def compare(workspace: Workspace, actor: Actor, before_id: int, after_id: int) -> pd.DataFrame:
    """Set two snapshots side by side, by the numbers of their hotspots.

    Returns
    -------
    DataFrame
        `hotspot`, `name`, `events_before`, `events_after`, `children_before`, `children_after`
        (null where it was not there), and `what` in words.
    """
    with work_on(workspace, actor, Operation.VIEW_SNAPSHOTS) as work:
        for number in (before_id, after_id):
            snapshots.read_snapshot(work.connection, number)
        steps = _shown_to(actor, snapshots.list_lineage(work.connection))
        names = names_of(work.connection)
        work.log("two snapshots", rows=len(steps), shape={"snapshots": [before_id, after_id]})
    there = steps[steps["key"].notna()]
    parts = [
        there[there["snapshot_id"] == number].set_index("hotspot_id")[["events", "children"]]
        for number in (before_id, after_id)
    ]
    named = [
        part.add_suffix(suffix) for part, suffix in zip(parts, ("_before", "_after"), strict=True)
    ]
    both = pd.concat(named, axis=1).sort_index().astype("Float64")
    was, now = both["events_before"].notna(), both["events_after"].notna()
    both.insert(0, "what", "in both")
    both.loc[~was, "what"] = "only in the later"
    both.loc[~now, "what"] = "only in the earlier"
    both.insert(0, "name", both.index.map(names))
    both.insert(0, "hotspot", [hotspot_name(int(number)) for number in both.index])
    return both.reset_index(drop=True)


def beside(now: Run, before: Run) -> pd.DataFrame:
    """Set the hotspots of two runs side by side, matched as a snapshot matches them.

    Returns
    -------
    DataFrame
        `now`, `events_now`, `before`, `events_before` (empty or null where there is none) and
        `what`: "there before", "only now" or "only before".
    """
    earlier = before.outlines()
    known = [Registered(n, weights) for n, weights in enumerate(earlier.values())]
    keys = list(earlier)
    met: dict[str, list[str]] = {}
    for number, key in match_registered(known, now.outlines()).items():
        met.setdefault(key, []).append(keys[number])
    events = {
        side: dict(zip(run.hotspots["key"], run.hotspots["events"], strict=True))
        for side, run in (("now", now), ("before", before))
    }
    rows: list[tuple[str, int | None, str, int | None, str]] = []
    for key in now.hotspots["key"]:
        old = met.get(key, [])
        was = sum(events["before"][one] for one in old) if old else None
        what = "there before" if old else "only now"
        rows.append((key, events["now"][key], ", ".join(old), was, what))
    gone = [key for key in keys if not any(key in old for old in met.values())]
    rows += [("", None, key, events["before"][key], "only before") for key in gone]
    table = pd.DataFrame(rows, columns=["now", "events_now", "before", "events_before", "what"])
    return table.astype({"events_now": "Int64", "events_before": "Int64"})


def _shown_to(actor: Actor, lineage: pd.DataFrame) -> pd.DataFrame:
    """Leave out for all but analysts what one child's records drove."""
    if is_allowed(actor, Operation.JUDGE):
        return lineage
    driven = driven_by_one_child(lineage)
    return lineage[~lineage["hotspot_id"].isin(driven)].reset_index(drop=True)
