"""Record actions against hotspots, and follow them up."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.run import Run
from hotspot.disruption.actions import RecordAction
from hotspot.services.actions.gates import check_gates
from hotspot.services.actions.lists import visible
from hotspot.services.hotspots.register import carried_by, name_for, names_of, register_of_run
from hotspot.services.workspace.audit_names import (
    hotspot_name,
    hotspot_place,
    places_of_actions,
    premises_place,
)
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.services.workspace.measure_catalogue import measure_of
from hotspot.store import actions
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
    found = run.hotspot(key)
    measure = measure_of(workspace, action.measure_code)
    if not action.declined_why.strip():
        check_gates(workspace, measure, action)
    with work_on(workspace, actor, Operation.RECORD_ACTION) as work:
        known = actions.action_of_command(work.connection, action.command_id)
        if known is None:
            hotspot_id = _registered_as(work, run, key)
            if hotspot_id is None:
                at = (float(found["lng"].iloc[0]), float(found["lat"].iloc[0]))
                name = name_for(workspace, at, set(names_of(work.connection).values()))
                hotspot_id = register_of_run(work, run, key, sources, name)
            action_id = actions.add_action(
                work.connection, action, hotspot_id, measure.version, actor.name, work.now
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
    """Give what happened to an action, the oldest first: `at`, `actor`, `event`, `state`, `note`.

    Raises
    ------
    NotFoundError
        There is no such action that the actor may see.
    """
    with work_on(workspace, actor, Operation.VIEW_ACTIONS) as work:
        mine = visible(workspace, work, action_id)
        found = actions.list_action_events(work.connection, action_id)
        work.log(f"history of action {action_id}", rows=len(found), places=places_of_actions(mine))
    return found


def _registered_as(work: UnitOfWork, run: Run, key: str) -> int | None:
    """Give the number under which a hotspot of a run is registered: the oldest that it carries."""
    numbers = [
        number for number, carried in carried_by(work.connection, run).items() if carried == key
    ]
    return min(numbers, default=None)
