"""What a meeting projects of the hotspots, suppressed."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.run import Run
from hotspot.disclosure.suppression import band, is_shown, withheld_in_words
from hotspot.services.hotspots.briefings import (
    change_in_words,
    event_in_words,
    hours_in_words,
)
from hotspot.services.hotspots.coverage import whole_period
from hotspot.services.hotspots.lineages import NEWS
from hotspot.services.hotspots.register import carried_by
from hotspot.services.hotspots.runs import holdings, scan
from hotspot.services.hotspots.shared_names import shared_names
from hotspot.services.hotspots.sharing import Guarded, ground_for, guarded, keep_ground
from hotspot.services.hotspots.times import Times, holiday_spans, records_in, times_in
from hotspot.services.workspace.audit_names import places_of_ground
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import snapshots
from hotspot.store.unit_of_work import Connection, reading

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
        What others call it.
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
    news
        What became of it since the last snapshot, in the words of the profile; empty where no
        snapshot was taken.
    change
        The last three months against the three before, in the words of the profile.
    """

    key: str
    label: str
    children: str
    events: str
    trend: str
    hours: str
    numbers: frozenset[int]
    shape: BaseGeometry
    news: str = ""
    change: str = ""


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
    times = _times_of(workspace, run, sources)
    with work_on(workspace, actor, Operation.SHOW_MEETING) as work:
        names = shared_names(workspace, work.connection, run, shared, ground)
        keep_ground(work, sources, names.ground)
        items = _items(work.connection, run, shared, names.by_key, times)
        work.log(
            "hotspots in a meeting",
            rows=len(items),
            shape={"withheld": shared.withheld.total()},
            places=places_of_ground(shared.table),
            recipients=recipients,
        )
    return Agenda(items, withheld_in_words(shared.withheld.total()))


def _times_of(workspace: Workspace, run: Run, sources: list[str]) -> dict[str, Times]:
    """Say of each hotspot that may be shared when its records happened."""
    used = select_used(scan(workspace, sources), run.params)
    whole = whole_period(holdings(workspace), sources, run.params)
    with reading(workspace.engine) as connection:
        holidays = holiday_spans(connection)
    shown = run.hotspots[is_shown(run.hotspots)]
    return {
        str(row["key"]): times_in(records_in(used, list(row["cells"])), whole, holidays)
        for row in shown.to_dict("records")
    }


def _items(
    connection: Connection,
    run: Run,
    shared: Guarded,
    names: dict[str, str],
    times: dict[str, Times],
) -> list[AgendaItem]:
    carried = carried_by(connection, run)
    events = _events_since(connection)
    items = []
    for row in run.hotspots[is_shown(run.hotspots)].to_dict("records"):
        key = str(row["key"])
        numbers = frozenset(n for n, at in carried.items() if at == key)
        change = times[key].change
        items.append(
            AgendaItem(
                key,
                names[key],
                band(row["children"]),
                band(row["events"]),
                TREND[times[key].trend_word],
                hours_in_words(times[key].rhythm.events, is_shared=True),
                numbers,
                shared.outlines.get(key, Polygon()),
                _news(numbers, events),
                change_in_words(change.word if change else ""),
            )
        )
    return items


def _events_since(connection: Connection) -> dict[int, str] | None:
    """Return what became of each hotspot in the newest snapshot; None where there is none."""
    lineage = snapshots.list_lineage(connection)
    if lineage.empty:
        return None
    newest = lineage[lineage["snapshot_id"] == lineage["snapshot_id"].max()]
    return dict(zip(newest["hotspot_id"].astype(int), newest["event"].astype(str), strict=True))


def _news(numbers: frozenset[int], events: dict[int, str] | None) -> str:
    """Say what became of a hotspot; one that the newest snapshot does not have is new."""
    if events is None:
        return ""
    own = [events[number] for number in sorted(numbers) if number in events]
    first = sorted(own, key=lambda event: NEWS.index(event) if event in NEWS else 0)
    return event_in_words(first[0] if first else "new")
