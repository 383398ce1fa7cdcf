"""Write what leaves a meeting: its agenda, its minutes, and a text for each owner to be mailed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.run import Run
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.meeting_papers import (
    AgendaPaper,
    Mail,
    Mails,
    write_agenda,
    write_mails,
)
from hotspot.disclosure.minutes import Minutes, write_minutes, write_minutes_page
from hotspot.disruption.meetings import ANSWERS, KINDS, Attendance, Update
from hotspot.services.hotspots.disclosures import named
from hotspot.services.hotspots.sharing import shareable
from hotspot.services.meetings.book import Meeting, read_meeting, withheld_in
from hotspot.services.meetings.projection import Agenda, agenda_of
from hotspot.services.workspace.audit_names import hotspot_place
from hotspot.services.workspace.exports import ExportFile, file_name
from hotspot.services.workspace.folder import Workspace, permit, work_on

NOT_REACHED = "Not reached"
"""Stands in the minutes for an action that the meeting did not come to."""


@dataclass(frozen=True)
class _Leaving:
    """A paper of a meeting that leaves: which, in which form, for whom and why."""

    meeting_id: int
    paper: Paper
    form: FileForm
    recipients: str
    reason: str


class Paper(StrEnum):
    """What leaves a meeting, by the name of its file."""

    AGENDA = "agenda"
    MINUTES = "minutes"
    MAILS = "mails"


def export_minutes(  # noqa: PLR0913 - which, as what, by which run, for whom, why
    workspace: Workspace,
    actor: Actor,
    meeting_id: int,
    form: FileForm,
    run: Run,
    sources: list[str],
    *,
    recipients: str,
    reason: str,
) -> ExportFile:
    """Make the minutes of a meeting for named recipients; log the disclosure.

    Parameters
    ----------
    run
        What is withheld is judged by it, as it is where the meeting is projected.

    Raises
    ------
    InputError
        No recipient is named, no reason is given where the force asks for one, or the run may not
        be shared (see `sharing.shareable`).
    NotFoundError
        There is no such meeting.
    """

    def write(meeting: Meeting) -> bytes:
        minutes = minutes_of(workspace, actor, meeting, named(recipients))
        return write_minutes(minutes) if form is FileForm.WORD else write_minutes_page(minutes)

    leaving = _Leaving(meeting_id, Paper.MINUTES, form, named(recipients), reason)
    return _export(workspace, actor, leaving, run, sources, write)


def export_paper(  # noqa: PLR0913 - which, of what, by which run, for whom, why
    workspace: Workspace,
    actor: Actor,
    meeting_id: int,
    paper: Paper,
    run: Run,
    sources: list[str],
    *,
    recipients: str,
    reason: str,
) -> ExportFile:
    """Make the agenda, or the texts for the owners, as a web page; log the disclosure.

    Raises
    ------
    InputError, NotFoundError
        See `export_minutes`.
    """

    def write(meeting: Meeting) -> bytes:
        if paper is Paper.MAILS:
            return write_mails(mails_of(workspace, meeting))
        agenda = agenda_of(workspace, actor, run, sources, named(recipients))
        return write_agenda(agenda_paper_of(workspace, meeting, agenda))

    leaving = _Leaving(meeting_id, paper, FileForm.PAGE, named(recipients), reason)
    return _export(workspace, actor, leaving, run, sources, write)


def _export(
    workspace: Workspace,
    actor: Actor,
    leaving: _Leaving,
    run: Run,
    sources: list[str],
    write: Callable[[Meeting], bytes],
) -> ExportFile:
    """Read a meeting for a paper of it, log that it leaves, and write it."""
    permit(workspace, actor, Operation.EXPORT_MINUTES, leaving.reason)
    shareable(workspace, run.params, sources)
    number, form, paper = leaving.meeting_id, leaving.form, leaving.paper
    with work_on(workspace, actor, Operation.EXPORT_MINUTES, leaving.reason) as work:
        withheld = withheld_in(work.connection, run)
        meeting = read_meeting(workspace, work, number, withheld)
        told = pd.concat([meeting.asked, meeting.agreed, meeting.declined])
        places = {hotspot_place(int(one)) for one in told["hotspot_id"]}
        work.log(
            f"{paper} of meeting {number}",
            rows=1,
            shape={"form": form},
            places=places,
            recipients=leaving.recipients,
        )
    name = file_name(workspace, str(paper), form)
    return ExportFile(name, form, write(meeting), tuple(sorted(places)), leaving.recipients)


def minutes_of(workspace: Workspace, actor: Actor, meeting: Meeting, recipients: str) -> Minutes:
    """Put the minutes of a meeting together, as they are shown before they leave."""
    read = {None: "Not read back.", True: "Read back and agreed.", False: "Read back; not agreed."}
    settings = workspace.settings
    return Minutes(
        name=_title(meeting),
        held_on=meeting.held_on,
        chair=meeting.chair,
        force=settings.name,
        present=_people(meeting.attendance),
        apologies=_people(meeting.apologies),
        asked=[_asked(meeting, row) for row in meeting.asked.to_dict("records")],
        discussed=[(name,) for name in meeting.discussed],
        agreed=[
            (
                row["place"],
                row["measure"],
                row["owner"],
                row["agency"],
                _day(row["due_on"]),
                row["why"],
            )
            for row in meeting.agreed.to_dict("records")
        ],
        declined=[
            (row["place"], row["measure"], row["why"])
            for row in meeting.declined.to_dict("records")
        ],
        notes=meeting.notes,
        read_back=read[meeting.read_back],
        next_on=_day(meeting.next_on) if meeting.next_on else "Not yet agreed.",
        marking=settings.marking,
        handling=settings.handling,
        made_by=actor.name,
        recipients=recipients,
    )


def agenda_paper_of(workspace: Workspace, meeting: Meeting, agenda: Agenda) -> AgendaPaper:
    """Put the agenda of a meeting together: what it asks after, and the hotspots."""
    acting = meeting.open_actions
    settings = workspace.settings
    return AgendaPaper(
        name=_title(meeting),
        held_on=meeting.held_on,
        chair=meeting.chair,
        force=settings.name,
        expected=_people(meeting.attendance) + _people(meeting.apologies, "apologies")
        or [(one.name, one.agency) for one in meeting.last_time],
        asked=[
            (
                row["place"],
                row["measure"],
                f"{row['owner']}, {row['agency']}",
                _day(row["due_on"]),
                late_in_words(meeting.days_late(row)),
            )
            for row in meeting.asked[~meeting.asked["is_closed"].astype(bool)].to_dict("records")
        ],
        hotspots=[
            (
                one.label,
                one.children,
                one.events,
                " ".join(filter(None, (f"{one.news}." if one.news else "", one.trend))),
                str(int(acting["hotspot_id"].isin(list(one.numbers)).sum())),
            )
            for one in agenda.items
        ],
        withheld=agenda.withheld,
        marking=settings.marking,
        handling=settings.handling,
    )


def mails_of(workspace: Workspace, meeting: Meeting) -> Mails:
    """Write to each owner what is theirs after the meeting."""
    acting = meeting.open_actions
    owners = acting.groupby(["owner", "agency"], sort=True) if len(acting) else ()
    settings = workspace.settings
    return Mails(
        settings.marking,
        settings.handling,
        [
            Mail(
                str(owner),
                str(agency),
                f"{settings.marking}: your actions from {meeting.name}, {_day(meeting.held_on)}",
                [_line(meeting, row) for row in part.sort_values("due_on").to_dict("records")],
                f"The next meeting is on {_day(meeting.next_on)}." if meeting.next_on else "",
            )
            for (owner, agency), part in owners
        ],
    )


def late_in_words(days: int) -> str:
    """Say by how many days an action is late; nothing where it is not."""
    if not days:
        return ""
    return f"{days} day late" if days == 1 else f"{days} days late"


def _title(meeting: Meeting) -> str:
    return f"{meeting.name}, {KINDS.get(meeting.kind, meeting.kind)}"


def _people(people: Mapping[int, Attendance], word: str = "") -> list[tuple[str, str]]:
    said = f" ({word})" if word else ""
    return [(f"{one.name}{said}", one.agency) for one in people.values()]


def _asked(meeting: Meeting, row: Mapping[Any, Any]) -> tuple[str, ...]:
    """Write an action that was to be asked after, with its answers or that it was not reached."""
    answers = [one for one in meeting.updates if one.action_id == int(row["action_id"])]
    was_due = answers[0].was_due if answers else row["due_on"]
    is_late = (answers or not row["is_closed"]) and was_due < meeting.held_on
    said = "; ".join(map(_answer, answers))
    closed = f"Closed before the meeting: {row['stands']}"
    return (
        row["place"],
        row["measure"],
        row["owner"],
        row["agency"],
        _day(was_due),
        late_in_words((meeting.held_on - was_due).days) if is_late else "",
        said or (closed if row["is_closed"] else NOT_REACHED),
    )


def _answer(one: Update) -> str:
    words = ANSWERS.get(one.answer, one.answer)
    until = f" to {_day(one.due_on)}" if one.due_on != one.was_due else ""
    return ": ".join(filter(None, (f"{words}{until}", one.said)))


def _line(meeting: Meeting, row: Mapping[Any, Any]) -> str:
    late = late_in_words(meeting.days_late(row))
    due = f"due {_day(row['due_on'])}"
    return f"{row['measure']} at {row['place']}: {', '.join(filter(None, (due, late)))}"


def _day(day: date | pd.Timestamp) -> str:
    return f"{day:%d %b %Y}"
