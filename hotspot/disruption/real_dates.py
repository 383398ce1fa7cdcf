"""Let the days that are known lead: a hearing as it is listed, an order's end, the next review."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime

from hotspot.disruption.clocks import ClockStep, Deadline, events_of, starts_of
from hotspot.disruption.counting import Moment

DATES = {
    "hearing_listed_for": "Hearing listed for",
    "last_day_in_force": "In force until",
    "next_review": "Next review",
    "interim_return": "Interim order returns to court",
}
"""Days that are entered on any action, and what they are called. A clock can count from one too."""
_LEADS_TO = {"hearing_listed_for": {"heard"}, "last_day_in_force": {"ended", "expired"}}
"""By day: the events of clocks that it is the planned day of."""
_REVIEWS = frozenset({"look_again_by", "next_look_by", "again_by", "plan_checked_by"})
"""Steps of clocks that the next review takes the place of."""
ENTERED = "as entered on the action"


def step_led_by(
    clock: tuple[ClockStep, ...], name: str, happened: Collection[str] = ()
) -> ClockStep | None:
    """Return the step of a clock that a day takes the place of; None where it stands alone.

    The next review takes the place of the first look that has not been taken yet.
    """
    if name == "next_review":
        looks = (step for step in clock if step.step in _REVIEWS)
        return next((step for step in looks if step.happens_as not in happened), None)
    events = _LEADS_TO.get(name, set())
    return next((step for step in clock if step.happens_as in events), None)


def deadlines_with_dates(
    clock: tuple[ClockStep, ...],
    moments: Mapping[str, Moment],
    compute: Callable[[Mapping[str, Moment]], list[Deadline]],
) -> list[Deadline]:
    """Compute deadlines so that the days which are known lead, and the last days warn.

    Parameters
    ----------
    clock
        Steps of a measure.
    moments
        What happened, and what days were entered (`DATES`).
    compute
        Computes the deadlines of what happened (see `clocks.compute_deadlines`).

    Returns
    -------
    list of Deadline
        A step whose day was entered is due on that day, and says the last day that the rule gives,
        with a caution where the entered day lies after it. Steps that count from an event that is
        still to come count from the day that it is listed for.
    """
    happened = {name: at for name, at in moments.items() if name in events_of(clock)}
    entered = {name: _day(at) for name, at in moments.items() if name in DATES}
    led = {
        name: step
        for name in entered
        if (step := step_led_by(clock, name, happened)) is not None
        and step.happens_as not in happened
        and not _is_looked_at(step, name, entered, happened)
    }
    planned: dict[str, Moment] = {
        step.happens_as: moments[name] for name, step in led.items() if step.happens_as
    }
    is_begun = bool(set(starts_of(clock)) & set(happened))
    computed = compute({**happened, **planned}) if is_begun else []
    known = {one.step for one in computed}
    by_step = {step.step: name for name, step in led.items() if step.step in known}
    dated = [
        _led(one, by_step[one.step], entered[by_step[one.step]]) if one.step in by_step else one
        for one in computed
    ]
    alone = [
        name
        for name in entered
        if name not in {*by_step.values(), *happened}
        and not _is_past(clock, name, happened)
        and not _is_reviewed(clock, name, entered, happened)
    ]
    return dated + [_alone(name, entered[name]) for name in alone]


def _is_looked_at(
    step: ClockStep, name: str, entered: Mapping[str, date], happened: Mapping[str, Moment]
) -> bool:
    """Tell whether a review was entered for a day before the look that the step counts from."""
    looked = happened.get(step.after)
    return name == "next_review" and looked is not None and entered[name] <= _day(looked)


def _is_reviewed(
    clock: tuple[ClockStep, ...],
    name: str,
    entered: Mapping[str, date],
    happened: Mapping[str, Moment],
) -> bool:
    looks = (step for step in clock if step.step in _REVIEWS)
    return any(_is_looked_at(step, name, entered, happened) for step in looks)


def _is_past(clock: tuple[ClockStep, ...], name: str, happened: Mapping[str, Moment]) -> bool:
    step = step_led_by(clock, name, happened)
    return step is not None and step.happens_as in happened


def _led(deadline: Deadline, name: str, day: date) -> Deadline:
    """Put the day that was entered in place of the last one, which stays as a warning."""
    last = f"{deadline.due_on.day} {deadline.due_on:%B %Y}"
    late = f"lies after {last}, the last day by the rule: {deadline.rule} ({deadline.source})"
    return replace(
        deadline,
        says=DATES[name],
        due_on=day,
        due_at=None,
        assumption=f"{ENTERED}; the last day by the rule is {last}",
        cautions=(*deadline.cautions, late) if day > deadline.due_on else deadline.cautions,
    )


def _alone(name: str, day: date) -> Deadline:
    return Deadline(name, DATES[name], day, None, ENTERED, "the action", "date", "", ())


def _day(at: Moment) -> date:
    return at.date() if isinstance(at, datetime) else at
