"""Tell up to which day, and from which month on, each source of a workspace is held whole."""

from __future__ import annotations

import calendar
import math
import statistics
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

_USUAL_GAPS, _FEWEST_DAYS = 3, 3
_MONTH_DAYS = 30.4
LATE_MONTHS = 2
"""Months behind the newest up to which a source is taken for late, and not for one that ended."""

Months = Mapping[str, Mapping[str, int]]


def source_ends(months: Months, newest: Mapping[str, date]) -> dict[str, date]:
    """Return the day up to which each source is whole.

    Parameters
    ----------
    months
        Records by source and month (YYYY-MM).
    newest
        Local day of the newest record of each source that knows days.

    Returns
    -------
    dict of str to date
        The end of the last month that ends within three days, or three usual gaps between records,
        of the newest one; the newest day itself where its own month does not; for no source more
        than the month of the newest day of all.
    """
    last = month_end(max(newest.values(), default=date.min))
    return {
        one: _whole_to(day, _slack(months.get(one, {}), day), last) for one, day in newest.items()
    }


def source_begins(months: Months, sources: Iterable[str], start: date) -> dict[str, date]:
    """Return the first day of the first month of each source that begins after a day.

    A source of few records is not said to begin late within three usual gaps between them.
    """
    begins = {}
    for one in sources:
        first = date.fromisoformat(f"{min(months.get(one, {}), default='0001-01')}-01")
        if (first - start).days > _slack(months.get(one, {}), date.max):
            begins[one] = first
    return begins


def end_of_all(ends: Mapping[str, date]) -> date | None:
    """Return the day up to which all sources are whole that are still brought; None without any."""
    if not ends:
        return None
    newest = max(ends.values())
    return min(end for end in ends.values() if _months_between(end, newest) <= LATE_MONTHS)


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _whole_to(newest: date, slack: int, last: date) -> date:
    """Return the last month's end within reach of the newest record, else its day."""
    reached = min(newest + timedelta(days=slack), last)
    before = reached.replace(day=1) - timedelta(days=1)
    end = reached if reached == month_end(reached) else before
    return max(end, newest)


def _slack(months: Mapping[str, int], newest: date) -> int:
    """Return the days without a record that say nothing: three usual gaps between records."""
    before = [rows for month, rows in months.items() if month < f"{newest:%Y-%m}"]
    usual = statistics.median(before) if before else 1
    return max(_FEWEST_DAYS, math.ceil(_USUAL_GAPS * _MONTH_DAYS / max(usual, 1)))


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
