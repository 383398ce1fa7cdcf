"""Record actions against hotspots, and follow them up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation, Scope
from hotspot.analysis.detection.run import Run
from hotspot.disruption.actions import RecordAction
from hotspot.errors import InputError, NotFoundError
from hotspot.services.actions.gates import check_gates
from hotspot.services.actions.lists import notes_for_others, visible
from hotspot.services.hotspots.register import (
    MERGED,
    business_of,
    carried_by,
    name_for,
    names_of,
    register_of_run,
)
from hotspot.services.workspace.audit_names import (
    hotspot_name,
    hotspot_place,
    places_of_actions,
    premises_place,
)
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.services.workspace.measure_catalogue import measure_of
from hotspot.store import actions
from hotspot.store.hotspots import registered_hotspots
from hotspot.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Recorded:
    """What recording an action did."""

    action_id: int
    hotspot_id: int
    is_new: bool


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
    InputError
        There is no such measure; or it is not in force, or one of its gates stands in the way
        (what was decided against is kept whatever the gates say).
    """
    hotspot = run.hotspot(key)

    def registered(work: UnitOfWork) -> int:
        hotspot_id = _registered_as(work, run, key)
        if hotspot_id is not None:
            return hotspot_id
        at = (float(hotspot["lng"].iloc[0]), float(hotspot["lat"].iloc[0]))
        name = name_for(workspace, at, set(names_of(work.connection).values()))
        return register_of_run(work, run, key, sources, name)

    return _record(workspace, actor, action, registered)


def record_action_at(
    workspace: Workspace, actor: Actor, action: RecordAction, hotspot_id: int
) -> Recorded:
    """Record an action against a registered hotspot of any kind, whether or not a run meets it.

    Raises
    ------
    NotFoundError
        There is no such hotspot.
    InputError
        It was merged into another; or see `record_action`.
    """

    def registered(work: UnitOfWork) -> int:
        table = registered_hotspots(work.connection)
        row = table[table["hotspot_id"] == hotspot_id]
        if row.empty:
            message = f"There is no hotspot {hotspot_name(hotspot_id)}."
            raise NotFoundError(message)
        if row["state"].iloc[0] == MERGED:
            into = hotspot_name(int(row["merged_into"].iloc[0]))
            message = f"{hotspot_name(hotspot_id)} is part of {into} now; record it there."
            raise InputError(message)
        return hotspot_id

    return _record(workspace, actor, action, registered)


def record_action_of_premises(workspace: Workspace, actor: Actor, action: RecordAction) -> Recorded:
    """Record an action against premises that no hotspot is around: they are registered as one.

    The same premises are one hotspot of the kind "business", however many actions there are.

    Raises
    ------
    NotFoundError
        No register has the premises.
    InputError
        The action names no premises, or they have no place; or see `record_action`.
    """
    premises = action.premises
    if premises is None:
        message = "Choose the premises that the action is directed at."
        raise InputError(message)

    def registered(work: UnitOfWork) -> int:
        return business_of(workspace, work, premises)

    return _record(workspace, actor, action, registered)


def _record(
    workspace: Workspace,
    actor: Actor,
    action: RecordAction,
    registered: Callable[[UnitOfWork], int],
) -> Recorded:
    """Record an action once against the hotspot that is found or registered for it."""
    measure = measure_of(workspace, action.measure_code)
    if not action.declined_why.strip():
        check_gates(workspace, measure, action)
    with work_on(workspace, actor, Operation.RECORD_ACTION) as work:
        known = actions.action_of_command(work.connection, action.command_id)
        if known is None:
            hotspot_id = registered(work)
            action_id = actions.add_action(
                work.connection, action, hotspot_id, measure.version, actor, work.now
            )
        else:
            action_id, hotspot_id = known
        places = {hotspot_place(hotspot_id)}
        if action.premises is not None:
            places.add(premises_place(*action.premises))
        shape = {"measure": action.measure_code, "repeated": known is not None}
        work.log(hotspot_name(hotspot_id), rows=1, shape=shape, places=places)
    return Recorded(action_id, hotspot_id, known is None)


def history_of(workspace: Workspace, actor: Actor, action_id: int) -> pd.DataFrame:
    """Return what happened to an action, the oldest first: `at`, `actor`, `event`, `state`, `note`.

    Raises
    ------
    NotFoundError
        There is no such action that the actor may see.
    """
    with work_on(workspace, actor, Operation.VIEW_ACTIONS) as work:
        mine = visible(workspace, work, action_id)
        events = actions.list_action_events(work.connection, action_id)
        if work.scope is not Scope.ALL:
            events["note"] = events["note"].map(notes_for_others(work.connection))
        work.log(f"history of action {action_id}", rows=len(events), places=places_of_actions(mine))
    return events


def _registered_as(work: UnitOfWork, run: Run, key: str) -> int | None:
    """Return the number under which a run's hotspot is registered: the oldest that it carries, and
    one that merged only where it has come apart again.
    """  # noqa: D205 - one sentence
    carried = carried_by(work.connection, run)
    table = registered_hotspots(work.connection)
    merged = set(table.loc[table["state"] == MERGED, "hotspot_id"])
    numbers = [(number in merged, number) for number, own in carried.items() if own == key]
    return min(numbers)[1] if numbers else None
