"""Hold a disruption meeting: who is there, last month's actions first, what is agreed, minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.entries import checked
from hotspot.disruption.ladders import ActionState
from hotspot.disruption.meetings import (
    ANSWERS,
    ATTENDANCE,
    DONE,
    EXTENDED,
    KINDS,
    MACE,
    NOTE,
    READ_BACK,
    UPDATE,
    Attendance,
    Note,
    ReadBack,
    Update,
)
from hotspot.errors import ConflictError, InputError
from hotspot.services.actions.changes import move_within
from hotspot.services.actions.lists import changeable, in_words
from hotspot.services.meetings.book import about, place_of, row_of
from hotspot.services.workspace.audit_names import places_of_actions
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import actions, journals
from hotspot.store.unit_of_work import UnitOfWork, reading


def open_meeting(
    workspace: Workspace, actor: Actor, name: str, held_on: date, kind: str = MACE
) -> int:
    """Open a meeting and give its number.

    Raises
    ------
    InputError
        It has no name, or is of no kind that there is (see `meetings.KINDS`).
    ConflictError
        Another one is open: close it first.
    """
    if not name.strip():
        message = "Give the meeting a name, MACE November for one."
        raise InputError(message)
    if kind not in KINDS:
        message = f"'{kind}' is no kind of meeting; choose one of: {', '.join(KINDS)}."
        raise InputError(message)
    with work_on(workspace, actor, Operation.HOLD_MEETING) as work:
        known = journals.list_meetings(work.connection)
        if known["closed_at"].isna().any():
            message = f"'{known.loc[known['closed_at'].isna(), 'name'].iloc[0]}' is still open."
            raise ConflictError(message)
        number = journals.add_meeting(
            work.connection,
            name=name.strip()[:100],
            held_on=held_on,
            kind=kind,
            opened_by=actor.name,
            opened_at=work.now,
        )
        work.log(f"meeting {number}", rows=1, shape={"opened": True})
    return number


def attend(workspace: Workspace, actor: Actor, meeting_id: int, name: str, agency: str) -> None:
    """Note who is there, and for whom.

    Raises
    ------
    InputError
        Name or agency is missing, or they are noted already.
    ConflictError
        The meeting is closed.
    """
    entry = checked(Attendance, {"name": name, "agency": agency})
    with work_on(workspace, actor, Operation.HOLD_MEETING) as work:
        _add(work, meeting_id, ATTENDANCE, entry.model_dump(mode="json"))


def note(workspace: Workspace, actor: Actor, meeting_id: int, text: str) -> None:
    """Note something said.

    Raises
    ------
    InputError
        Nothing is said.
    ConflictError
        The meeting is closed.
    """
    entry = checked(Note, {"text": text})
    with work_on(workspace, actor, Operation.HOLD_MEETING) as work:
        _add(work, meeting_id, NOTE, entry.model_dump(mode="json"))


def read_back(workspace: Workspace, actor: Actor, meeting_id: int, *, agreed: bool) -> None:
    """Note that what was agreed was read out, and whether all agreed.

    Raises
    ------
    ConflictError
        The meeting is closed.
    """
    with work_on(workspace, actor, Operation.HOLD_MEETING) as work:
        _add(work, meeting_id, READ_BACK, ReadBack(agreed=agreed).model_dump(mode="json"))


@dataclass(frozen=True)
class Answer:
    """What an owner says of an action: one of `ANSWERS`, in a line, and a new day for more time."""

    answer: str
    said: str = ""
    due_on: date | None = None


def update_action(
    workspace: Workspace,
    actor: Actor,
    meeting_id: int,
    seen: tuple[int, int],
    given: Answer,
) -> None:
    """Note what an owner says of an action: it goes into its history, never over it.

    Parameters
    ----------
    seen
        Number of the action, and the version of it that the meeting saw.

    Raises
    ------
    InputError
        There is no such answer, more time lacks its reason or its day, or the action cannot be
        completed from where it stands.
    ConflictError
        The meeting is closed, or someone else has changed the action.
    NotFoundError
        There is no such action.
    """
    action_id, version = seen
    answer, said, due_on = given.answer, given.said, given.due_on
    if answer not in ANSWERS or (answer == EXTENDED and not (said.strip() and due_on)):
        message = "Choose an answer; more time needs its new day and the reason."
        raise InputError(message)
    with work_on(workspace, actor, Operation.HOLD_MEETING) as work:
        changed = changeable(workspace, work, action_id)
        row = in_words(workspace, work, changed).iloc[0]
        due = due_on if answer == EXTENDED and due_on else row["due_on"]
        if answer == DONE:
            move_within(workspace, work, changed, version, ActionState.COMPLETED.value, said)
        else:
            text = "; ".join(filter(None, (ANSWERS[answer], said.strip(), f"due {due}")))
            event = actions.ActionEvent(work.now, actor.name, answer, text)
            actions.change_action(work.connection, action_id, version, event, due_on=due)
        entry = checked(
            Update,
            {
                "action_id": action_id,
                "measure": row["measure"],
                "place": place_of(work, row),
                "owner": row["owner"],
                "answer": answer,
                "said": said,
                "due_on": due,
                "was_due": row["due_on"],
            },
        )
        _add(
            work,
            meeting_id,
            UPDATE,
            entry.model_dump(mode="json"),
            places=places_of_actions(changed),
        )


def close_meeting(workspace: Workspace, actor: Actor, meeting_id: int) -> None:
    """Close a meeting.

    Raises
    ------
    ConflictError
        It is closed already.
    """
    with work_on(workspace, actor, Operation.HOLD_MEETING) as work:
        journals.close_meeting(work.connection, meeting_id, actor.name, work.now)
        work.log(f"meeting {meeting_id}", rows=1, shape={"closed": True})


def list_meetings(workspace: Workspace, actor: Actor) -> pd.DataFrame:
    """List the meetings, the newest first."""
    with work_on(workspace, actor, Operation.VIEW_MEETINGS) as work:
        meetings = journals.list_meetings(work.connection)
        work.log("meetings", rows=len(meetings))
    return meetings


def _add(
    work: UnitOfWork, meeting_id: int, kind: str, body: dict[str, Any], places: Iterable[str] = ()
) -> None:
    row, _ = row_of(work.connection, meeting_id)
    if not pd.isna(row["closed_at"]):
        message = "The meeting is closed."
        raise ConflictError(message)
    journals.add_entry(work.connection, about(meeting_id), kind, body, work.actor.name, work.now)
    work.log(f"meeting {meeting_id}", rows=1, shape={"entry": kind}, places=places)


def version_of(workspace: Workspace) -> str:
    """Return a text that changes whenever a meeting, its journal or an action did."""
    with reading(workspace.engine) as connection:
        meetings = journals.list_meetings(connection)
        parts = (
            *journals.last_entry(connection),
            actions.last_action_event(connection),
            len(meetings),
            int(meetings["closed_at"].notna().sum()),
        )
    return "-".join(str(part) for part in parts)
