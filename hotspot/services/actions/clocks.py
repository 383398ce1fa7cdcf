"""Keep when the events of an action's clock happened, and give its deadlines."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disclosure.forms import FileForm
from hotspot.disruption.calendar_file import calendar_file
from hotspot.disruption.clocks import Deadline, events_of, starts_of, words_of
from hotspot.disruption.counting import Moment, day_of
from hotspot.disruption.real_dates import DATES
from hotspot.errors import InputError
from hotspot.services.actions.lists import changeable, visible
from hotspot.services.hotspots.disclosures import named
from hotspot.services.workspace.audit_names import places_of_actions
from hotspot.services.workspace.exports import ExportFile, file_name
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.services.workspace.measure_catalogue import (
    deadlines_by,
    measure_of,
    moment_of,
)
from hotspot.store import actions, moments
from hotspot.store.unit_of_work import UnitOfWork


def record_moment(
    workspace: Workspace,
    actor: Actor,
    action_id: int,
    version: int,
    event: str,
    happened: Moment | None,
) -> None:
    """Record when an event of an action's clock happened; None takes an earlier entry back.

    Raises
    ------
    ConflictError
        Someone else has changed the action since it was read.
    InputError
        The measure's clock knows no such event, or it cannot have happened then.
    NotAllowedError
        See `change_action`.
    NotFoundError
        There is no such action.
    """
    with work_on(workspace, actor, Operation.CHANGE_ACTION) as work:
        changed = changeable(workspace, work, action_id)
        text = None if happened is None else happened.isoformat()
        ended = _keep(workspace, work, changed, event, text)
        said = f"{words_of(event)}: {text or 'taken back'}" + "".join(
            f"; with it taken back, for it came before: {words_of(name)}" for name in ended
        )
        entry = actions.ActionEvent(work.now, actor.name, "happened", said)
        actions.change_action(work.connection, action_id, version, entry)
        work.log(
            f"action {action_id}", rows=1, shape={"event": event}, places=places_of_actions(changed)
        )


def keep_moment(
    workspace: Workspace, work: UnitOfWork, action: pd.DataFrame, event: str, on: Moment | None
) -> None:
    """Keep when the event happened that an action has come to, within what moves it on.

    Raises
    ------
    InputError
        No day is given and none is known, or it cannot have happened then.
    """
    number = int(action["action_id"].iloc[0])
    if on is not None:
        _keep(workspace, work, action, event, on.isoformat())
    elif event not in moments.list_moments(work.connection).get(number, {}):
        message = f"Say on which day it was '{words_of(event)}': its deadlines count from it."
        raise InputError(message)


def known_moments(work: UnitOfWork, number: int) -> dict[str, Moment]:
    """Return when events of an action's clock happened, as far as that is entered."""
    known = moments.list_moments(work.connection).get(number, {})
    return {event: moment_of(when) for event, when in known.items()}


def _keep(
    workspace: Workspace, work: UnitOfWork, action: pd.DataFrame, event: str, text: str | None
) -> list[str]:
    """Keep when an event happened; give what it ends, which is taken back."""
    number, code = int(action["action_id"].iloc[0]), str(action["measure_code"].iloc[0])
    known = moments.list_moments(work.connection).get(number, {})
    ended = _begun_anew(workspace, code, known, event, text)
    for name in ended:
        known.pop(name)
        moments.add_moment(work.connection, number, name, None, work.actor.name, work.now)
    _check_event(workspace, code, known, event, text)
    moments.add_moment(work.connection, number, event, text, work.actor.name, work.now)
    return ended


def _begun_anew(
    workspace: Workspace, code: str, known: dict[str, str], event: str, text: str | None
) -> list[str]:
    """List what an earlier beginning led to, where one that can come again does: it ends that one.

    Representations against interim steps can be made after others have been heard.
    """
    if text is None or event not in known or moment_of(text) == moment_of(known[event]):
        return []
    again = moment_of(text)
    return [
        step.happens_as
        for step in measure_of(workspace, code).clock
        if step.waits
        and step.after == event
        and step.happens_as in known
        and _may_come_before(moment_of(known[step.happens_as]), again)
    ]


