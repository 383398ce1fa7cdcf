"""The clocks: published examples, the calendar, and what must hold of every deadline."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hotspot import InputError
from hotspot.disruption.clocks import NOT_CHECKED, ClockStep, Deadline, compute_deadlines
from hotspot.disruption.counting import Moment, Within
from hotspot.disruption.measures import load_catalogue
from hotspot.disruption.working_days import (
    KNOWN_UNTIL,
    WorkingCalendar,
    add_hours,
    add_months,
    is_christmas,
)

CALENDAR = WorkingCalendar()
LONDON = ZoneInfo("Europe/London")


def due(code: str, **happened: Moment) -> dict[str, Deadline]:
    found = compute_deadlines(load_catalogue()[code].clock, happened, CALENDAR)
    return {deadline.step: deadline for deadline in found}


def test_an_application_for_review_given_on_2_november_2026() -> None:
    found = due("LA51", given=date(2026, 11, 2))
    assert {step: one.due_on for step, one in found.items()} == {
        "copies_by": date(2026, 11, 2),
        "representations_close": date(2026, 11, 30),
        "hearing_by": date(2026, 12, 30),
        "notice_of_hearing_by": date(2026, 12, 14),
        "determination_by": date(2027, 1, 6),
        "appeal_ends": date(2027, 1, 26),
    }
    assert (
        found["determination_by"].assumption == "'heard' on the last day for it, 30 December 2026"
    )
    assert found["representations_close"].assumption == ""
    notified = due("LA51", given=date(2026, 11, 2), notified=date(2027, 1, 8))
    assert notified["appeal_ends"].due_on == date(2027, 1, 28)
    assert notified["appeal_ends"].assumption == ""


def test_a_hearing_that_was_earlier_brings_what_follows_forward() -> None:
    found = due("LA51", given=date(2026, 11, 2), heard=date(2026, 12, 8))
    assert found["determination_by"].due_on == date(2026, 12, 14)
    assert found["notice_of_hearing_by"].due_on == date(2026, 11, 24)


def test_a_summary_review_received_on_6_november_2026() -> None:
    at = datetime(2026, 11, 6, 14, tzinfo=LONDON)
    found = due("LA53A", received=at)
    assert found["determination_by"].due_on == date(2026, 12, 4)
    assert found["interim_steps_by"].due_at == datetime(2026, 11, 10, 14, tzinfo=LONDON)
    day_only = due("LA53A", received=date(2026, 11, 6))["interim_steps_by"]
    assert day_only.due_at == datetime(2026, 11, 10, tzinfo=LONDON)
    assert "counted from midnight" in day_only.assumption


@pytest.mark.parametrize(
    ("effective", "last"),
    [
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 11, 22), date(2027, 5, 22)),
        (date(2026, 12, 31), date(2027, 6, 30)),
    ],
)
def test_a_hotel_notice_expires_within_six_months(effective: date, last: date) -> None:
    assert due("H116", effective=effective)["expires_by"].due_on == last


def test_christmas_day_is_disregarded_by_a_closure_notice() -> None:
    served = datetime(2026, 12, 24, 10, tzinfo=LONDON)
    assert due("CN76", served=served)["court_by"].due_at == datetime(
        2026, 12, 27, 10, tzinfo=LONDON
    )
    on_the_day = datetime(2026, 12, 25, 15, tzinfo=LONDON)
    ends = due("CN76", served=on_the_day)
    assert ends["ends_by"].due_at == datetime(2026, 12, 28, tzinfo=LONDON)
    assert ends["ends_without_senior_by"].due_at == datetime(2026, 12, 26, 15, tzinfo=LONDON)
    other = due("SOA-CN", served=served)["court_by"]
    assert other.due_at == datetime(2026, 12, 26, 10, tzinfo=LONDON)


def test_hours_pass_as_they_do_when_the_clocks_change() -> None:
    before = datetime(2026, 10, 24, 12, tzinfo=LONDON)
    assert add_hours(before, 48, lambda _: True) == datetime(2026, 10, 26, 11, tzinfo=LONDON)


def test_the_bank_holidays_are_those_of_england_and_wales() -> None:
    closed = [
        date(2026, 12, 25),
        date(2026, 12, 28),
        date(2027, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 4),
        date(2026, 5, 25),
        date(2026, 8, 31),
    ]
    assert not any(CALENDAR.is_working(day) for day in closed)
    assert CALENDAR.is_working(date(2026, 3, 17))  # Northern Ireland's, and not ours
    assert CALENDAR.is_working(date(2026, 11, 30))  # Scotland's
    assert sum(CALENDAR.is_working(date(2026, 1, 1) + timedelta(days=n)) for n in range(365)) == 253


def test_a_calculation_past_the_known_bank_holidays_says_so_to_the_end_of_its_chain() -> None:
    late = due("LA51", given=KNOWN_UNTIL)
    assert late["representations_close"].cautions == (NOT_CHECKED,)
    for step in ("hearing_by", "notice_of_hearing_by", "determination_by", "appeal_ends"):
        assert "known until 2027 only" in late[step].cautions[1]
    heard = due("LA51", given=KNOWN_UNTIL, heard=date(2028, 2, 9), notified=date(2028, 2, 9))
    assert "known until" in heard["determination_by"].cautions[1]  # five working days of 2028
    assert heard["appeal_ends"].cautions == (NOT_CHECKED,)  # days, from one that is known


def test_what_cannot_be_is_refused() -> None:
    clock = load_catalogue()["LA51"].clock
    for happened, message in (
        ({}, "Give the day of 'given'"),
        ({"given": date(2026, 11, 2), "sent": date(2026, 11, 2)}, "what can be given"),
        ({"given": datetime(2026, 11, 2, 9)}, "no time zone"),
        (
            {"given": date(2026, 11, 2), "representations_closed": date(2026, 10, 1)},
            "lies before",
        ),
    ):
        with pytest.raises(InputError, match=message):
            compute_deadlines(clock, happened, CALENDAR)
    with pytest.raises(InputError, match="no deadlines of its own"):
        compute_deadlines((), {}, CALENDAR)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"days": 1, "hours": 1},
        {"months": 1, "counted": "before"},
        {"months": 1, "counted": "clear after"},
        {"hours": 1, "counted": "beginning with"},
        {"days": 1, "disregards": ["Sundays"]},
        {"hours": 1, "counted": "before", "disregards": ["Sundays"]},
        {"months": 1, "noon_after_holiday": True},
        {"on_the_day": True, "days": 1},
        {"on_the_day": True, "counted": "before"},
        {"days": 0},
    ],
)
def test_a_rule_has_one_unit(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Within.model_validate(fields)


def test_a_checked_measure_carries_no_caution() -> None:
    step = ClockStep(step="a", says="b", after="c", within=Within(days=3), source="d")
    found = compute_deadlines((step,), {"c": date(2026, 1, 1)}, CALENDAR, is_checked=True)
    assert (found[0].due_on, found[0].cautions) == (date(2026, 1, 4), ())
    assert found[0].rule == "3 days after the day of 'c'"


days = st.dates(date(2016, 1, 1), date(2027, 6, 30))


@given(days, st.sets(days, max_size=10), st.integers(1, 40))
def test_another_bank_holiday_never_brings_a_deadline_forward(
    day: date, more: set[date], count: int
) -> None:
    changed = CALENDAR.with_days(more)
    assert changed.last_of(day, count) >= CALENDAR.last_of(day, count)
    assert changed.before(day, count) <= CALENDAR.before(day, count)


@given(days, st.integers(1, 40))
def test_so_many_working_days_lie_between(day: date, count: int) -> None:
    last = CALENDAR.last_of(day, count)
    span = [day + timedelta(days=n) for n in range((last - day).days + 1)]
    assert sum(map(CALENDAR.is_working, span)) == count
    assert CALENDAR.is_working(last)
    first = CALENDAR.before(day, count)
    back = [first + timedelta(days=n) for n in range((day - first).days)]
    assert sum(map(CALENDAR.is_working, back)) == count


moments = st.datetimes(datetime(2016, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))


@given(moments, st.integers(1, 100))
def test_hours_that_count_pass_and_no_others(start: datetime, hours: int) -> None:
    assert add_hours(start, hours, lambda _: True) == start + timedelta(hours=hours)
    without = add_hours(start, hours, lambda day: not is_christmas(day))
    assert start + timedelta(hours=hours) <= without <= start + timedelta(hours=hours + 24)
    passed = timedelta()
    now = start
    while now < without:  # minute by minute would be slow: by quarters of an hour
        step = min(timedelta(minutes=15), without - now)
        passed += step if not is_christmas(now.astimezone(LONDON).date()) else timedelta()
        now += step
    assert abs(passed - timedelta(hours=hours)) <= timedelta(minutes=15)
    counted = add_hours(start, hours, CALENDAR.is_working)
    assert counted >= start + timedelta(hours=hours)


@given(days, st.integers(1, 60))
def test_months_end_on_the_same_number_or_the_last_of_the_month(day: date, count: int) -> None:
    last = add_months(day, count)
    assert (last.year * 12 + last.month) - (day.year * 12 + day.month) == count
    assert last.day == day.day or (last + timedelta(days=1)).day == 1
