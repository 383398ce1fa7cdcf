"""Compute the deadlines of a measure from what has happened, each with its rule and its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hotspot.disruption.working_days import (
    WorkingCalendar,
    add_hours,
    add_months,
    is_christmas,
)
from hotspot.errors import InputError
from hotspot.schema import TIME_ZONE

Moment = date | datetime
"""A day, or a moment with a time zone where hours count."""
NOT_CHECKED = "not yet checked by your legal team"


class Within(BaseModel):
    """How long: exactly one of the units.

    Attributes
    ----------
    days, working_days, months, hours
        How many. Months end on the day of the same number, or the last of the month.
    from_same_day
        Whether the day of the event is the first one counted; else the day after it is.
    before
        Whether the working days lie before the event, not after it.
    hours_of
        Of which days the hours count.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int | None = Field(default=None, gt=0)
    working_days: int | None = Field(default=None, gt=0)
    months: int | None = Field(default=None, gt=0)
    hours: int | None = Field(default=None, gt=0)
    from_same_day: bool = False
    before: bool = False
    hours_of: Literal["every day", "working days", "every day but Christmas Day"] = "every day"

    @model_validator(mode="after")
    def _is_one_rule(self) -> Within:
        units = [self.days, self.working_days, self.months, self.hours]
        if sum(unit is not None for unit in units) != 1:
            message = "give exactly one of days, working_days, months and hours"
            raise ValueError(message)
        if self.before and self.working_days is None:
            message = "only working days are counted backwards"
            raise ValueError(message)
        if self.from_same_day and self.days is None and self.working_days is None:
            message = "only days and working days can begin with the day itself"
            raise ValueError(message)
        return self

    def words(self, event: str) -> str:
        """Say the rule in words."""
        named = f"'{words_of(event)}'"
        if self.hours is not None:
            of = "" if self.hours_of == "every day" else f", counting the hours of {self.hours_of}"
            return f"within {self.hours} hours of {named}{of}"
        if self.months is not None:
            return f"at most {_counted(self.months, 'month')} from the day of {named}"
        count = (
            _counted(self.days, "day")
            if self.days
            else _counted(self.working_days or 0, "working day")
        )
        if self.before:
            return f"{count} or more before {named}"
        first = "the day" if self.from_same_day else "the day after that"
        return f"{count}, the first one {first} of {named}"


class ClockStep(BaseModel):
    """One deadline of a measure.

    Attributes
    ----------
    step
        Its short name.
    says
        What is due, in words.
    after
        The event from which it is counted: the measure's first, or one that an earlier step
        `happens_as`.
    within
        How long.
    happens_as
        The event that happens by this deadline, from which later steps count. Until it has
        happened they count from the last day for it, and say so.
    duty
        Whether it is a rule of law, a target, or the force's own practice.
    source
        Where the rule stands.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    step: str
    says: str
    after: str
    within: Within
    happens_as: str | None = None
    duty: Literal["law", "target", "practice"] = "law"
    source: str


@dataclass(frozen=True)
class Deadline:
    """A deadline, computed.

    Attributes
    ----------
    step, says, rule, source
        As in the catalogue, the rule in words.
    due_on
        The last day for it.
    due_at
        The last moment, where hours count; else null.
    duty
        Law, target or practice.
    assumption
        What was taken for granted; empty where all events are known.
    cautions
        Why it should not be relied on yet.
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


def events_of(clock: tuple[ClockStep, ...]) -> list[str]:
    """List the events of a clock in their order: the first, and those that steps happen as."""
    found = [step.after for step in clock[:1]]
    found += [step.happens_as for step in clock if step.happens_as is not None]
    return found


