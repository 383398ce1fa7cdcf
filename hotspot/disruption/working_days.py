"""Count days, working days, months and hours as the law of licensing and of notices counts them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from hotspot.schema import TIME_ZONE

KNOWN_UNTIL = date(2027, 12, 31)
"""The last day for which the bank holidays of England and Wales have been announced."""
_FIRST_YEAR = 2015
_SATURDAY, _SUNDAY = 5, 6
_DAY = timedelta(days=1)


@cache
def _announced() -> frozenset[date]:
    years = range(_FIRST_YEAR, KNOWN_UNTIL.year + 1)
    return frozenset().union(*(_expected(year) for year in years))


@cache
def _expected(year: int) -> frozenset[date]:
    """Return the bank holidays of a year as they fall unless a proclamation moves them."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of a year of the Gregorian calendar.

    After Meeus, Astronomical Algorithms (1991), chapter 8: the anonymous rule of 1876, which holds
    for every year.

    Examples
    --------
    >>> easter_sunday(2027)
    datetime.date(2027, 3, 28)
    """
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap, rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - moon + 15) % 30
    leap_of, rest_of = divmod(of_century, 4)
    weekday = (32 + 2 * rest + 2 * leap_of - epact - rest_of) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of England and Wales.

    A working day is any day other than a Saturday, a Sunday, Christmas Day, Good Friday or a bank
    holiday in England and Wales (Licensing Act 2003, s.193). Christmas Day and Good Friday are
    known for ever. Bank holidays are known as far as they are announced; after that they are taken
    to fall as usual, and what rests on them carries a caution (`counting.rests_on_unknown`).

    Attributes
    ----------
    bank_holidays
        The bank holidays; those announced by default.
    known_until
        The last day for which they are known.
    """

    bank_holidays: frozenset[date] = field(default_factory=_announced)
    known_until: date = KNOWN_UNTIL

    def with_days(self, days: Iterable[date]) -> WorkingCalendar:
        """Return the calendar with bank holidays that were proclaimed since."""
        return WorkingCalendar(self.bank_holidays | frozenset(days), self.known_until)

    def is_working(self, day: date) -> bool:
        """Tell whether a day is a working day."""
        return day.weekday() < _SATURDAY and not self.is_bank_holiday(day)

    def is_bank_holiday(self, day: date) -> bool:
        """Tell whether a day is Christmas Day, Good Friday or a bank holiday."""
        if is_christmas(day) or is_good_friday(day) or day in self.bank_holidays:
            return True
        is_announced = day.year >= _FIRST_YEAR and day <= self.known_until
        return not is_announced and day in _expected(day.year)

    def is_public_holiday(self, day: date) -> bool:
        """Tell whether a day is a Sunday, Christmas Day, Good Friday or a bank holiday."""
        return day.weekday() == _SUNDAY or self.is_bank_holiday(day)

    def last_of(self, begin: date, count: int) -> date:
        """Return the last of so many working days that begin with a day.

        A day that is none does not count: the first one after it does.

        Examples
        --------
        >>> WorkingCalendar().last_of(date(2026, 12, 1), 20)
        datetime.date(2026, 12, 30)
        """
        day, left = begin, count
        while True:
            left -= self.is_working(day)
            if left <= 0:
                return day
            day += _DAY

    def before(self, day: date, count: int) -> date:
        """Return the latest day that lies so many working days before another.

        Examples
        --------
        >>> WorkingCalendar().before(date(2026, 12, 30), 10)
        datetime.date(2026, 12, 14)
        """
        left = count
        while left > 0:
            day -= _DAY
            left -= self.is_working(day)
        return day


def add_months(day: date, count: int) -> date:
    """Return the day of the same number so many months later, or the last of that month.

    Examples
    --------
    >>> add_months(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_hours(start: datetime, hours: float, counts: Callable[[date], bool]) -> datetime:
    """Return the moment after so many hours, of which only those of some days count.

    Parameters
    ----------
    start
        A moment with a time zone.
    hours
        Hours that pass, not hours of the clock: an autumn day has 25.
    counts
        Tells whether the hours of a day (local time) count.

    Returns
    -------
    datetime
        In local time.

    Examples
    --------
    >>> begin = datetime(2026, 12, 24, 10, tzinfo=ZoneInfo("Europe/London"))
    >>> add_hours(begin, 48, lambda day: not is_christmas(day)).isoformat()
    '2026-12-27T10:00:00+00:00'
    """
    zone = ZoneInfo(TIME_ZONE)
    now, left = start.astimezone(UTC), timedelta(hours=hours)
    while True:
        day = now.astimezone(zone).date()
        midnight = datetime.combine(day + _DAY, time(), zone).astimezone(UTC)
        if counts(day):
            if left <= midnight - now:
                return (now + left).astimezone(zone)
            left -= midnight - now
        now = midnight


def is_christmas(day: date) -> bool:
    """Tell whether a day is Christmas Day."""
    return (day.month, day.day) == (12, 25)


def is_good_friday(day: date) -> bool:
    """Tell whether a day is the Friday before Easter, which is computed for any year.

    Examples
    --------
    >>> is_good_friday(date(2038, 4, 23))
    True
    """
    return day == easter_sunday(day.year) - 2 * _DAY
