"""What a meeting projects of the hotspots, suppressed; and its minutes."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.run import Run
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.minutes import Minutes, write_minutes, write_minutes_page
from hotspot.disclosure.suppression import is_shown, suppress
from hotspot.disruption.meetings import ANSWERS, KINDS
from hotspot.services.hotspots.briefings import hours_in_words
from hotspot.services.hotspots.disclosures import named
from hotspot.services.hotspots.register import carried_by, driven_by_one_child, name_for, names_of
from hotspot.services.hotspots.runs import scan
from hotspot.services.hotspots.times import holiday_spans, records_in, times_in
from hotspot.services.meetings.book import Meeting, read_meeting
from hotspot.services.workspace.audit_names import hotspot_place, places_of_hotspots
from hotspot.services.workspace.exports import ExportFile, file_name
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import actions, snapshots
from hotspot.store.unit_of_work import reading

TREND = {
    "rising": "\u2197 more",
    "falling": "\u2198 fewer",
    "no clear trend": "\u2192 no clear change",
}


@dataclass(frozen=True)
class AgendaItem:
    """A hotspot as a meeting sees it: banded, rounded, by name.

    Attributes
    ----------
    key
        Its key in the run; it is not shown.
    label
        Running number and name.
    children, events
        Banded.
    trend
        An arrow with words, over the months.
    hours
        When of the week, a sentence.
    numbers
        Registered hotspots that it carries.
    shape
        Its outline, WGS84.
    """

    key: str
    label: str
    children: str
    events: str
    trend: str
    hours: str
    numbers: frozenset[int]
    shape: BaseGeometry


@dataclass(frozen=True)
class Agenda:
    """The hotspots that may be projected, and how many are withheld, by reason."""

    items: list[AgendaItem]
    withheld: str


def agenda_of(
    workspace: Workspace, actor: Actor, run: Run, sources: list[str], recipients: str
) -> Agenda:
    """Reduce the hotspots of a run to what may be projected to those who are there.

    Hotspots of fewer than 3 distinct children and those that one child dominates are withheld and
    counted; numbers are banded; there are no origins, no records and no exact hours.
    """
    permit(workspace, actor, Operation.SHOW_MEETING)
    shared, withheld = suppress(run.hotspots)
    shown = run.hotspots[is_shown(run.hotspots)].reset_index(drop=True)
    used = select_used(scan(workspace, sources), run.params)
    with reading(workspace.engine) as connection:
        carried, names = carried_by(connection, run), names_of(connection)
        holidays = holiday_spans(connection)
    items, taken = [], set(names.values())
    for at, row in enumerate(shown.to_dict("records")):
        numbers = frozenset(n for n, key in carried.items() if key == row["key"])
        name = next((names[n] for n in sorted(numbers) if names.get(n)), "")
        if not name:
            name = name_for(workspace, (float(row["lng"]), float(row["lat"])), taken)
            taken.add(name)
        times = times_in(records_in(used, list(row["cells"])), run.params, holidays)
        items.append(
            AgendaItem(
                str(row["key"]),
                f"{at + 1}: {name}".removesuffix(": "),
                str(shared["children"].iloc[at]),
                str(shared["events"].iloc[at]),
                TREND[times.trend_word],
                hours_in_words(times.rhythm.events, is_shared=True),
                numbers,
                row["geometry"],
            )
        )
    withheld["driven by one child"] += len(run.withheld)
    withheld = +withheld
    said = "; ".join(f"{count}: {reason}" for reason, count in sorted(withheld.items()))
    with work_on(workspace, actor, Operation.SHOW_MEETING) as work:
        shape, places = {"withheld": withheld.total()}, places_of_hotspots(shown)
        work.log(
            "hotspots in a meeting",
            rows=len(items),
            shape=shape,
            places=places,
            recipients=recipients,
        )
    return Agenda(items, said)


def withheld_numbers(workspace: Workspace, actor: Actor, run: Run) -> frozenset[int]:
    """Give the numbers of hotspots whose actions are not projected.

    They are carried by a withheld one, or one child's records drove them when they were last seen.
    What the run does not meet any more may be named; it has no outline and no count.
    """
    permit(workspace, actor, Operation.SHOW_MEETING)
    with reading(workspace.engine) as connection:
        carried = carried_by(connection, run)
        driven = driven_by_one_child(snapshots.list_lineage(connection))
    shown = set(run.hotspots.loc[is_shown(run.hotspots), "key"])
    hidden = {number for number, key in carried.items() if key not in shown}
    return frozenset(hidden | driven)


def export_minutes(  # noqa: PLR0913 - which, as what, without what, for whom, why
    workspace: Workspace,
    actor: Actor,
    meeting_id: int,
    form: FileForm,
    withheld: frozenset[int],
    *,
    recipients: str,
    reason: str,
) -> ExportFile:
    """Make the minutes of a meeting for named recipients; log the disclosure.

    Raises
    ------
    InputError
        No recipient is named, or no reason where the force asks for one.
    NotFoundError
        There is no such meeting.
    """
    recipients = named(recipients)
    with work_on(workspace, actor, Operation.EXPORT_MINUTES, reason) as work:
        found = read_meeting(workspace, work, meeting_id, withheld)
        table = actions.list_actions(work.connection)
        own = table[(table["meeting_id"] == meeting_id) & ~table["hotspot_id"].isin(withheld)]
        places = {hotspot_place(int(number)) for number in own["hotspot_id"]}
        work.log(
            f"minutes of meeting {meeting_id}",
            rows=1,
            shape={"form": form},
            places=places,
            recipients=recipients,
        )
    minutes = _minutes(workspace, found, actor, recipients)
    content = write_minutes(minutes) if form is FileForm.WORD else write_minutes_page(minutes)
    name = file_name(workspace, "minutes", form)
    return ExportFile(name, form, content, tuple(sorted(places)), recipients)


def _minutes(workspace: Workspace, meeting: Meeting, actor: Actor, recipients: str) -> Minutes:
    read = {None: "Not read back.", True: "Read back and agreed.", False: "Read back; not agreed."}
    settings = workspace.settings
    return Minutes(
        name=f"{meeting.name} ({KINDS.get(meeting.kind, meeting.kind)})",
        held_on=meeting.held_on,
        chair=meeting.chair,
        force=settings.name,
        present=[(one.name, one.agency) for one in meeting.attendance],
        asked=[
            (
                one.place,
                one.measure,
                one.owner,
                ": ".join(filter(None, (ANSWERS.get(one.answer, one.answer), one.said))),
                f"{one.due_on:%d %b %Y}",
            )
            for one in meeting.updates
        ],
        agreed=[
            (
                row["place"],
                row["measure"],
                row["owner"],
                row["agency"],
                f"{row['due_on']:%d %b %Y}",
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
        marking=settings.marking,
        handling=settings.handling,
        made_by=actor.name,
        recipients=recipients,
    )