def _may_come_before(one: Moment, other: Moment) -> bool:
    """Compare by the minute where both have a time; on one day without one it may have been so."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one <= other
    return day_of(one) <= day_of(other)


def _check_event(
    workspace: Workspace, code: str, known: dict[str, str], event: str, text: str | None
) -> None:
    """Refuse an event that neither clock nor ladder knows, or that cannot be beside the others."""
    measure = measure_of(workspace, code)
    events = events_of(measure.clock)
    own = {stage.moment for stage in measure.stages if stage.moment}
    if event not in {*events, *own, *DATES}:
        message = f"The clock of {code} has no event '{words_of(event)}'."
        raise InputError(message)
    together = {name: when for name, when in {**known, event: text}.items() if when}
    starts = starts_of(measure.clock)
    if set(together) & set(events) and not set(starts) & set(together):
        first = " or ".join(f"'{words_of(start)}'" for start in starts)
        message = f"Record first when {first} was: the clock counts from it."
        raise InputError(message)
    deadlines_by(workspace, code, together)
    early = next((one.not_before for one in measure.stages if one.event == event), None)
    if early is not None and text is not None:
        without = {name: when for name, when in known.items() if name != event}
        _check_not_before(deadlines_by(workspace, code, without), early, event, text)


def _check_not_before(deadlines: list[Deadline], step: str, event: str, text: str) -> None:
    """Refuse a day before the last one of a step: a period that the law gives cannot be cut."""
    last = next((one for one in deadlines if one.step == step), None)
    moment = moment_of(text)
    day = moment.date() if isinstance(moment, datetime) else moment
    if last is not None and day < last.due_on:
        message = (
            f"'{words_of(event)}' cannot be before {last.due_on.day} {last.due_on:%B %Y}: "
            f"{last.rule} ({last.source})."
        )
        raise InputError(message)


def export_calendar(
    workspace: Workspace, actor: Actor, action_id: int, recipients: str, reason: str
) -> ExportFile:
    """Make the deadlines of an action as a calendar file: measure and reference, nothing else.

    Raises
    ------
    InputError
        Nothing has happened yet that its clock counts from; no recipient is named, or no reason
        where the force asks for one.
    NotFoundError
        There is no such action that the actor may see.
    """
    recipients = named(recipients)
    with work_on(workspace, actor, Operation.EXPORT_ACTIONS, reason) as work:
        action = visible(workspace, work, action_id)
        happened = moments.list_moments(work.connection).get(action_id, {})
        row = action.iloc[0]
        deadlines = deadlines_by(workspace, str(row["measure_code"]), happened)
        if not deadlines:
            message = "The clock has not started: record first when it did."
            raise InputError(message)
        places = places_of_actions(action)
        work.log(f"deadlines of action {action_id}", rows=1, places=places, recipients=recipients)
    content = calendar_file(
        str(row["measure_code"]),
        str(row["reference"]) or f"action {action_id}",
        deadlines,
        work.now,
    )
    name = file_name(workspace, f"deadlines-{action_id}", FileForm.CALENDAR)
    return ExportFile(name, FileForm.CALENDAR, content, tuple(sorted(places)), recipients)


def deadlines_of_action(
    workspace: Workspace, actor: Actor, action_id: int
) -> tuple[dict[str, str], list[Deadline]]:
    """Return when the events of an action happened, and its deadlines.

    Raises
    ------
    NotFoundError
        There is no such action that the actor may see.
    """
    with work_on(workspace, actor, Operation.VIEW_ACTIONS) as work:
        action = visible(workspace, work, action_id)
        happened = moments.list_moments(work.connection).get(action_id, {})
        work.log(f"deadlines of action {action_id}", rows=1, places=places_of_actions(action))
    code = str(action["measure_code"].iloc[0])
    return happened, deadlines_by(workspace, code, happened)
