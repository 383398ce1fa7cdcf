"""Count from a day or a moment as a rule of law does, and say the rule in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hotspot.disruption.working_days import (
    WorkingCalendar,
    add_hours,
    add_months,
    is_christmas,
    is_good_friday,
)
from hotspot.schema import TIME_ZONE

Moment = date | datetime
"""A day, or a moment with a time zone where hours count."""
Counted = Literal["after", "beginning with", "clear after", "before", "clear before"]
"""How a number of days lies to the day of an event.

`after`: the day of the event is not counted. `beginning with`: it is the first one counted, so that
the last lies one day earlier. `clear after` ("not less than n days after"): neither the day of the
event nor the day of the act is counted. `before` and `clear before`: the same, backwards.
"""
Disregarded = Literal["Saturdays", "Sundays", "Christmas Day", "Good Friday", "bank holidays"]
"""Days whose hours a rule leaves out; each rule has its own."""
ALL_NON_WORKING: tuple[Disregarded, ...] = (
    "Saturdays",
    "Sundays",
    "Christmas Day",
    "Good Friday",
    "bank holidays",
)
UNITS = ("days", "working_days", "months", "years", "hours")
"""The units that a rule can have, one of them each."""
_ALLOWED: dict[str, tuple[str, ...]] = {
    "days": ("after", "beginning with", "clear after", "before", "clear before"),
    "working_days": ("after", "beginning with", "clear after", "before", "clear before"),
    "months": ("after", "beginning with"),
    "years": ("after", "beginning with"),
    "hours": ("after", "before"),
}
_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6
_MONTHS_A_YEAR = 12


class Within(BaseModel):
    """How long: exactly one of the units, or the day of the event itself.

    Attributes
    ----------
    days, working_days, months, years, hours
        How many. Months and years after a day end on the day of the same number, or the last of
        the month; those beginning with it end on the day before.
    on_the_day
        Whether the day of the event is itself the deadline, as where a court has named it.
    counted
        How the days lie to the day of the event.
    disregards
        Days whose hours do not count.
    noon_after_holiday
        Whether days that end on a Sunday, Christmas Day, Good Friday or a bank holiday go on until
        noon of the next day that is none of these.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int | None = Field(default=None, gt=0)
    working_days: int | None = Field(default=None, gt=0)
    months: int | None = Field(default=None, gt=0)
    years: int | None = Field(default=None, gt=0)
    hours: int | None = Field(default=None, gt=0)
    on_the_day: bool = False
    counted: Counted = "after"
    disregards: tuple[Disregarded, ...] = ()
    noon_after_holiday: bool = False

    @model_validator(mode="before")
    @classmethod
    def _read_older_words(cls, given: Any) -> Any:  # noqa: ANN401 - whatever a file holds
        """Read the words in which a force's file may say a rule since an earlier version."""
        if not isinstance(given, dict):
            return given
        fields = dict(given)
        if fields.pop("from_same_day", False):
            fields["counted"] = "beginning with"
        if fields.pop("before", False):
            fields["counted"] = "before"
        older: dict[str, tuple[Disregarded, ...]] = {
            "every day": (),
            "working days": ALL_NON_WORKING,
            "every day but Christmas Day": ("Christmas Day",),
        }
        if fields.get("hours_of") in older:
            fields["disregards"] = older[fields.pop("hours_of")]
        return fields

    @model_validator(mode="after")
    def _is_one_rule(self) -> Within:
        given = [unit for unit in UNITS if getattr(self, unit) is not None]
        if len(given) + self.on_the_day != 1:
            message = "give exactly one of days, working_days, months, years, hours and on_the_day"
            raise ValueError(message)
        if self.counted not in (_ALLOWED[given[0]] if given else ("after",)):
            message = f"{given[0] if given else 'a day itself'} cannot be counted '{self.counted}'"
            raise ValueError(message)
        if self.disregards and (self.hours is None or self.is_backwards):
            message = "only hours that follow an event can disregard days"
            raise ValueError(message)
        if self.noon_after_holiday and (self.days is None or self.is_backwards):
            message = "only days that follow an event can go on until noon after a holiday"
            raise ValueError(message)
        return self

    @property
    def is_backwards(self) -> bool:
        """Tell whether it lies before the event."""
        return self.counted in ("before", "clear before")

    @property
    def needs_bank_holidays(self) -> bool:
        """Tell whether the day depends on which days are proclaimed bank holidays."""
        by_day = self.working_days is not None or self.noon_after_holiday
        return by_day or "bank holidays" in self.disregards

    def words(self, event: str) -> str:
        """Say the rule in words.

        Parameters
        ----------
        event
            The event in words.
        """
        day = f"the day of '{event}'"
        if self.on_the_day:
            return f"on {day}"
        if self.hours is not None:
            return self._words_of_hours(f"'{event}'")
        unit = next(unit for unit in UNITS if getattr(self, unit) is not None)
        number, name = getattr(self, unit), unit.replace("_", " ")
        plural = name if number > 1 else name.removesuffix("s")
        count, clear = f"{number} {plural}", f"{number} clear {plural}"
        said = {
            "after": f"{count} after {day}",
            "beginning with": f"{count} beginning with {day}",
            "clear after": f"not before {clear} have passed since {day}",
            "before": f"at least {count} before {day}",
            "clear before": f"with at least {clear} between it and {day}",
        }[self.counted]
        return said + self._words_of_end(unit)

    def _words_of_hours(self, event: str) -> str:
        count = f"{self.hours} hour{'s' if self.hours != 1 else ''}"
        if self.is_backwards:
            return f"at least {count} before the time of {event}"
        if not self.disregards:
            return f"within {count} of {event}"
        *most, last = self.disregards
        left_out = f"{', '.join(most)} and {last}" if most else last
        return f"within {count} of {event}, disregarding {left_out}"

    def _words_of_end(self, unit: str) -> str:
        if self.noon_after_holiday:
            return (
                "; if the last one is a Sunday, Christmas Day, Good Friday or a bank holiday, "
                "until noon of the next day that is none"
            )
        if unit not in ("months", "years"):
            return ""
        if self.counted == "beginning with":
            return ", so that the last day is the one before that of the same number"
        return ", so that the last day is the one of the same number, or the last of its month"


