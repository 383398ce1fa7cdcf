"""Put what happened to an action and what is due on one line: the past stays on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hotspot.disruption.clocks import Deadline, words_of
from hotspot.disruption.counting import day_of
from hotspot.disruption.ladders import CLOSED
from hotspot.disruption.measures import Measure
from hotspot.disruption.real_dates import DATES
from hotspot.schema import how_many
from hotspot.services.workspace.measure_catalogue import moment_of

DONE, LATE, PASSED, NEXT, TO_COME = "done", "late", "passed", "next", "to come"


@dataclass(frozen=True)
class Station:
    """One day of an action.

    Attributes
    ----------
    on
        The day.
    says
        What happened or is due.
    mark
        `done`; `late`: it has passed, and what it leads to has not happened; `passed`: it has
        passed, and leads to nothing that is recorded; `next`: the nearest to come; `to come`.
    away
        How far off it is, for what is late or next.
    """

    on: date
    says: str
    mark: str
    away: str = ""


def stations_of(
    measure: Measure | None,
    action: Mapping[Any, Any],
    happened: Mapping[str, str],
    deadlines: list[Deadline],
    today: date,
) -> list[Station]:
    """Return what happened and what is due, the earliest first.

    Parameters
    ----------
    action
        As listed: `state` and `due_on`.
    happened
        When events happened, as kept.
    deadlines
        The deadlines of the action, those of the past among them.
    """
    is_closed = action["state"] in CLOSED
    done = [
        Station(day_of(moment_of(when)), words_of(name).capitalize(), DONE)
        for name, when in happened.items()
        if name not in DATES
    ]
    leads_to = {step.step: step.happens_as for step in measure.clock} if measure else {}
    by_itself = {step.step for step in measure.clock if step.by_itself} if measure else set()
    due = [
        _station(one, today, is_led=bool(leads_to.get(one.step)) and one.step not in by_itself)
        for one in deadlines
        if leads_to.get(one.step) not in happened
    ]
    own = Station(action["due_on"], "The action is due", DONE if is_closed else TO_COME)
    if not is_closed and own.on < today:
        own = Station(own.on, own.says, LATE, f"{how_many((today - own.on).days, 'day')} late")
    return _with_next(sorted([*done, *due, own], key=lambda one: one.on), today)


def _station(deadline: Deadline, today: date, *, is_led: bool) -> Station:
    if deadline.due_on >= today:
        return Station(deadline.due_on, deadline.says, TO_COME)
    days = how_many((today - deadline.due_on).days, "day")
    if is_led:
        return Station(deadline.due_on, deadline.says, LATE, f"{days} late")
    return Station(deadline.due_on, deadline.says, PASSED, f"{days} ago")


def _with_next(stations: list[Station], today: date) -> list[Station]:
    """Mark the nearest day to come."""
    at = next((n for n, one in enumerate(stations) if one.mark == TO_COME), None)
    if at is None:
        return stations
    one = stations[at]
    days = (one.on - today).days
    away = "today" if not days else f"in {how_many(days, 'day')}"
    return [*stations[:at], Station(one.on, one.says, NEXT, away), *stations[at + 1 :]]
