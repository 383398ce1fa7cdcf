"""Say which months of the records are whole, and which periods can be compared."""

from __future__ import annotations

from datetime import date

from hotspot.errors import InputError
from hotspot.params import Params
from hotspot.services.hotspots.runs import Holdings, last_day_of, part_month_end


def whole_end(held: Holdings, sources: list[str], params: Params) -> date | None:
    """Return the end of a run's period, or the newest record's day where its month is not whole."""
    newest = part_month_end(held, sources)
    if newest is None or params.end is None or params.end <= newest:
        return params.end
    return newest


def part_month_words(held: Holdings, sources: list[str], params: Params) -> str:
    """Say that the period's last month is not whole, in two sentences; "" where it is."""
    newest, end = part_month_end(held, sources), params.end
    if newest is None or end is None or end <= newest:
        return ""
    return (
        f"The records end on {newest.day} {newest:%B %Y}: that month is not whole, so charts by "
        "month leave it out. Its count cannot be set beside that of a whole month."
    )


def earlier_period(held: Holdings, sources: list[str], params: Params, back: int) -> Params:
    """Return the settings of a period some months earlier, like with like.

    Where the last month is not whole, the earlier period ends on the same day of its month.

    Raises
    ------
    InputError
        The workspace does not hold all of the earlier months.
    """
    if params.start is None or params.end is None:
        message = "Choose a period to compare with an earlier one."
        raise InputError(message)
    start, last = _months_back(params.start, back), _months_back(params.end, back)
    begins = (min(held.months[one]) for one in sources if held.months.get(one))
    first = max(begins, default="9999-12")  # of the source that begins last: all are compared
    asked = _months_between(start, last)
    there = sum(month >= first for month in asked)
    if there < len(asked):
        message = (
            f"The workspace holds {there} of the {len(asked)} months from {start:%b %Y} to "
            f"{last:%b %Y}; a comparison would take the missing ones for quiet ones. Choose a "
            "shorter period."
        )
        raise InputError(message)
    end = last_day_of(f"{last:%Y-%m}")
    newest = whole_end(held, sources, params)
    if newest is not None and newest < params.end:
        end = min(end, last.replace(day=min(newest.day, end.day)))
    return params.replace(start=start, end=end)


def _months_back(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)


def _months_between(first: date, last: date) -> list[str]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [f"{_months_back(last, n):%Y-%m}" for n in reversed(range(count))]