def due_by(
    start: Moment, within: Within, calendar: WorkingCalendar
) -> tuple[date, datetime | None]:
    """Return the last day and, where hours count, the last moment.

    Parameters
    ----------
    start
        When the event happened, or the earlier one that stands for it.
    within
        The rule. One that is `clear after` gives the first day on which the act may be done.
    calendar
        The working days.
    """
    if within.hours is not None:
        at = _due_at(start, within, within.hours, calendar)
        return at.date(), at
    day = day_of(start)
    if within.on_the_day:
        return day, None
    months = within.months or (within.years or 0) * _MONTHS_A_YEAR
    if months:
        last = add_months(day, months)
        return (last - _DAY if within.counted == "beginning with" else last), None
    if within.working_days is not None:
        return _by_working_days(day, within, within.working_days, calendar), None
    last = _by_days(day, within, within.days or 0)
    if within.noon_after_holiday and calendar.is_public_holiday(last):
        return _noon_after(last, calendar)
    return last, None


def rests_on_unknown(
    start: Moment, due_on: date, within: Within, calendar: WorkingCalendar
) -> bool:
    """Tell whether the count runs over days of which it is not known if they are bank holidays."""
    last_counted = day_of(start) - _DAY if within.is_backwards else due_on
    return within.needs_bank_holidays and last_counted > calendar.known_until


def day_of(moment: Moment) -> date:
    """Return the local day of a moment."""
    if isinstance(moment, datetime):
        return moment.astimezone(ZoneInfo(TIME_ZONE)).date()
    return moment


def _due_at(start: Moment, within: Within, hours: int, calendar: WorkingCalendar) -> datetime:
    zone = ZoneInfo(TIME_ZONE)
    begin = start if isinstance(start, datetime) else datetime.combine(start, time(), zone)
    if within.is_backwards:
        return (begin.astimezone(ZoneInfo("UTC")) - timedelta(hours=hours)).astimezone(zone)
    is_left_out: dict[Disregarded, Callable[[date], bool]] = {
        "Saturdays": lambda day: day.weekday() == _SATURDAY,
        "Sundays": lambda day: day.weekday() == _SUNDAY,
        "Christmas Day": is_christmas,
        "Good Friday": is_good_friday,
        "bank holidays": calendar.is_bank_holiday,
    }
    tests = [is_left_out[name] for name in within.disregards]
    return add_hours(begin, hours, lambda day: not any(test(day) for test in tests))


def _by_days(day: date, within: Within, count: int) -> date:
    lies = {
        "after": count,
        "beginning with": count - 1,
        "clear after": count + 1,
        "before": -count,
        "clear before": -count - 1,
    }
    return day + timedelta(days=lies[within.counted])


def _by_working_days(day: date, within: Within, count: int, calendar: WorkingCalendar) -> date:
    if within.counted == "before":
        return calendar.before(day, count)
    if within.counted == "clear before":
        return calendar.before(day, count) - _DAY
    if within.counted == "beginning with":
        return calendar.last_of(day, count)
    last = calendar.last_of(day + _DAY, count)
    return last + _DAY if within.counted == "clear after" else last


def _noon_after(day: date, calendar: WorkingCalendar) -> tuple[date, datetime]:
    while calendar.is_public_holiday(day):
        day += _DAY
    return day, datetime.combine(day, time(12), ZoneInfo(TIME_ZONE))
