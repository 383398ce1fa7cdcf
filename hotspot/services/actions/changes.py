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
from hotspot.disruption.ladders import (
    ActionState,
    Standing,
    Way,
    check_reason,
    way_to,
    ways_from,
)
from hotspot.disruption.real_dates import DATES
from hotspot.errors import FieldsError, NotFoundError, check_all
from hotspot.services.actions.clocks import (
    check_moment,
    day_missing,
    keep_moment,
    known_moments,
)
from hotspot.services.actions.days import check_due, check_owner, check_premises
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
        way = way_to(stages, at, to)
        known = known_moments(work, int(row["action_id"]))
        _check_step(
            workspace, row, way, known, _Given(note, ended, on, dict(dates or {}), confirmed)
        )
        values = _ended(workspace, row, way, ended)
    else:  # the store tells of the conflict
        way, values = Way(to, ActionState(row["state"]), row["stage"]), {}
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
    for name, day in (dates or {}).items():
        keep_moment(workspace, work, action, name, day)
    return way


@dataclass(frozen=True)
class _Given:
    """What somebody has given for a step."""

    note: str
    ended: Outcome | None
    on: Moment | None
    dates: dict[str, date]
    confirmed: Collection[str]


def _check_step(
    workspace: Workspace, row: pd.Series, way: Way, known: dict[str, Moment], given: _Given
) -> None:
    """Refuse a step that cannot be as it is given, with everything that is wrong at once."""
    code = str(row["measure_code"])
    measure = catalogue_of(workspace).get(code)
    reference = None if pd.isna(row["premises_ref"]) else row["premises_ref"]
    check_all(
        lambda: check_reason(way, given.note),
        lambda: _ended(workspace, row, way, given.ended),
        lambda: _check_days(workspace, code, way, known, given),
        lambda: check_premises(measure, reference) if measure and way.event else None,
        lambda: check_stage_gates(workspace, code, way.stage, known, given.confirmed),
    )


def _check_days(
    workspace: Workspace, code: str, way: Way, known: dict[str, Moment], given: _Given
) -> None:
    """Refuse days of a step that are missing or cannot be."""
    together, checks = dict(known), []
    for name in filter(None, (way.event, way.moment)):
        if given.on is not None:
            together[name] = given.on
            checks.append((name, given.on, "on"))
        elif name not in known:
            raise FieldsError({"on": day_missing(name)} | _missing(way, given.dates))
    checks += [(name, day, name) for name, day in given.dates.items()]
    faults = _missing(way, given.dates)
    for event, day, field_name in checks:
        try:
            check_moment(workspace, code, together, event, day)
        except FieldsError as error:
            faults |= {field_name if one == "on" else one: s for one, s in error.faults.items()}
    if faults:
        raise FieldsError(faults)


def _missing(way: Way, dates: Mapping[str, date]) -> dict[str, str]:
    """Say which days a step asks that are not given."""
    return {
        name: f"'{way.to}' needs a day: {DATES[name].lower()}."
        for name in way.asks
        if name not in dates
    }


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
        raise FieldsError({"outcome": f"'{way.to}' needs its outcome; choose one."})
    measure = catalogue_of(workspace).get(row["measure_code"])
    own = measure.outcomes if measure is not None else ()
    known = way.outcomes or own
    if decided and decided not in known:
        message = f"'{decided}' is no outcome of it; choose one of: {', '.join(known)}."
        raise FieldsError({"outcome": message})
    values: dict[str, Any] = {"decided": decided}
    if ended is not None:
        values["results"] = checked_results(ended.results)
    if decided:
        before = "" if decided in own else str(row["outcome"])
        values["outcome"] = "; ".join(filter(None, (before, decided)))
    elif ended is not None:
        values["outcome"] = ""
    return values


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
        raise FieldsError({"note": message})
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
    is_late_meant
        Whether a person has said that a due date which has passed is meant.
    """

    owner: str
    agency: str
    due_on: date
    why: str
    premises: tuple[str, str] | None = None
    is_late_meant: bool = False


def amend_action(
    workspace: Workspace, actor: Actor, action_id: int, version: int, amendment: Amendment
) -> None:
    """Hand an action over, or give it another day; what was before stays in its history.

    Raises
    ------
    FieldsError
        Owner, agency or reason is missing, or a new due date has passed already and nobody has
        said that it is meant.
    ConflictError
        Someone else has changed the action since it was read.
    NotAllowedError
        See `change_action`.
    NotFoundError
        There is no such action.
    """
    owner, agency, why = amendment.owner.strip(), amendment.agency.strip(), amendment.why.strip()
    with work_on(workspace, actor, Operation.CHANGE_ACTION) as work:
        before = changeable(workspace, work, action_id).iloc[0]
        is_meant = amendment.is_late_meant or amendment.due_on == before["due_on"]
        check_all(
            lambda: check_owner(owner, agency),
            lambda: check_due(amendment.due_on, is_meant=is_meant),
            lambda: _check_why(why),
        )
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


def _check_why(why: str) -> None:
    if not why:
        raise FieldsError({"why": "Say why it is changed; the reason stays in its history."})


def _check_premises(work: UnitOfWork, source: str, reference: str) -> None:
    rows = datasets.all_rows(work.connection, "premises")
    if not ((rows["source"] == source) & (rows["premises_ref"] == reference)).any():
        message = f"No register has {premises_place(source, reference)}."
        raise NotFoundError(message)


def ways_of(workspace: Workspace, action: Mapping[Any, Any]) -> list[Way]:
    """Return the steps that a listed action can take, the usual one first."""
    stages = stages_of(workspace, str(action["measure_code"]))
    return ways_from(stages, standing_of(action))
