"""Compute the deadlines of a measure from what has happened, each with its rule and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from hotspot.disruption.counting import Moment, Within, day_of, due_by, rests_on_unknown
from hotspot.disruption.provenance import Provenance
from hotspot.disruption.working_days import WorkingCalendar
from hotspot.errors import InputError

NOT_CHECKED = "not yet checked by your legal team"


class ClockStep(BaseModel):
    """One deadline of a measure.

    Attributes
    ----------
    step
        Its short name.
    says
        What is due, in words.
    after
        The event from which it is counted: the measure's first, one that an earlier step
        `happens_as`, or, where the step `waits`, one of its own.
    within
        How long.
    happens_as
        The event that happens by this deadline, from which later steps count. Until it has
        happened they count from the last day for it, and say so.
    by_itself
        Whether that event comes by the passing of time, so that nobody has to record it: its
        deadline is over once the day has passed.
    waits
        Whether `after` is an event that need not come, or that nothing tells the last day of, such
        as an appeal: the step has no day until it is known.
    duty
        Whether it is a rule of law, a target, or the force's own practice.
    provenance
        Where the rule stands, where it was read, and what is from memory.
    source
        Where the rule stands, for a step of a force's own that has no `provenance`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    step: str
    says: str
    after: str
    within: Within
    happens_as: str | None = None
    by_itself: bool = False
    waits: bool = False
    duty: Literal["law", "target", "practice"] = "law"
    provenance: Provenance | None = None
    source: str = ""

    @model_validator(mode="after")
    def _says_where_it_stands(self) -> ClockStep:
        if self.provenance is None and not self.source.strip():
            message = f"step '{self.step}' says nothing of where its rule stands: give provenance"
            raise ValueError(message)
        return self

    @property
    def stands_in(self) -> str:
        """Return where the rule stands, and whether that is to be checked."""
        return self.provenance.short if self.provenance is not None else self.source


@dataclass(frozen=True)
class Deadline:
    """A deadline, computed.

    Attributes
    ----------
    step, says, rule, source
        As in the catalogue, the rule in words.
    due_on
        The last day for it; for one that is "not before", the first.
    due_at
        The last moment, where hours count; else None.
    duty
        Law, target or practice.
    assumption
        What was taken for granted; empty where all events are known.
    cautions
        Why it should not be relied on yet.
    provenance
        Where the rule was read, and what is from memory; None where nothing says so.
    """

    step: str
    says: str
    due_on: date
    due_at: datetime | None
    rule: str
    source: str
    duty: str
    assumption: str
    cautions: tuple[str, ...]
    provenance: Provenance | None = None


def events_of(clock: tuple[ClockStep, ...]) -> list[str]:
    """List the events of a clock in the order of its steps: what they count from or happen as."""
    events: dict[str, None] = {}
    for step in clock:
        events[step.after] = None
        if step.happens_as is not None:
            events[step.happens_as] = None
    return list(events)


def starts_of(clock: tuple[ClockStep, ...]) -> list[str]:
    """List the events that no step leads to: the first, and those that steps wait for."""
    led_to = {step.happens_as for step in clock}
    return list(dict.fromkeys(step.after for step in clock if step.after not in led_to))


def waiting_steps(clock: tuple[ClockStep, ...], happened: Mapping[str, Moment]) -> list[ClockStep]:
    """List the steps that have no day yet, because the event they count from is not known."""
    known, waiting = set(happened), []
    for step in clock:
        if step.after not in known:
            waiting.append(step)
        elif step.happens_as is not None:
            known.add(step.happens_as)
    return waiting


def check_clock(clock: tuple[ClockStep, ...]) -> None:
    """Refuse a clock that does not hang together.

    Raises
    ------
    ValueError
        A step counts from an event that nothing leads to, though it does not say that it waits; or
        a step or an event is there twice.
    """
    known = {step.after for step in clock[:1]}
    for step in clock:
        if step.waits and step.after not in starts_of(clock):
            message = f"step '{step.step}' waits for '{step.after}', which another step leads to"
            raise ValueError(message)
        if step.after not in known and not step.waits:
            message = f"step '{step.step}' counts from '{step.after}', which nothing leads to"
            raise ValueError(message)
        known |= {step.after, step.happens_as or step.after}
    names = [step.step for step in clock]
    led_to = [step.happens_as for step in clock if step.happens_as is not None]
    if len(set(names)) < len(names) or len(set(led_to)) < len(led_to):
        message = "a step or an event is there twice"
        raise ValueError(message)
    if clock and clock[0].after in led_to:
        message = f"the first event, '{clock[0].after}', cannot be one that a step leads to"
        raise ValueError(message)


