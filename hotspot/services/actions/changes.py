"""Move actions on, hand them over, and note what happened to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.actions import EVENTS, MAX_NOTE, checked_results
from hotspot.disruption.clocks import words_of
from hotspot.disruption.counting import Moment
from hotspot.disruption.ladders import ActionState, Standing, Way, way_to, ways_from
from hotspot.disruption.real_dates import DATES
from hotspot.errors import InputError, NotFoundError
from hotspot.services.actions.clocks import keep_moment, known_moments
from hotspot.services.actions.gates import check_stage_gates
from hotspot.services.actions.lists import changeable
from hotspot.services.workspace.audit_names import (
    hotspot_place,
    places_of_actions,
    premises_place,
)
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.services.workspace.measure_catalogue import catalogue_of, stages_of
from hotspot.store import actions, datasets
from hotspot.store.accounts import account_shown_as
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
    dates: Mapping[str, date] | None = None,
    confirmed: Collection[str] = (),
) -> None:
    """Move an action up its ladder; what was before stays in its history.

    Parameters
    ----------
    to
        A stage of the measure's own ladder, or a state of the common one.
    ended
        Outcome and results, once there are some.
    on
        When it happened, for a stage that is an event of the measure's clock or has a moment.
    dates
        The days that the stage asks (see `real_dates.DATES`).
    confirmed
        Gates of the stage of which a person has said that they do not stand in its way.

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
        way = move_within(
            workspace,
            work,
            changed,
            version,
            to,
            note,
            ended=ended,
            on=on,
            dates=dates,
            confirmed=confirmed,
        )
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
    dates: Mapping[str, date] | None = None,
    confirmed: Collection[str] = (),
) -> Way:
    """Move an action (its one row) up its ladder within an operation that logs it.

    Raises
    ------
    ConflictError, InputError
        See `change_action`.
    """
    row = action.iloc[0]
    at = standing_of(row)
    stages = stages_of(workspace, str(row["measure_code"]))
    if int(row["version"]) == version:
        way = way_to(stages, at, to, note)
        known = known_moments(work, int(row["action_id"]))
        check_stage_gates(workspace, str(row["measure_code"]), way.stage, known, confirmed)
    else:  # the store tells of the conflict
        way = Way(to, ActionState(row["state"]), row["stage"])
    values = _ended(workspace, row, way, ended)
    decided = values.pop("decided", "")
    said = "; ".join(filter(None, (way.stage, note.strip(), decided, _confirmed(confirmed))))
    event = actions.ActionEvent(work.now, work.actor.name, "state changed", said)
    stage = way.stage or ("" if way.state in _BEFORE_STAGES else row["stage"])
    actions.change_action(
        work.connection,
        int(row["action_id"]),
        version,
        event,
        state=way.state.value,
        stage=stage,
        stage_before=at.after(way),
        **values,
    )
    for name in filter(None, (way.event, way.moment)):
        keep_moment(workspace, work, action, name, on)
    _keep_dates(workspace, work, action, way, dates or {})
    return way


def _confirmed(confirmed: Collection[str]) -> str:
    """Say for the history what a person has confirmed."""
    said = ", ".join(sorted(words_of(one) for one in confirmed))
    return f"confirmed that it is not so: {said}" if said else ""


def standing_of(row: Mapping[Any, Any] | pd.Series) -> Standing:
    """Return where a listed action stands."""
    return Standing(*(str(row[name]) for name in ("state", "stage", "stage_before", "outcome")))


def _ended(workspace: Workspace, row: pd.Series, way: Way, ended: Outcome | None) -> dict[str, Any]:
    """Return what a step decides and counts; refuse one that lacks its outcome.

    What a court or committee says of an earlier decision stands beside it.
    """
    decided = ended.outcome if ended is not None else ""
    if not decided and len(way.outcomes) == 1:
        decided = way.outcomes[0]
    if way.needs_outcome and not decided:
        message = f"'{way.to}' needs its outcome; choose one."
        raise InputError(message)
    measure = catalogue_of(workspace).get(row["measure_code"])
    own = measure.outcomes if measure is not None else ()
    known = way.outcomes or own
    if decided and decided not in known:
        message = f"'{decided}' is no outcome of it; choose one of: {', '.join(known)}."
        raise InputError(message)
    values: dict[str, Any] = {"decided": decided}
    if ended is not None:
        values["results"] = checked_results(ended.results)
    if decided:
        before = "" if decided in own else str(row["outcome"])
        values["outcome"] = "; ".join(filter(None, (before, decided)))
    elif ended is not None:
        values["outcome"] = ""
    return values


def _keep_dates(
    workspace: Workspace,
    work: UnitOfWork,
    action: pd.DataFrame,
    way: Way,
    dates: Mapping[str, date],
) -> None:
    """Keep the days that a step asks; refuse one that lacks any."""
    missing = [DATES[name].lower() for name in way.asks if name not in dates]
    if missing:
        message = f"'{way.to}' needs a day: {', '.join(missing)}."
        raise InputError(message)
    for name, day in dates.items():
        keep_moment(workspace, work, action, name, day)


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
        event = actions.ActionEvent(work.now, actor.name, kind, note.strip()[:MAX_NOTE])
        actions.change_action(work.connection, action_id, version, event)
        work.log(
            f"action {action_id}", rows=1, shape={"event": kind}, places=places_of_actions(changed)
        )


@dataclass(frozen=True)
class Amendment:
    """What is changed about an action, and why.

    Attributes
    ----------
    owner, agency, due_on
        Who does it from now on, and by when.
    why
        Why it is changed.
    premises
        (source, reference) of the premises it is directed at from now on; None leaves them.
    """

    owner: str
    agency: str
    due_on: date
    why: str
    premises: tuple[str, str] | None = None


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
        places = {hotspot_place(int(before["hotspot_id"]))}
        directed: dict[str, Any] = {}
        if owner != before["owner"] or pd.isna(before["owner_id"]):
            directed["owner_id"] = account_shown_as(work.connection, owner, actor)
        if amendment.premises is not None:
            source, reference = amendment.premises
            _check_premises(work, source, reference)
            directed |= {"premises_source": source, "premises_ref": reference}
            said = f"directed at {premises_place(source, reference)}; {said}"
            places.add(premises_place(source, reference))
        event = actions.ActionEvent(work.now, actor.name, "amended", said[:MAX_NOTE])
        actions.change_action(
            work.connection,
            action_id,
            version,
            event,
            owner=owner,
            agency=agency,
            due_on=amendment.due_on,
            **directed,
        )
        work.log(f"action {action_id}", rows=1, shape={"amended": True}, places=places)


def _check_premises(work: UnitOfWork, source: str, reference: str) -> None:
    rows = datasets.all_rows(work.connection, "premises")
    if not ((rows["source"] == source) & (rows["premises_ref"] == reference)).any():
        message = f"No register has {premises_place(source, reference)}."
        raise NotFoundError(message)


def ways_of(workspace: Workspace, action: Mapping[str, Any]) -> list[Way]:
    """Return the steps that a listed action can take, the usual one first."""
    stages = stages_of(workspace, str(action["measure_code"]))
    return ways_from(stages, standing_of(action))
