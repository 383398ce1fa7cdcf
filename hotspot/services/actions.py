"""Record actions against hotspots, and follow them up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.run import Run
from hotspot.disruption.actions import (
    AGENCIES,
    MAX_NOTE,
    ActionState,
    RecordAction,
)
from hotspot.disruption.wording import NO_PERSONS, doubts_in
from hotspot.errors import InputError, NotFoundError
from hotspot.services.action_lists import changeable, narrowed
from hotspot.services.gates import check_gates
from hotspot.services.measures import measure_of
from hotspot.services.places_logged import (
    hotspot_name,
    hotspot_place,
    places_of_actions,
    premises_place,
)
from hotspot.services.register import carried_by, name_for, names_of, register_of_run
from hotspot.services.workspace import Workspace, work_on
from hotspot.store import repository
from hotspot.store.unit_of_work import UnitOfWork

__all__ = [
    "AGENCIES",
    "MAX_NOTE",
    "NO_PERSONS",
    "ActionState",
    "Amendment",
    "RecordAction",
    "Recorded",
    "amend_action",
    "change_action",
    "doubts_about",
    "history_of",
    "hotspot_name",
    "record_action",
]


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
        There is no such measure, it is not in force, or one of its gates stands in the way.
    """
    found = run.hotspot(key)
    measure = measure_of(workspace, action.measure_code)
    check_gates(workspace, measure, action)
    with work_on(workspace, actor, Operation.RECORD_ACTION) as work:
        known = repository.action_of_command(work.connection, action.command_id)
        if known is None:
            hotspot_id = _registered_as(work, run, key)
            if hotspot_id is None:
                at = (float(found["lng"].iloc[0]), float(found["lat"].iloc[0]))
                name = name_for(workspace, at, set(names_of(work.connection).values()))
                hotspot_id = register_of_run(work, run, key, sources, name)
            action_id = repository.add_action(
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


def doubts_about(action: RecordAction) -> list[str]:
    """Say what in the free texts of an action may point at a person."""
    texts = (action.note, action.necessity, action.victim_impact, action.reference)
    return list(dict.fromkeys(what for text in texts for what in doubts_in(text)))


def change_action(
    workspace: Workspace, actor: Actor, action_id: int, version: int, state: ActionState, note: str
) -> None:
    """Move an action to another state; what was before stays in its history.

    Raises
    ------
    ConflictError
        Someone else has changed the action since it was read.
    NotAllowedError
        A council's licensing officer may move on only the council's own papers in its districts.
    """
    with work_on(workspace, actor, Operation.CHANGE_ACTION) as work:
        changed = changeable(workspace, work, action_id)
        event = repository.ActionEvent(work.now, actor.name, "state changed", note.strip())
        repository.change_action_state(work.connection, action_id, version, state, event)
        places = places_of_actions(changed)
        work.log(f"action {action_id}", rows=1, shape={"state": state.value}, places=places)


@dataclass(frozen=True)
class Amendment:
    """What is changed about an action: who does it and by when, and why."""

    owner: str
    agency: str
    due_on: date
    why: str


def amend_action(
    workspace: Workspace, actor: Actor, action_id: int, version: int, amendment: Amendment
) -> None:
    """Hand an action over, or give it another day; what was before stays in its history.

    Raises
    ------
    InputError
        Owner, agency or reason is missing.
    ConflictError
        Someone else has changed the action since it was read.
    NotAllowedError
        See `change_action`.
    NotFoundError
        There is no such action.
    """
    owner, agency, why = amendment.owner.strip(), amendment.agency.strip(), amendment.why.strip()
    if not (owner and agency and why):
        message = "Name the owner and the agency, and say why it is changed."
        raise InputError(message)
    with work_on(workspace, actor, Operation.CHANGE_ACTION) as work:
        before = changeable(workspace, work, action_id).iloc[0]
        said = (
            f"{before['owner']} ({before['agency']}), due {before['due_on']}, is now {owner} "
            f"({agency}), due {amendment.due_on}: {why}"
        )
        event = repository.ActionEvent(work.now, actor.name, "amended", said[:MAX_NOTE])
        repository.change_action(
            work.connection, action_id, version, event,
            owner=owner, agency=agency, due_on=amendment.due_on,
        )  # fmt: skip
        places = {hotspot_place(int(before["hotspot_id"]))}
        work.log(f"action {action_id}", rows=1, shape={"amended": True}, places=places)


def history_of(workspace: Workspace, actor: Actor, action_id: int) -> pd.DataFrame:
    """Give what happened to an action, the oldest first: `at`, `actor`, `event`, `state`, `note`.

    Raises
    ------
    NotFoundError
        There is no such action that the actor may see.
    """
    with work_on(workspace, actor, Operation.VIEW_ACTIONS) as work:
        visible = narrowed(workspace, work, repository.list_actions(work.connection))
        mine = visible[visible["action_id"] == action_id]
        if mine.empty:
            message = f"There is no action {action_id}."
            raise NotFoundError(message)
        found = repository.list_action_events(work.connection, action_id)
        work.log(f"history of action {action_id}", rows=len(found),
                 places=places_of_actions(mine))  # fmt: skip
    return found


def _registered_as(work: UnitOfWork, run: Run, key: str) -> int | None:
    """Give the number under which a hotspot of a run is registered: the oldest that it carries."""
    numbers = [
        number for number, carried in carried_by(work.connection, run).items() if carried == key
    ]
    return min(numbers, default=None)
