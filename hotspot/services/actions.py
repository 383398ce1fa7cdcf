"""Record actions against hotspots, and follow them up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.lineage import match_registered
from hotspot.analysis.run import Run
from hotspot.disruption.actions import (
    AGENCIES,
    MAX_NOTE,
    ActionState,
    RecordAction,
    is_overdue,
)
from hotspot.disruption.measures import load_catalogue
from hotspot.services.workspace import Workspace, work_on
from hotspot.store import repository
from hotspot.store.unit_of_work import UnitOfWork, reading

__all__ = [
    "AGENCIES",
    "MAX_NOTE",
    "ActionState",
    "RecordAction",
    "Recorded",
    "change_action",
    "hotspot_name",
    "list_actions",
    "load_catalogue",
    "record_action",
    "registered_names",
    "version_of",
]


@dataclass(frozen=True)
class Recorded:
    """What recording an action did."""

    action_id: int
    hotspot_id: int
    is_new: bool


def hotspot_name(hotspot_id: int) -> str:
    """Write a registered hotspot's number as people say it."""
    return f"HS-{hotspot_id:04}"


def record_action(
    workspace: Workspace,
    actor: Actor,
    action: RecordAction,
    run: Run,
    key: str,
    sources: list[str],
) -> Recorded:
    """Record an action against a hotspot of a run, registering the hotspot if it is new.

    A hotspot is known again in a later run by the ground it shares with the registered one. The
    same command recorded twice is one action.

    Raises
    ------
    NotFoundError
        The run has no such hotspot.
    """
    found = run.hotspot(key)
    with work_on(workspace, actor, Operation.RECORD_ACTION) as work:
        known = repository.action_of_command(work.connection, action.command_id)
        if known is None:
            hotspot_id = _registered_as(work, found) or _register(work, found, run, sources)
            action_id = repository.add_action(
                work.connection, action, hotspot_id, actor.name, work.now
            )
        else:
            action_id, hotspot_id = known
        shape = {"measure": action.measure_code, "repeated": known is not None}
        work.log(hotspot_name(hotspot_id), rows=1, shape=shape)
    return Recorded(action_id, hotspot_id, known is None)


def change_action(
    workspace: Workspace, actor: Actor, action_id: int, version: int, state: ActionState, note: str
) -> None:
    """Move an action to another state; what was before stays in its history.

    Raises
    ------
    ConflictError
        Someone else has changed the action since it was read.
    """
    with work_on(workspace, actor, Operation.CHANGE_ACTION) as work:
        event = repository.ActionEvent(work.now, actor.name, "state changed", note.strip())
        repository.change_action_state(work.connection, action_id, version, state, event)
        work.log(f"action {action_id}", rows=1, shape={"state": state.value})


def list_actions(
    workspace: Workspace, actor: Actor, run: Run | None = None, today: date | None = None
) -> pd.DataFrame:
    """List actions, the soonest due first.

    Parameters
    ----------
    run
        With a run, each action also tells the `key` of the hotspot that now carries it (null where
        the run has none on that ground).
    today
        The day that decides what is overdue; the machine's day by default.

    Returns
    -------
    DataFrame
        The columns of the store with `hotspot` (HS-0001), `measure` (name) and `is_overdue`.
    """
    today = today or date.today()  # noqa: DTZ011 - a due date is a day on the users' calendar
    with work_on(workspace, actor, Operation.VIEW_ACTIONS) as work:
        actions = repository.list_actions(work.connection)
        registered = repository.registered_hotspots(work.connection)
        work.log("actions", rows=len(actions))
    names = {code: measure.name for code, measure in load_catalogue().items()}
    actions["hotspot"] = [hotspot_name(number) for number in actions["hotspot_id"]]
    actions["measure"] = actions["measure_code"].map(names).fillna(actions["measure_code"])
    actions["is_overdue"] = [
        is_overdue(state, due, today)
        for state, due in zip(actions["state"], actions["due_on"], strict=True)
    ]
    if run is not None:
        matched = match_registered(run.hotspots, registered).set_index("hotspot_id")["key"]
        actions["key"] = actions["hotspot_id"].map(matched).astype(object)
    return actions


def version_of(workspace: Workspace) -> int:
    """Give a number that changes whenever an action was recorded or changed."""
    with reading(workspace.engine) as connection:
        return repository.last_action_event(connection)


def registered_names(actions: pd.DataFrame) -> dict[str, str]:
    """Map the keys of a run to the registered hotspots on their ground: "HS-0001, HS-0004"."""
    if "key" not in actions or actions.empty:
        return {}
    known = actions.dropna(subset=["key"]).drop_duplicates(["key", "hotspot"])
    return {str(key): ", ".join(group["hotspot"]) for key, group in known.groupby("key")}


def _registered_as(work: UnitOfWork, found: gpd.GeoDataFrame) -> int | None:
    matched = match_registered(found, repository.registered_hotspots(work.connection))
    if matched.empty:
        return None
    best = matched.sort_values(["overlap", "hotspot_id"], ascending=[False, True]).iloc[0]
    return int(best["hotspot_id"])


def _register(work: UnitOfWork, found: gpd.GeoDataFrame, run: Run, sources: list[str]) -> int:
    hotspot = found.iloc[0]
    return repository.add_hotspot(
        work.connection,
        registered_at=work.now,
        registered_by=work.actor.name,
        params=run.params.as_dict(),
        sources=sources,
        cells=list(hotspot["cells"]),
        outline=hotspot["geometry"].wkt,
        approximate=run.approximate,
    )
