"""Hold a disruption meeting: who is there, last month's actions first, what is agreed, minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    DISCUSSED,
    DONE,
    EXTENDED,
    KINDS,
    MACE,
    NEXT,
    NOTE,
    READ_BACK,
    UPDATE,
    Attendance,
    Discussed,
    NewAttendance,
    NextMeeting,
    Note,
    ReadBack,
    Update,
)
from hotspot.errors import ConflictError, InputError, NotFoundError
from hotspot.services.actions.changes import move_within, standing_of
from hotspot.services.actions.lists import changeable, in_words
from hotspot.services.meetings.book import about, place_of, row_of, who_is
from hotspot.services.workspace.audit_names import hotspot_place, places_of_actions
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


def attend(
    workspace: Workspace,
    actor: Actor,
    meeting_id: int,
    name: str,
    agency: str,
    *,
    has_apologised: bool = False,
) -> None:
    """Note who is there, and for whom, or who has sent apologies.

    Raises
    ------
    InputError
        The name is missing, the agency is none of the list, or they are noted already.
    ConflictError
        The meeting is closed.
    """
    given = {"name": name, "agency": agency, "has_apologised": has_apologised}
    attend_all(workspace, actor, meeting_id, [checked(NewAttendance, given)])


def attend_all(
    workspace: Workspace, actor: Actor, meeting_id: int, people: Sequence[Attendance]
) -> None:
    """Note several who are there or have sent apologies, as those of the last time.

    Raises
    ------
    InputError
        One of them is noted already.
    ConflictError
        The meeting is closed.
    """
    with work_on(workspace, actor, Operation.HOLD_MEETING) as work:
        entries = journals.list_entries(work.connection, about=about(meeting_id))
        bodies = entries.loc[entries["kind"] == ATTENDANCE, "body"]
        known = {who_is(Attendance.model_validate(body)) for body in bodies}
        for one in people:
            if who_is(one) in known:
                message = f"{one.name} ({one.agency}) is noted already; take that back first."
                raise InputError(message)
            known.add(who_is(one))
            body = Attendance(**one.model_dump()).model_dump(mode="json")
            _write(work, meeting_id, ATTENDANCE, body)
        work.log(f"meeting {meeting_id}", rows=len(people), shape={"entry": ATTENDANCE})


def correct_attendance(workspace: Workspace, actor: Actor, meeting_id: int, entry_id: int) -> None:
    """Take back that somebody was there or sent apologies: it was noted by mistake.

    It stays readable as withdrawn, for it is the record of a disclosure.

    Raises
    ------
    ConflictError
        The meeting is closed.
    NotFoundError
        The meeting has no such entry that stands.
    """
    with work_on(workspace, actor, Operation.HOLD_MEETING) as work:
        _check_open(work, meeting_id)
        entries = journals.list_entries(work.connection, about=about(meeting_id))
        own = entries[entries["kind"] == ATTENDANCE]
        if entry_id not in own["entry_id"].tolist():
            message = "That entry does not stand any more; look again."
            raise NotFoundError(message)
        journals.withdraw_entry(
            work.connection, entry_id, work.actor.name, work.now, "noted by mistake"
        )
        work.log(f"meeting {meeting_id}", rows=1, shape={"taken back": ATTENDANCE})


def discuss(
    workspace: Workspace, actor: Actor, meeting_id: int, place: str, numbers: Iterable[int]
) -> None:
    """Note that a hotspot was shown, once; its place is what the meeting saw as its name.

    Raises
    ------
    ConflictError
        The meeting is closed.
    """
    entry = checked(Discussed, {"place": place, "numbers": tuple(sorted(numbers))})
    body = entry.model_dump(mode="json")
    with work_on(workspace, actor, Operation.HOLD_MEETING) as work:
        entries = journals.list_entries(work.connection, about=about(meeting_id))
        shown = entries.loc[entries["kind"] == DISCUSSED, "body"]
        if body not in list(shown):
            _write(work, meeting_id, DISCUSSED, body)
        places = {hotspot_place(number) for number in entry.numbers}
        work.log(f"meeting {meeting_id}", rows=1, shape={"entry": DISCUSSED}, places=places)


def plan_next(workspace: Workspace, actor: Actor, meeting_id: int, held_on: date) -> None:
    """Note when the next meeting is.

    Raises
    ------
    InputError
        The day does not follow this meeting's.
    ConflictError
        The meeting is closed.
    """
    entry = NextMeeting(held_on=held_on)
    with work_on(workspace, actor, Operation.HOLD_MEETING) as work:
        row, _ = row_of(work.connection, meeting_id)
        if held_on <= row["held_on"]:
            message = f"The next meeting follows this one: choose a day after {row['held_on']}."
            raise InputError(message)
        _add(work, meeting_id, NEXT, entry.model_dump(mode="json"))


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
        before = standing_of(row)
        entry = checked(
            Update,
            {
                "action_id": action_id,
                "measure": row["measure"],
                "place": place_of(workspace, work, row),
                "owner": row["owner"],
                "answer": answer,
                "said": said,
                "due_on": due,
                "was_due": row["due_on"],
                "stood": (before.state, before.stage, before.before, before.outcome),
                "version": version + 1,
            },
        )
        _add(
            work,
            meeting_id,
            UPDATE,
            entry.model_dump(mode="json"),
            places=places_of_actions(changed),
        )


def undo_answer(workspace: Workspace, actor: Actor, meeting_id: int, action_id: int) -> str:
    """Take back the last answer about an action, and return its words.

    The action stands and is due as before. Both, the answer and that it was taken back, stay in
    its history.

    Raises
    ------
    InputError
        Nothing was answered about it in this meeting, or the answer is of an older version, which
        did not keep where the action stood.
    ConflictError
        The meeting is closed, or the action has changed since it was answered.
    """
    with work_on(workspace, actor, Operation.HOLD_MEETING) as work:
        _check_open(work, meeting_id)
        changed = changeable(workspace, work, action_id)
        entry_id, last, version = _last_answer(work, meeting_id, action_id)
        if last.stood is None or version is None:
            message = "That answer does not say where the action stood; change the action instead."
            raise InputError(message)
        said = f"taken back in the meeting: {ANSWERS[last.answer].lower()}"
        event = actions.ActionEvent(work.now, actor.name, "state changed", said)
        names = ("state", "stage", "stage_before", "outcome")
        values = dict(zip(names, last.stood, strict=True))
        actions.change_action(
            work.connection, action_id, version, event, due_on=last.was_due, **values
        )
        journals.withdraw_entry(work.connection, entry_id, actor.name, work.now, "taken back")
        work.log(
            f"meeting {meeting_id}",
            rows=1,
            shape={"taken back": UPDATE},
            places=places_of_actions(changed),
        )
    return ANSWERS[last.answer]


def _last_answer(
    work: UnitOfWork, meeting_id: int, action_id: int
) -> tuple[int, Update, int | None]:
    """Return the last answer that stands, its entry, and the version that the action has since.

    An answer after it that was taken back made two versions.
    """
    entries = journals.list_entries(work.connection, about=about(meeting_id), withdrawn=True)
    taken_back = 0
    for row in entries[entries["kind"] == UPDATE].iloc[::-1].to_dict("records"):
        update = Update.model_validate(row["body"])
        if update.action_id != action_id:
            continue
        if pd.isna(row["withdrawn_at"]):
            version = None if update.version is None else update.version + 2 * taken_back
            return int(row["entry_id"]), update, version
        taken_back += 1
    message = "Nothing was answered about it in this meeting."
    raise InputError(message)


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
    _write(work, meeting_id, kind, body)
    work.log(f"meeting {meeting_id}", rows=1, shape={"entry": kind}, places=places)


def _write(work: UnitOfWork, meeting_id: int, kind: str, body: dict[str, Any]) -> None:
    _check_open(work, meeting_id)
    journals.add_entry(work.connection, about(meeting_id), kind, body, work.actor.name, work.now)


def _check_open(work: UnitOfWork, meeting_id: int) -> None:
    row, _ = row_of(work.connection, meeting_id)
    if not pd.isna(row["closed_at"]):
        message = "The meeting is closed."
        raise ConflictError(message)


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
