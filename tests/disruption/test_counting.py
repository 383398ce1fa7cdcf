"""Counting: each rule of law in small, the published vectors, and what holds of every step."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from hotspot.cli import load_all
from hotspot.disruption.clocks import (
    NOT_CHECKED,
    ClockStep,
    Deadline,
    compute_deadlines,
    events_of,
    starts_of,
    waiting_steps,
)
from hotspot.disruption.counting import Counted, Moment, Within, due_by
from hotspot.disruption.measures import load_catalogue
from hotspot.disruption.working_days import (
    KNOWN_UNTIL,
    WorkingCalendar,
    easter_sunday,
    is_good_friday,
)
from hotspot.errors import InputError
from hotspot.services.workspace import measure_catalogue as measures

CALENDAR = WorkingCalendar()
LONDON = ZoneInfo("Europe/London")
STEPS = [
    pytest.param(step, id=f"{code}-{step.step}")
    for code, measure in load_catalogue().items()
    for step in measure.clock
]
SHARED = Path(__file__).parents[3] / "shared" / "clock-vectors.csv"
RULES = (
    r"\bafter the day of '",
    r"\bbeginning with the day of '",
    r"clear (working )?days? have passed since the day of '",
    r"(?<!clear days) before the day of '",
    r"clear (working )?days? between it and the day of '",
    r"^within \d+ hours? of '",
    r"^at least \d+ hours? before the time of '",
    r"^on the day of '",
)
"""What names a rule of counting, in the words of a deadline: each alone says how to count."""


def last(start: str, **fields: object) -> str:
    """The last day or moment of a rule, in local time."""
    due_on, due_at = due_by(measures.moment_of(start), Within.model_validate(fields), CALENDAR)
    return f"{due_at:%Y-%m-%d %H:%M}" if due_at else due_on.isoformat()


@pytest.mark.parametrize(
    ("start", "fields", "expected"),
    [
        # 1 March 2027 is a Monday; Good Friday is 26 March, Easter Monday the 29th
        ("2027-03-01", {"days": 7}, "2027-03-08"),
        ("2027-03-01", {"days": 7, "counted": "beginning with"}, "2027-03-07"),
        ("2027-03-01", {"days": 7, "counted": "clear after"}, "2027-03-09"),
        ("2027-03-15", {"days": 7, "counted": "before"}, "2027-03-08"),
        ("2027-03-15", {"days": 7, "counted": "clear before"}, "2027-03-07"),
        ("2027-03-25", {"working_days": 1}, "2027-03-30"),
        ("2027-03-25", {"working_days": 1, "counted": "beginning with"}, "2027-03-25"),
        ("2027-03-27", {"working_days": 1, "counted": "beginning with"}, "2027-03-30"),
        ("2027-03-25", {"working_days": 1, "counted": "clear after"}, "2027-03-31"),
        ("2027-03-30", {"working_days": 1, "counted": "before"}, "2027-03-25"),
        ("2027-03-30", {"working_days": 1, "counted": "clear before"}, "2027-03-24"),
        ("2026-08-31", {"months": 6}, "2027-02-28"),
        ("2026-08-31", {"months": 6, "counted": "beginning with"}, "2027-02-27"),
        ("2026-03-01", {"months": 1, "counted": "beginning with"}, "2026-03-31"),
        ("2028-02-29", {"years": 3, "counted": "beginning with"}, "2031-02-27"),
        ("2028-02-29", {"years": 4}, "2032-02-29"),
        ("2026-12-24T10:00", {"hours": 48}, "2026-12-26 10:00"),
        ("2026-12-24T10:00", {"hours": 48, "disregards": ["Christmas Day"]}, "2026-12-27 10:00"),
        ("2027-03-25T10:00", {"hours": 24, "disregards": ["Good Friday"]}, "2027-03-27 10:00"),
        ("2027-03-27T10:00", {"hours": 48, "disregards": ["Sundays"]}, "2027-03-30 10:00"),
        ("2027-03-26T10:00", {"hours": 48, "disregards": ["Saturdays"]}, "2027-03-29 11:00"),
        ("2027-05-01T10:00", {"hours": 48, "disregards": ["bank holidays"]}, "2027-05-04 10:00"),
        ("2027-03-25T10:00", {"hours": 24, "counted": "before"}, "2027-03-24 10:00"),
        ("2027-03-01", {"on_the_day": True}, "2027-03-01"),
        (
            "2027-03-01",
            {"days": 8, "counted": "beginning with", "noon_after_holiday": True},
            "2027-03-08",
        ),
        (
            "2027-03-07",
            {"days": 8, "counted": "beginning with", "noon_after_holiday": True},
            "2027-03-15 12:00",
        ),
        (
            "2027-03-21",
            {"days": 8, "counted": "beginning with", "noon_after_holiday": True},
            "2027-03-30 12:00",
        ),
    ],
)
def test_each_rule_counts_as_its_words_say(
    start: str, fields: dict[str, object], expected: str
) -> None:
    assert last(start, **fields) == expected


def test_the_words_of_an_older_file_are_still_read() -> None:
    assert Within.model_validate({"days": 3, "from_same_day": True}).counted == "beginning with"
    assert Within.model_validate({"working_days": 3, "before": True}).is_backwards
    assert Within.model_validate({"hours": 3, "hours_of": "working days"}).needs_bank_holidays
    christmas = {"hours": 3, "hours_of": "every day but Christmas Day"}
    assert Within.model_validate(christmas).disregards == ("Christmas Day",)


def test_christmas_day_and_good_friday_are_known_for_ever() -> None:
    bare = WorkingCalendar(frozenset(), date(2020, 12, 31))
    for year in (2016, 2027, 2031, 2055, 2099, 2150):
        assert not bare.is_working(easter_sunday(year) - timedelta(days=2))
        assert is_good_friday(easter_sunday(year) - timedelta(days=2))
        assert bare.is_bank_holiday(date(year, 12, 25))
    known = {2026: (4, 5), 2027: (3, 28), 2038: (4, 25), 2285: (3, 22)}
    assert {y: (easter_sunday(y).month, easter_sunday(y).day) for y in known} == known


def test_bank_holidays_after_the_announced_ones_are_taken_as_usual_with_a_caution() -> None:
    assert not CALENDAR.is_working(date(2028, 1, 3))  # for New Year's Day, a Saturday
    assert not CALENDAR.is_working(date(2028, 4, 17))
    told = WorkingCalendar(CALENDAR.bank_holidays, date(2028, 12, 31))
    assert told.is_working(date(2028, 4, 17))  # the force says that it knows that year's
    step = ClockStep(step="a", says="b", after="c", within=Within(working_days=5), source="d")
    at = {"c": KNOWN_UNTIL - timedelta(days=2)}
    (over,) = compute_deadlines((step,), at, CALENDAR, is_checked=True)
    assert over.cautions == ("bank holidays are known until 2027 only; check the day",)
    (known,) = compute_deadlines((step,), at, told, is_checked=True)
    assert known.cautions == ()


def test_hours_that_disregard_christmas_alone_need_no_caution_in_any_year() -> None:
    found = deadlines("CN76", served=datetime(2040, 12, 24, 10, tzinfo=LONDON))
    assert found["ends_by"].due_at == datetime(2040, 12, 27, 10, tzinfo=LONDON)
    assert found["ends_by"].cautions == (NOT_CHECKED,)
    notice = deadlines("DVPN", served=datetime(2040, 12, 24, 10, tzinfo=LONDON))["court_by"]
    assert "known until" in notice.cautions[1]


def deadlines(code: str, **happened: Moment) -> dict[str, Deadline]:
    return {one.step: one for one in measures.deadlines_of(None, code, happened)}


@pytest.mark.parametrize(
    ("code", "happened", "expected"),
    [
        (
            "LA51",
            {"given": "2026-11-02", "notified": "2027-01-08"},
            {
                "representations_close": "2026-11-30",
                "hearing_by": "2026-12-30",
                "notice_of_hearing_by": "2026-12-14",
                "determination_by": "2027-01-06",
                "appeal_ends": "2027-01-28",
            },
        ),
        (
            "LA53A",
            {
                "received": "2026-11-06T14:00",
                "interim_representations": "2026-11-13T09:00",
                "interim_appeal_lodged": "2026-12-07",
            },
            {
                "interim_steps_by": "2026-11-10",
                "advertised_until": "2026-11-13",
                "representations_close": "2026-11-20",
                "notice_of_hearing_by": "2026-11-27",
                "determination_by": "2026-12-04",
                "interim_hearing_by": "2026-11-17",
                "interim_appeal_heard_by": "2027-01-03",
            },
        ),
        (
            "LA167",
            {"noticed": "2026-11-02"},
            {
                "holder_told_by": "2026-11-03",
                "advertised_until": "2026-11-09",
                "hearing_by": "2026-11-16",
                "notice_of_hearing_by": "2026-11-09",
            },
        ),
        (
            "LA-DPS",
            {"received": "2026-11-02"},
            {"objection_by": "2026-11-15", "hearing_by": "2026-12-11"},
        ),
        (
            "LA-PERS",
            {"noticed": "2026-11-02", "police_told": "2026-12-01"},
            {"representations_close": "2026-11-29", "police_representations_close": "2026-12-14"},
        ),
        (
            "LA-TEN",
            {"received": "2026-11-02", "event_begins": "2026-11-21T20:00"},
            {"objection_by": "2026-11-05", "hearing_by": "2026-11-16", "decision_by": "2026-11-20"},
        ),
        (
            "LA169A",
            {"served": "2026-11-02", "last_sold": "2026-09-30"},
            {
                "begins_not_before": "2026-11-17",
                "acceptance_by": "2026-11-16",
                "notice_by": "2026-12-30",
            },
        ),
        (
            "CN76",
            {
                "served": "2026-11-02T10:00",
                "continued": "2026-11-03T15:00",
                "adjourned": "2026-11-03",
            },
            {"continued_until": "2026-11-05", "adjourned_until": "2026-11-17"},
        ),
        (
            "H116",
            {"effective": "2026-08-31", "issued": "2026-08-20"},
            {"expires_by": "2027-02-28", "appeal_ends": "2026-09-09"},
        ),
        (
            "TX61",
            {"decided": "2026-11-02"},
            {"notice_by": "2026-11-16", "appeal_ends": "2026-12-07", "database_by": "2026-11-06"},
        ),
        (
            "BAIL",
            {"arrested": "2027-02-28"},
            {"first_period_ends": "2027-05-31", "with_inspector_until": "2027-08-31"},
        ),
        (
            "SRO",
            {
                "granted": "2026-11-02",
                "last_day_in_force": "2028-11-01",
                "interim_return": "2026-11-20",
            },
            {
                "order_ends": "2028-11-01",
                "renewal_asked_by": "2028-10-04",
                "interim_order_ends": "2026-11-20",
            },
        ),
        (
            "IWCN",
            {"served": "2026-12-24T10:00"},
            {
                "ends_without_senior_by": "2026-12-25",
                "ends_by": "2026-12-27",
                "court_by": "2026-12-27",
            },
        ),
        (
            "CAWN16",
            {"served": "2026-08-31", "looked_at_again": "2026-11-02"},
            {"look_again_by": "2027-02-28", "next_look_by": "2027-05-02"},
        ),
        ("DATA-BREACH", {"became_aware": "2026-11-02T10:00"}, {"reported_by": "2026-11-05"}),
        (
            "CO80",
            {"made": "2026-11-02"},
            {
                "ends_by": "2027-02-02",
                "extension_applied_for_by": "2027-02-01",
                "with_extensions_until": "2027-05-02",
            },
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_days_of_the_measures(
    code: str, happened: dict[str, str], expected: dict[str, str]
) -> None:
    given_at = {event: measures.moment_of(when) for event, when in happened.items()}
    found = deadlines(code, **given_at)
    assert {step: found[step].due_on.isoformat() for step in expected} == expected


def test_a_deadline_that_waits_has_no_day_until_its_event_is_known() -> None:
    clock = load_catalogue()["H116"].clock
    assert starts_of(clock) == ["effective", "issued"]
    before = {"effective": date(2026, 11, 9)}
    assert [step.step for step in waiting_steps(clock, before)] == ["appeal_ends"]
    assert [one.step for one in compute_deadlines(clock, before, CALENDAR)] == ["expires_by"]
    alone = compute_deadlines(clock, {"issued": date(2026, 11, 2)}, CALENDAR)
    assert [(one.step, one.due_on) for one in alone] == [("appeal_ends", date(2026, 11, 22))]
    with pytest.raises(InputError, match="Give the day of 'effective' or 'issued'"):
        compute_deadlines(clock, {}, CALENDAR)


def test_what_happened_cannot_lie_before_what_led_to_it_however_far_back() -> None:
    clock = load_catalogue()["LA51"].clock
    happened = {"given": date(2026, 11, 2), "heard": date(2026, 10, 1)}
    with pytest.raises(InputError, match="'heard' on 01 October 2026 lies before 'given'"):
        compute_deadlines(clock, happened, CALENDAR)


def vectors() -> list[dict[str, str]]:
    """The shared vectors; a line that says so where they are not there."""
    if not SHARED.exists():
        return []
    with SHARED.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def events_in(vector: dict[str, str]) -> list[str]:
    """Events of a vector beside the first: its own column, and a day 'issued' named in its rule."""
    pairs = [pair.strip() for pair in re.split("[;,]", vector["events"] or "") if pair.strip()]
    issued = re.search(r"\bissued (\d{4}-\d\d-\d\d)", vector["rule"])
    return [*pairs, *([f"issued={issued[1]}"] if issued else [])]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared vectors are not beside the project")
@pytest.mark.parametrize("vector", vectors(), ids=lambda one: f"{one['code']} {one['given']}")
def test_a_shared_vector_comes_out_by_the_function_and_by_the_command(
    vector: dict[str, str],
) -> None:
    code, more = vector["code"], events_in(vector)
    happened = {events_of(load_catalogue()[code].clock)[0]: measures.moment_of(vector["given"])}
    happened |= {name: measures.moment_of(at) for name, at in (pair.split("=") for pair in more)}
    found = deadlines(code, **happened)[vector["step"]]
    at = found.due_at.astimezone(LONDON).replace(tzinfo=None) if found.due_at else None
    is_moment = "T" in vector["due"]
    assert vector["due"] == (at if is_moment and at else found.due_on).isoformat()
    arguments = ["deadlines", code, "--given", vector["given"], "--json"]
    done = CliRunner().invoke(
        load_all(), arguments + [part for pair in more for part in ("--event", pair)]
    )
    rows = {row["step"]: row for row in json.loads(done.stdout)}
    row = rows[vector["step"]]
    assert (row["due_at"] if is_moment else row["due_on"]).startswith(vector["due"])


@pytest.mark.parametrize("step", STEPS)
def test_the_words_of_a_step_name_one_rule_of_counting(step: ClockStep) -> None:
    words = step.within.words(step.after.replace("_", " "))
    assert len([rule for rule in RULES if re.search(rule, words)]) == 1, words


def test_the_rules_that_can_be_said_are_all_told_apart() -> None:
    ways: tuple[Counted, ...] = ("after", "beginning with", "clear after", "before", "clear before")
    said = [Within(days=2, counted=way).words("x") for way in ways]
    said += [Within(hours=2).words("x"), Within(hours=2, counted="before").words("x")]
    said += [Within(on_the_day=True).words("x"), Within(working_days=1, counted="after").words("x")]
    assert len(set(said)) == len(said)
    for words in said:
        assert len([rule for rule in RULES if re.search(rule, words)]) == 1, words


days = st.dates(date(2016, 1, 1), date(2040, 6, 30))
times = st.times().map(lambda at: at.replace(microsecond=0))
ALL_STEPS = [param.values[0] for param in STEPS]
steps = st.sampled_from(ALL_STEPS)


def moment_for(step: ClockStep, day: date, at: object) -> Moment:
    if step.within.hours is None:
        return day
    return datetime.combine(day, at, UTC).astimezone(LONDON)  # type: ignore[arg-type]


@given(days, times, steps)
def test_no_deadline_of_any_step_falls_before_what_sets_it_off(
    day: date, at: object, step: ClockStep
) -> None:
    start = moment_for(step, day, at)
    due_on, due_at = due_by(start, step.within, CALENDAR)
    begun = start.date() if isinstance(start, datetime) else start
    if step.within.is_backwards:
        assert due_on <= begun
    else:
        assert due_on >= begun
        assert due_at is None or not isinstance(start, datetime) or due_at > start


@given(days, times, steps, st.sets(days, max_size=12), st.sets(st.integers(1, 90), max_size=12))
def test_another_holiday_never_makes_a_deadline_of_any_step_earlier(
    day: date, at: object, step: ClockStep, anywhere: set[date], near: set[int]
) -> None:
    changed = CALENDAR.with_days(anywhere | {day + timedelta(days=n) for n in near})
    start = moment_for(step, day, at)
    (before, _), (after, _) = (due_by(start, step.within, one) for one in (CALENDAR, changed))
    assert after <= before if step.within.is_backwards else after >= before


@given(days, steps)
def test_beginning_with_the_day_is_one_day_less_than_after_it(day: date, step: ClockStep) -> None:
    fields = step.within.model_dump()
    if step.within.hours is not None or step.within.on_the_day or step.within.is_backwards:
        return
    fields |= {"noon_after_holiday": False}
    after, first = (
        due_by(day, Within.model_validate({**fields, "counted": way}), CALENDAR)[0]
        for way in ("after", "beginning with")
    )
    if step.within.working_days is None:
        assert after - first == timedelta(days=1)
    elif CALENDAR.is_working(day):
        assert CALENDAR.last_of(first + timedelta(days=1), 1) == after
    else:  # a day that is none is counted by neither
        assert after == first


@given(days, steps, st.sets(days, max_size=12))
def test_a_chain_of_every_measure_goes_forward(day: date, step: ClockStep, more: set[date]) -> None:
    measure = next(m for m in load_catalogue().values() if step in m.clock)
    start = starts_of(measure.clock)[0]
    moments: dict[str, Moment] = {start: day}
    changed = CALENDAR.with_days(more)
    for one in compute_deadlines(measure.clock, dict(moments), changed):
        rule = next(s for s in measure.clock if s.step == one.step)
        trigger = moments[rule.after]
        begun = trigger.date() if isinstance(trigger, datetime) else trigger
        assert one.due_on <= begun if rule.within.is_backwards else one.due_on >= begun
        if rule.happens_as:
            moments[rule.happens_as] = one.due_at or one.due_on
