"""Say which days cannot be: one rule for every day that is entered of an action."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from hotspot.disruption.clocks import words_of
from hotspot.disruption.counting import Moment, day_of
from hotspot.disruption.ladders import order_of
from hotspot.disruption.measures import Measure
from hotspot.disruption.real_dates import DATES

ON, AT = "on", "at"
"""Fields of a form in which the day and the time of an event stand."""


def faults_of_event(
    measure: Measure, known: Mapping[str, Moment], event: str, moment: Moment, now: datetime
) -> dict[str, str]:
    """Say what is wrong with the day or the time that an event is given.

    Parameters
    ----------
    known
        When events of the action happened, and days that were entered.
    event
        An event of the measure's clock or ladder, or one of `DATES`.
    now
        The moment at which it is entered.

    Returns
    -------
    dict
        By field (`ON`, `AT`); nothing where the day can be. An event has not happened before it
        has come, nor before what it follows; one from which hours count has its time.
    """
    others = {name: when for name, when in known.items() if name != event}
    faults = {}
    if said := _too_early(measure, others, event, moment) or _to_come(measure, event, moment, now):
        faults[ON] = said
    if counts_hours(measure, event) and not isinstance(moment, datetime):
        faults[AT] = f"Give the time of '{words_of(event)}': hours count from it."
    return faults


def counts_hours(measure: Measure, event: str) -> bool:
    """Tell whether hours count from an event, so that its time is needed."""
    return any(step.after == event and step.within.hours is not None for step in measure.clock)


def fault_of_due(due_on: date, today: date) -> str:
    """Ask about a due date that has passed; nothing where it has not."""
    if due_on >= today:
        return ""
    return f"{_words(due_on)} has passed: choose a later day, or confirm that it is meant."


def order_of_events(measure: Measure) -> set[tuple[str, str]]:
    """Return pairs of events of which the second does not come before the first."""
    by_clock = {
        (step.after, step.happens_as)
        for step in measure.clock
        if step.happens_as is not None and not step.within.is_backwards
    }
    return _closed(by_clock | order_of(measure.stages) | set(measure.order))


def _closed(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Add what follows from two pairs: what comes after a follower comes after the first too."""
    while True:
        further = {(a, d) for a, b in pairs for c, d in pairs if b == c and a != d}
        if further <= pairs:
            return pairs
        pairs |= further


def _too_early(measure: Measure, others: Mapping[str, Moment], event: str, moment: Moment) -> str:
    """Say which other event a day contradicts; an entered day lies after what began the clock."""
    for before, after in sorted(order_of_events(measure)):
        if after == event and before in others and _lies_before(moment, others[before]):
            return _contradiction(event, moment, before, others[before])
        if before == event and after in others and _lies_before(others[after], moment):
            return _contradiction(after, others[after], event, moment)
    begun = [(day_of(when), name) for name, when in others.items() if name not in DATES]
    if event in DATES and begun and day_of(moment) < min(begun)[0]:
        return _contradiction(event, moment, min(begun)[1], min(begun)[0])
    return ""


def _to_come(measure: Measure, event: str, moment: Moment, now: datetime) -> str:
    if event in DATES or event in measure.to_come:
        return ""
    is_ahead = moment > now if isinstance(moment, datetime) else moment > day_of(now)
    if not is_ahead:
        return ""
    day = _words(day_of(moment))
    return f"{day} has not come yet: enter '{words_of(event)}' once it has happened."


def _lies_before(one: Moment, other: Moment) -> bool:
    """Compare by the minute where both have a time, else by the day."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return day_of(one) < day_of(other)


def _contradiction(event: str, moment: Moment, before: str, earlier: Moment) -> str:
    return (
        f"'{words_of(event)}' on {_words(day_of(moment))} lies before '{words_of(before)}' on "
        f"{_words(day_of(earlier))}; check both days."
    )


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
