"""Record actions against hotspots, and follow them up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.run import Run
from hotspot.disruption.actions import (
    AGENCIES,
    CLOSED,
    EVENTS,
    LADDER,
    MAX_NOTE,
    RESULTS,
    ActionState,
    RecordAction,
    check_step,
    checked_results,
)
from hotspot.disruption.wording import NO_PERSONS, doubts_in
from hotspot.errors import InputError
from hotspot.services.action_lists import changeable, visible
from hotspot.services.gates import check_gates
from hotspot.services.measures import catalogue_of, measure_of
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
    "CLOSED",
    "EVENTS",
    "LADDER",
    "MAX_NOTE",
    "NO_PERSONS",
    "RESULTS",
    "ActionState",
    "Amendment",
    "Outcome",
    "RecordAction",
    "Recorded",
    "amend_action",
    "change_action",
    "doubts_in",
    "history_of",
    "hotspot_name",
    "note_event",
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


@dataclass(frozen=True)
class Outcome:
    """How an action ended: one of its measure's outcomes, and what was counted."""

    outcome: str = ""
    results: Mapping[str, int] = field(default_factory=dict)


def change_action(  # noqa: PLR0913 - which, from what was seen, to what, and why
    workspace: Workspace,
    actor: Actor,
    action_id: int,
    version: int,
    state: ActionState,
    note: str,
    *,
    ended: Outcome | None = None,
) -> None:
    """Move an action up its ladder; what was before stays in its history.

    Raises
    ------
    ConflictError
        Someone else has changed the action since it was read.
    InputError
        The ladder has no such step, its reason is missing, or the outcome is none of the measure.
    NotAllowedError
        A council's licensing officer may move on only the council's own papers in its districts.
    NotFoundError
        There is no such action.
    """
    with work_on(workspace, actor, Operation.CHANGE_ACTION) as work:
        changed = changeable(workspace, work, action_id)
        row = changed.iloc[0]
        values: dict[str, Any] = {}
        if ended is not None:
            results = checked_results(ended.results)
            values = {"outcome": _outcome_of(workspace, row, ended.outcome), "results": results}
        if int(row["version"]) == version:  # else the store tells of the conflict
            check_step(row["state"], state, note)
        said = "; ".join(filter(None, (note.strip(), values.get("outcome", ""))))
        event = repository.ActionEvent(work.now, actor.name, "state changed", said)
        repository.change_action(
            work.connection, action_id, version, event, state=state.value, **values
        )
        places = places_of_actions(changed)
        work.log(f"action {action_id}", rows=1, shape={"state": state.value}, places=places)


def note_event(
    workspace: Workspace, actor: Actor, action_id: int, version: int, kind: str, note: str
) -> None:
    """Note what happened to an action without moving it: a breach, an appeal, an extension.

    Raises
    ------
    InputError
        There is no such kind, or nothing is said.
    ConflictError, NotAllowedError, NotFoundError
        See `change_action`.
    """
    if kind not in EVENTS or not note.strip():
        message = f"Choose what happened ({', '.join(EVENTS)}), and say it in a line."
        raise InputError(message)
    with work_on(workspace, actor, Operation.CHANGE_ACTION) as work:
        changed = changeable(workspace, work, action_id)
        event = repository.ActionEvent(work.now, actor.name, kind, note.strip()[:MAX_NOTE])
        repository.change_action(work.connection, action_id, version, event)
        work.log(f"action {action_id}", rows=1, shape={"event": kind},
                 places=places_of_actions(changed))  # fmt: skip


def _outcome_of(workspace: Workspace, row: pd.Series, outcome: str) -> str:
    measure = catalogue_of(workspace).get(row["measure_code"])
    known = measure.outcomes if measure is not None else ()
    if outcome and outcome not in known:
        message = f"'{outcome}' is no outcome of it; choose one of: {', '.join(known)}."
        raise InputError(message)
    return outcome


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
        mine = visible(workspace, work, action_id)
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
