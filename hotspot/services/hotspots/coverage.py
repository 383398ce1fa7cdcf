"""Say which months of the records are whole, and which periods can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from hotspot.errors import InputError
from hotspot.params import Params
from hotspot.schema import SOURCE_LABELS
from hotspot.services.hotspots.runs import Holdings, ends_of, last_day_of
from hotspot.services.hotspots.source_ends import month_end, source_begins

_ALIKE_DAYS = 3
"""Days that the ends of sources may lie apart and still count as one end."""


def whole_period(held: Holdings, sources: list[str], params: Params) -> Params:
    """Return the settings with the part of the period that all of its sources hold.

    A source that has nothing in the period takes nothing away from it.
    """
    start, end = params.start, params.end
    ends, begins = _ends_within(held, sources, params), _begins_within(held, sources, params)
    return params.replace(
        start=max(begins.values(), default=start), end=min(ends.values(), default=end)
    )


def coverage_words(held: Holdings, sources: list[str], params: Params) -> str:
    """Say which records end or begin within the period, in two sentences; "" where none do."""
    ends, begins = _ends_within(held, sources, params), _begins_within(held, sources, params)
    if ends and _are_alike(ends, held, sources, params):
        return _all_end(min(ends.values()))
    parts = [f"{_labels(ends)} end on {_day(min(ends.values()))}"] if ends else []
    parts += [f"{_labels(begins)} begin in {max(begins.values()):%B %Y}"] if begins else []
    if not parts:
        return ""
    return (
        f"{' and '.join(parts)}, unlike the other records: charts by month show the months that "
        "all hold. Elsewhere a lower or higher count may only be that; choose one kind of records "
        "to see all of it."
    )


def earlier_period(held: Holdings, sources: list[str], params: Params, back: int) -> Params:
    """Return the settings of a period some months earlier, like with like.

    Where the last month is not whole, the earlier period ends on the same day of its month.

    Raises
    ------
    InputError
        The workspace does not hold all of the earlier months, or one of the sources ends before
        the others do.
    """
    if params.start is None or params.end is None:
        message = "Choose a period to compare with an earlier one."
        raise InputError(message)
    start, last = _months_back(params.start, back), _months_back(params.end, back)
    _refuse_missing(held, sources, params, _months_between(start, last))
    both = params.replace(start=start)
    ends = _ends_within(held, sources, both)
    if ends and not _are_alike(ends, held, sources, both):
        message = (
            f"{_labels(ends)} end on {_day(min(ends.values()))} and other records go on, so the "
            "two periods would not hold the same. Choose a period before that day, or one kind of "
            "records."
        )
        raise InputError(message)
    end = last_day_of(f"{last:%Y-%m}")
    newest = min(ends.values(), default=params.end)
    if newest < params.end:
        if f"{newest:%Y-%m}" < f"{params.end:%Y-%m}":
            message = f"The records end on {_day(newest)}: choose a period that ends by then."
            raise InputError(message)
        end = min(end, last.replace(day=min(newest.day, end.day)))
    return params.replace(start=start, end=end)


def _refuse_missing(held: Holdings, sources: list[str], params: Params, asked: list[str]) -> None:
    """Refuse an earlier period of which the workspace does not hold every month of each source."""
    begins = (min(held.months[one]) for one in sources if held.months.get(one))
    to = f"{params.end:%Y-%m}"
    first = max((one for one in begins if one <= to), default="9999-12")  # all are compared
    there = sum(month >= first for month in asked)
    if there == len(asked):
        return
    start, last = (date.fromisoformat(f"{month}-01") for month in (asked[0], asked[-1]))
    message = (
        f"The workspace holds {there} of the {len(asked)} months from {start:%b %Y} to "
        f"{last:%b %Y}; a comparison would take the missing ones for quiet ones. Choose a "
        "shorter period."
    )
    raise InputError(message)


def _ends_within(held: Holdings, sources: list[str], params: Params) -> dict[str, date]:
    """Return the sources that end within a period, and when."""
    last, first = params.end or date.min, params.start or date.min
    return {one: day for one, day in ends_of(held, sources).items() if first <= day < last}


def _begins_within(held: Holdings, sources: list[str], params: Params) -> dict[str, date]:
    """Return the sources that begin within a period, while others are there already, and when."""
    if params.start is None:
        return {}
    last = params.end or date.max
    begins = source_begins(held.months, sources, params.start)
    begins = {one: day for one, day in begins.items() if day <= last}
    there = [one for one in sources if held.months.get(one) and one not in begins]
    return begins if there else {}


def _are_alike(
    ends: Mapping[str, date], held: Holdings, sources: list[str], params: Params
) -> bool:
    """Tell whether all sources that reach the period end at the same time."""
    first = params.start or date.min
    reach = {one: day for one, day in ends_of(held, sources).items() if day >= first}
    apart = max(reach.values()) - min(ends.values())
    return apart <= timedelta(days=_ALIKE_DAYS)


def _all_end(newest: date) -> str:
    if newest == month_end(newest):
        return f"The records end on {_day(newest)}: charts by month leave out what comes after."
    return (
        f"The records end on {_day(newest)}: that month is not whole, so charts by month leave it "
        "out. Its count cannot be set beside that of a whole month."
    )


def _labels(sources: Mapping[str, date]) -> str:
    return " and ".join(SOURCE_LABELS.get(one, one) for one in sources)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _months_back(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)


def _months_between(first: date, last: date) -> list[str]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [f"{_months_back(last, n):%Y-%m}" for n in reversed(range(count))]