@dataclass
class _Counting:
    """What is known while the steps of a clock are counted one after the other."""

    calendar: WorkingCalendar
    moments: dict[str, Moment]
    assumed: dict[str, str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)

    def count(self, step: ClockStep, cautions: tuple[str, ...]) -> Deadline:
        """Return the deadline of a step whose event is known or assumed."""
        start, taken = self.moments[step.after], [self.assumed.get(step.after, "")]
        if step.within.hours is not None and not isinstance(start, datetime):
            taken.append("no time was given, so the hours are counted from midnight, the earliest")
        due_on, due_at = due_by(start, step.within, self.calendar)
        rests = rests_on_unknown(start, due_on, step.within, self.calendar)
        is_unsure = rests or step.after in self.unsure
        if step.happens_as is not None and step.happens_as not in self.moments:
            self._assume(step.happens_as, due_at or due_on, is_unsure=is_unsure)
        if is_unsure:
            year = self.calendar.known_until.year
            cautions = (*cautions, f"bank holidays are known until {year} only; check the day")
        return Deadline(
            step.step,
            step.says,
            due_on,
            due_at,
            step.within.words(words_of(step.after)),
            step.stands_in,
            step.duty,
            "; ".join(filter(None, taken)),
            cautions,
            step.provenance,
        )

    def _assume(self, event: str, moment: Moment, *, is_unsure: bool) -> None:
        self.moments[event] = moment
        on = day_of(moment)
        self.assumed[event] = f"'{words_of(event)}' on the last day for it, {on.day} {on:%B %Y}"
        if is_unsure:
            self.unsure.add(event)


def compute_deadlines(
    clock: tuple[ClockStep, ...],
    happened: Mapping[str, Moment],
    calendar: WorkingCalendar,
    *,
    is_checked: bool = False,
) -> list[Deadline]:
    """Compute the deadlines of a clock, apart from those that wait for what is not known.

    Parameters
    ----------
    clock
        Steps of a measure, each after an event that comes earlier.
    happened
        When events happened, by name. One that the clock starts with must be there (`starts_of`).
    calendar
        The working days.
    is_checked
        Whether the force's legal team has read the measure against the law.

    Raises
    ------
    InputError
        An event is not one of the clock, none is there that it starts with, one lies before the
        event it follows, or a moment has no time zone.
    """
    if not clock:
        message = "This measure has no deadlines of its own."
        raise InputError(message)
    known, starts = events_of(clock), starts_of(clock)
    if not set(happened) <= set(known) or not set(happened) & set(starts):
        message = (
            f"Give the day of {' or '.join(repr(words_of(name)) for name in starts)}; "
            f"what can be given: {', '.join(words_of(name) for name in known)}."
        )
        raise InputError(message)
    _check_order(clock, happened)
    counting = _Counting(calendar, dict(happened))
    cautions = () if is_checked else (NOT_CHECKED,)
    return [counting.count(step, cautions) for step in clock if step.after in counting.moments]


def words_of(event: str) -> str:
    """Write the name of an event as words."""
    return event.replace("_", " ")


def _check_order(clock: tuple[ClockStep, ...], happened: Mapping[str, Moment]) -> None:
    for name, moment in happened.items():
        if isinstance(moment, datetime) and moment.tzinfo is None:
            message = f"The time of '{name}' has no time zone."
            raise InputError(message)
    led_from = {
        step.happens_as: step.after
        for step in clock
        if step.happens_as is not None and not step.within.is_backwards
    }
    for event, moment in happened.items():
        before = led_from.get(event)
        while before is not None and before not in happened:
            before = led_from.get(before)
        if before is not None and day_of(moment) < day_of(happened[before]):
            message = (
                f"'{words_of(event)}' on {day_of(moment):%d %B %Y} lies before "
                f"'{words_of(before)}' on {day_of(happened[before]):%d %B %Y}; check both days."
            )
            raise InputError(message)