def compute_deadlines(
    clock: tuple[ClockStep, ...],
    happened: Mapping[str, Moment],
    calendar: WorkingCalendar,
    *,
    is_checked: bool = False,
) -> list[Deadline]:
    """Compute the deadlines of a clock.

    Parameters
    ----------
    clock
        Steps of a measure, each after an event that comes earlier.
    happened
        When events happened, by name. The first event must be there.
    calendar
        The working days.
    is_checked
        Whether the force's legal team has read the measure against the law.

    Raises
    ------
    InputError
        An event is not one of the clock, the first is missing, one lies before the event it
        follows, or a moment has no time zone.
    """
    known = events_of(clock)
    if not clock or known[0] not in happened or not set(happened) <= set(known):
        message = (
            f"Give the day of '{words_of(known[0])}'; what can be given: "
            f"{', '.join(words_of(name) for name in known)}."
            if clock
            else "This measure has no deadlines of its own."
        )
        raise InputError(message)
    _check_order(clock, happened)
    moments: dict[str, Moment] = dict(happened)
    assumed: dict[str, str] = {}
    found = []
    for step in clock:
        start, taken = moments[step.after], [assumed.get(step.after, "")]
        if step.within.hours is not None and not isinstance(start, datetime):
            taken.append("no time was given, so the hours are counted from midnight, the earliest")
        due_on, due_at = _due(start, step.within, calendar)
        if step.happens_as is not None and step.happens_as not in happened:
            moments[step.happens_as] = due_at or due_on
            day = f"{due_on.day} {due_on:%B %Y}"
            event = words_of(step.happens_as)
            assumed[step.happens_as] = f"'{event}' on the last day for it, {day}"
        cautions = [] if is_checked else [NOT_CHECKED]
        if due_on > calendar.known_until and _needs_calendar(step.within):
            cautions.append(
                f"bank holidays are known until {calendar.known_until.year} only; check the day"
            )
        found.append(
            Deadline(
                step.step,
                step.says,
                due_on,
                due_at,
                step.within.words(step.after),
                step.source,
                step.duty,
                "; ".join(filter(None, taken)),
                tuple(cautions),
            )
        )
    return found


def words_of(event: str) -> str:
    """Write the name of an event as words."""
    return event.replace("_", " ")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _due(start: Moment, within: Within, calendar: WorkingCalendar) -> tuple[date, datetime | None]:
    zone = ZoneInfo(TIME_ZONE)
    if within.hours is not None:
        begin = start if isinstance(start, datetime) else datetime.combine(start, time(), zone)
        counted: dict[str, Callable[[date], bool]] = {
            "every day": lambda _: True,
            "working days": calendar.is_working,
            "every day but Christmas Day": lambda day: not is_christmas(day),
        }
        at = add_hours(begin, within.hours, counted[within.hours_of])
        return at.date(), at
    day = _day_of(start)
    if within.months is not None:
        return add_months(day, within.months), None
    if within.before:
        return calendar.before(day, within.working_days or 0), None
    begin_on = day if within.from_same_day else date.fromordinal(day.toordinal() + 1)
    if within.working_days is not None:
        return calendar.last_of(begin_on, within.working_days), None
    return date.fromordinal(begin_on.toordinal() + (within.days or 0) - 1), None


def _day_of(moment: Moment) -> date:
    """Give the local day of a moment."""
    if isinstance(moment, datetime):
        return moment.astimezone(ZoneInfo(TIME_ZONE)).date()
    return moment


def _needs_calendar(within: Within) -> bool:
    return within.working_days is not None or within.hours_of == "working days"


def _check_order(clock: tuple[ClockStep, ...], happened: Mapping[str, Moment]) -> None:
    for name, moment in happened.items():
        if isinstance(moment, datetime) and moment.tzinfo is None:
            message = f"The time of '{name}' has no time zone."
            raise InputError(message)
    for step in clock:
        event = step.happens_as
        if event is not None and event in happened and step.after in happened:
            first, then = _day_of(happened[step.after]), _day_of(happened[event])
            if then < first:
                message = (
                    f"'{words_of(event)}' on {then:%d %B %Y} lies before "
                    f"'{words_of(step.after)}' on {first:%d %B %Y}; check both days."
                )
                raise InputError(message)
