"""Move actions on, hand them over, and note what happened to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.actions import EVENTS, MAX_NOTE, checked_results
from hotspot.disruption.clocks import Moment
from hotspot.disruption.ladders import ActionState, Way, way_to, ways_from
from hotspot.errors import InputError
from hotspot.services.actions.clocks import keep_moment
from hotspot.services.actions.lists import changeable
from hotspot.services.workspace.audit_names import hotspot_place, places_of_actions
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.services.workspace.measure_catalogue import catalogue_of, stages_of
from hotspot.store import repository
from hotspot.store.unit_of_work import UnitOfWork

_BEFORE_STAGES = (ActionState.PROPOSED, ActionState.AGREED)


@dataclass(frozen=True)
class Outcome:
    """How an action ended: one of its measure's outcomes, and what was counted."""

    outcome: str = ""
    results: Mapping[str, int] = field(default_factory=dict)


def change_action(  # noqa: PLR0913 - which, from what was seen, to what, why, how and when
    workspace: Workspace,
    actor: Actor,
    action_id: int,
    version: int,
    to: str,
    note: str,
    *,
    ended: Outcome | None = None,
    on: Moment | None = None,
) -> None:
    """Move an action up its ladder; what was before stays in its history.

    Parameters
    ----------
    to
        A stage of the measure's own ladder, or a state of the common one.
    ended
        Outcome and results, once there are some.
    on
        When it happened, for a stage that is an event of the measure's clock.

    Raises
    ------
    ConflictError
        Someone else has changed the action since it was read.
    InputError
        The ladder has no such step; its reason, its day or its outcome is missing; or the outcome
        is none of the measure.
    NotAllowedError
        A council's licensing officer may move on only the council's own papers in its districts.
    NotFoundError
        There is no such action.
    """
    with work_on(workspace, actor, Operation.CHANGE_ACTION) as work:
        changed = changeable(workspace, work, action_id)
        way = move_within(workspace, work, changed, version, to, note, ended=ended, on=on)
        places = places_of_actions(changed)
        work.log(f"action {action_id}", rows=1, shape={"state": way.to}, places=places)


def move_within(  # noqa: PLR0913 - see `change_action`
    workspace: Workspace,
    work: UnitOfWork,
    action: pd.DataFrame,
    version: int,
    to: str,
    note: str,
    *,
    ended: Outcome | None = None,
    on: Moment | None = None,
) -> Way:
    """Move an action (its one row) up its ladder within an operation that logs it.

    Raises
    ------
    ConflictError, InputError
        See `change_action`.
    """
    row = action.iloc[0]
    values: dict[str, Any] = {}
    if ended is not None:
        results = checked_results(ended.results)
        values = {"outcome": _outcome_of(workspace, row, ended.outcome), "results": results}
    if int(row["version"]) == version:
        way = _way_of(workspace, row, to, note, outcome=values.get("outcome", ""))
    else:  # the store tells of the conflict
        way = Way(to, ActionState(row["state"]), row["stage"])
    said = "; ".join(filter(None, (way.stage, note.strip(), values.get("outcome", ""))))
    event = repository.ActionEvent(work.now, work.actor.name, "state changed", said)
    stage = way.stage or ("" if way.state in _BEFORE_STAGES else row["stage"])
    repository.change_action(
        work.connection,
        int(row["action_id"]),
        version,
        event,
        state=way.state.value,
        stage=stage,
        **values,
    )
    if way.event is not None:
        keep_moment(workspace, work, action, way.event, on)
    return way


def _way_of(workspace: Workspace, row: pd.Series, to: str, note: str, *, outcome: str) -> Way:
    """Give the step that an action takes; refuse one that the ladder does not have."""
    stages = stages_of(workspace, str(row["measure_code"]))
    way = way_to(stages, (row["state"], row["stage"]), to, note)
    if way.needs_outcome and not outcome:
        message = f"'{to}' needs its outcome; choose one."
        raise InputError(message)
    return way


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
        work.log(
            f"action {action_id}", rows=1, shape={"event": kind}, places=places_of_actions(changed)
        )


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
            work.connection,
            action_id,
            version,
            event,
            owner=owner,
            agency=agency,
            due_on=amendment.due_on,
        )
        places = {hotspot_place(int(before["hotspot_id"]))}
        work.log(f"action {action_id}", rows=1, shape={"amended": True}, places=places)


def ways_of(workspace: Workspace, action: Mapping[str, Any]) -> list[Way]:
    """Give the steps that a listed action can take, the usual one first."""
    stages = stages_of(workspace, str(action["measure_code"]))
    return ways_from(stages, str(action["state"]), str(action["stage"]))
