"""What a meeting projects of the hotspots, suppressed; and its minutes."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.run import Run
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.minutes import Minutes, write_minutes, write_minutes_page
from hotspot.disclosure.suppression import band, is_shown, names_among, withheld_in_words
from hotspot.disruption.meetings import ANSWERS, KINDS
from hotspot.services.hotspots.briefings import hours_in_words
from hotspot.services.hotspots.coverage import whole_period
from hotspot.services.hotspots.disclosures import named
from hotspot.services.hotspots.register import carried_by, name_of_shared, names_of
from hotspot.services.hotspots.runs import holdings, scan
from hotspot.services.hotspots.sharing import Guarded, ground_for, guarded, keep_ground, shareable
from hotspot.services.hotspots.times import holiday_spans, records_in, times_in
from hotspot.services.meetings.book import Meeting, read_meeting, withheld_in
from hotspot.services.workspace.audit_names import hotspot_place, places_of_ground
from hotspot.services.workspace.exports import ExportFile, file_name
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import actions
from hotspot.store.unit_of_work import reading

TREND = {
    "rising": "\u2197 more",
    "falling": "\u2198 fewer",
    "no clear trend": "\u2192 no clear change",
    "too few to tell a trend": "too few to tell",
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
        The outline of its shared ground, WGS84; empty until the shared outlines are drawn anew.
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
    """The hotspots that may be projected, and how many are withheld, in words."""

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
    ground = ground_for(workspace, sources)
    shared = guarded(workspace, run, sources, ground)
    items = _items(workspace, run, sources, shared)
    with work_on(workspace, actor, Operation.SHOW_MEETING) as work:
        keep_ground(work, sources, ground)
        work.log(
            "hotspots in a meeting",
            rows=len(items),
            shape={"withheld": shared.withheld.total()},
            places=places_of_ground(shared.table),
            recipients=recipients,
        )
    return Agenda(items, withheld_in_words(shared.withheld.total()))


def _items(workspace: Workspace, run: Run, sources: list[str], shared: Guarded) -> list[AgendaItem]:
    shown = run.hotspots[is_shown(run.hotspots)].reset_index(drop=True)
    used = select_used(scan(workspace, sources), run.params)
    whole = whole_period(holdings(workspace), sources, run.params)
    with reading(workspace.engine) as connection:
        carried, known = carried_by(connection, run), names_of(connection)
        holidays = holiday_spans(connection)
    names = names_among(
        name_of_shared(workspace, row, shared.outlines.get(row["key"]), carried, known)
        for row in shown.to_dict("records")
    )
    items = []
    for at, (row, name) in enumerate(zip(shown.to_dict("records"), names, strict=True), 1):
        times = times_in(records_in(used, list(row["cells"])), whole, holidays)
        items.append(
            AgendaItem(
                str(row["key"]),
                f"{at}: {name}".removesuffix(": "),
                band(row["children"]),
                band(row["events"]),
                TREND[times.trend_word],
                hours_in_words(times.rhythm.events, is_shared=True),
                frozenset(n for n, key in carried.items() if key == row["key"]),
                shared.outlines.get(row["key"], Polygon()),
            )
        )
    return items


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
    recipients = named(recipients)
    permit(workspace, actor, Operation.EXPORT_MINUTES, reason)
    shareable(workspace, run.params, sources)
    with work_on(workspace, actor, Operation.EXPORT_MINUTES, reason) as work:
        withheld = withheld_in(work.connection, run)
        meeting = read_meeting(workspace, work, meeting_id, withheld)
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
    minutes = _minutes(workspace, meeting, actor, recipients)
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
