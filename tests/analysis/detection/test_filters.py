"""What a user wants to see alone: counted, left out by reason, and said back in one sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot import InputError, Params, detect
from hotspot.analysis.detection.left_out import LEFT_OUT, sentence_of
from hotspot.errors import ParamsError
from hotspot.params import HarmTable

LOOSE = Params(min_weight=1, min_children=1, child_cap_days=None)
TABLE = HarmTable("Harm index", "2020", {"Grooming": 3.0, "Assault": 10.0})


def records(n: int = 60) -> pl.DataFrame:
    start = datetime(2026, 6, 1, 0, 30, tzinfo=UTC)  # a Monday, half past one in London
    return pl.DataFrame(
        {
            "lng": [-2.18] * n,
            "lat": [53.02] * n,
            "occurred_at": [start + timedelta(hours=7 * k) for k in range(n)],
            "time_precision": ["minute" if k % 5 else "day" for k in range(n)],
            "child": [f"c{k % 7}" for k in range(n)],
            "kind": [("Grooming", "Assault", "Theft", None)[k % 4] for k in range(n)],
            "risk": [("high", "medium", "unknown")[k % 3] for k in range(n)],
            "precision": [("building", "street")[k % 2] for k in range(n)],
        }
    )


def counted(**changes: object) -> tuple[int, dict[str, int]]:
    run = detect(records(), LOOSE.replace(**changes))
    assert run.records_used + run.left_out.total() == 60
    assert set(run.left_out) <= set(LEFT_OUT)
    return run.records_used, dict(run.left_out)


@pytest.mark.parametrize(
    ("changes", "left_out"),
    [
        ({"only_kinds": {"Grooming"}}, {"other_kind": 45}),
        ({"only_risks": {"high", "medium"}}, {"other_risk": 20}),
        ({"only_precisions": {"building"}}, {"other_precision": 30}),
        (
            {"only_kinds": {"Grooming"}, "only_risks": {"high"}},
            {"other_kind": 45, "other_risk": 10},
        ),
        ({"harm": TABLE}, {"no_harm_weight": 30}),
    ],
)
def test_each_filter_leaves_out_with_its_reason(
    changes: dict[str, object], left_out: dict[str, int]
) -> None:
    assert counted(**changes) == (60 - sum(left_out.values()), left_out)


def test_hours_are_local_and_need_a_time() -> None:
    frame = records()
    local = frame["occurred_at"].dt.convert_time_zone("Europe/London").dt.hour()
    timed = frame["time_precision"] == "minute"
    wanted = (timed & local.is_in([22, 23, 0, 1])).sum()
    used, left_out = counted(only_hours={22, 23, 0, 1})
    assert used == wanted
    assert left_out["no_hour"] == 12
    assert 1 in local.to_list()  # half past midnight in UTC


def test_weekdays_are_local() -> None:
    late = pl.DataFrame(
        {"lng": [-2.18], "lat": [53.02], "occurred_at": [datetime(2026, 6, 7, 23, 30, tzinfo=UTC)]}
    )
    monday, sunday = (
        detect(late, LOOSE.replace(only_weekdays={day})).records_used for day in (0, 6)
    )
    assert (monday, sunday) == (1, 0)


NIGHT = [  # hour of local time, and the day of the week whose night it is
    ("2026-01-09 00:30", 3),
    ("2026-01-09 22:00", 4),
    ("2026-01-10 00:30", 4),
    ("2026-01-10 01:59", 4),
    ("2026-01-10 23:00", 5),
    ("2026-01-12 00:00", 6),
    ("2026-10-25 01:30", 5),
]


@pytest.mark.parametrize("day", range(7))
def test_a_day_with_hours_is_the_night_that_began_on_it(day: int) -> None:
    """Friday 22:00 to 02:00 holds Saturday 00:30 and not Friday 00:30."""
    at = [
        datetime.fromisoformat(said).replace(tzinfo=ZoneInfo("Europe/London")) for said, _ in NIGHT
    ]
    frame = pl.DataFrame(
        {
            "lng": [-2.18] * len(NIGHT),
            "lat": [53.02] * len(NIGHT),
            "occurred_at": [moment.astimezone(UTC) for moment in at],
        }
    )
    run = detect(frame, LOOSE.replace(only_weekdays={day}, only_hours={22, 23, 0, 1}))
    assert run.records_used == sum(night == day for _, night in NIGHT)


def test_the_morning_of_the_day_is_its_own_from_six() -> None:
    friday = datetime(2026, 1, 9, 6, 0, tzinfo=UTC)
    frame = pl.DataFrame({"lng": [-2.18], "lat": [53.02], "occurred_at": [friday]})
    for hour, day, used in ((6, 4, 1), (6, 3, 0)):
        assert (
            detect(frame, LOOSE.replace(only_weekdays={day}, only_hours={hour})).records_used
            == used
        )


def test_what_has_no_hour_is_in_no_night_and_says_so() -> None:
    _, left_out = counted(only_weekdays={0}, only_hours={1})
    assert left_out["no_hour"] == 12


@given(
    st.sets(st.sampled_from(["Grooming", "Assault", "Theft"])),
    st.sets(st.integers(0, 6)),
    st.sets(st.integers(0, 23)),
)
def test_filters_only_take_away_and_lose_nothing(
    kinds: set[str], days: set[int], hours: set[int]
) -> None:
    used, _ = counted(only_kinds=kinds)
    fewer, _ = counted(only_kinds=kinds, only_weekdays=days)
    fewest, _ = counted(only_kinds=kinds, only_weekdays=days, only_hours=hours)
    by_hour, _ = counted(only_kinds=kinds, only_hours=hours)
    assert used >= max(fewer, by_hour)
    assert by_hour >= fewest


def test_harm_weighs_each_kind() -> None:
    run = detect(records(), LOOSE.replace(harm=TABLE))
    assert run.hotspots["weight"].sum() == 15 * 3 + 15 * 10
    assert run.hotspots["events"].sum() == 30


def test_a_childs_records_in_a_cell_weigh_one_together() -> None:
    run = detect(records(), LOOSE.replace(child_share=True))
    assert run.hotspots["weight"].sum() == pytest.approx(7)
    halves = records().with_columns(weight=pl.lit(0.5))
    assert detect(halves, LOOSE.replace(child_share=True)).hotspots[
        "weight"
    ].sum() == pytest.approx(3.5)


def test_a_filter_of_what_the_points_lack_is_refused() -> None:
    for name, changes in (
        ("kind", {"only_kinds": {"x"}}),
        ("kind", {"harm": TABLE}),
        ("occurred_at", {"only_hours": {1}}),
    ):
        with pytest.raises(InputError, match=f"'{name}'"):
            detect(records().select("lng", "lat"), LOOSE.replace(**changes))


@pytest.mark.parametrize(
    "changes", [{"only_hours": {24}}, {"only_weekdays": {7}}, {"only_hours": {"x"}}]
)
def test_hours_and_days_that_there_are_not_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ParamsError):
        LOOSE.replace(**changes)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("", "a, 1", "a name and a version"),
        ("H", "a", "Line 1"),
        ("H", "a, 1\nb, x", "Line 2"),
        ("H", "a, 1\na, 2", "Line 2"),
        ("H", "a, -1", "Line 1"),
        ("H", "a, inf", "Line 1"),
    ],
)
def test_a_harm_table_that_cannot_be_read_says_which_line(
    name: str, text: str, message: str
) -> None:
    with pytest.raises(ParamsError, match=message):
        HarmTable.from_text(name, "1", text)


def test_a_harm_table_is_read_with_commas_in_names_and_tabs() -> None:
    table = HarmTable.from_text("H", "1", '"Assault, common", 5\nTheft\t2\n')
    assert table.weights == {"Assault, common": 5, "Theft": 2}


def test_settings_come_back_as_they_were_written() -> None:
    params = LOOSE.replace(
        start=date(2026, 1, 1),
        end=date(2026, 3, 31),
        only_hours={22, 2},
        only_weekdays={4},
        only_kinds={"a"},
        harm=TABLE,
    )
    assert Params.from_dict(params.as_dict()) == params
    old = {
        k: v
        for k, v in Params().as_dict().items()
        if k not in ("harm", "only_hours", "child_share")
    }
    assert Params.from_dict(old) == Params()


def test_the_settings_are_said_in_one_sentence() -> None:
    params = Params(
        start=date(2025, 11, 1),
        end=date(2026, 10, 31),
        only_kinds=frozenset({"Grooming", "Assault"}),
        only_risks=frozenset({"high"}),
        only_weekdays=frozenset({4, 5}),
        only_hours=frozenset({22, 23, 0, 1}),
        harm=TABLE,
        settings_off=frozenset(),
        forms_off=frozenset(),
        roles_off=frozenset({"missing_from"}),
    )
    assert sentence_of(params) == (
        "Counted are records from 1 November 2025 to 31 October 2026, each child once a cell and 28 "
        "days, only kind Assault and Grooming, only risk high, only on the days and nights that "
        "begin on Friday and Saturday (06:00 to 06:00 of the next day), only in the hours 22:00 to "
        "02:00, without the roles missing from, weighed by the harm table Harm index (2020)."
    )
    assert "only on Friday, only in the hours 09:00 to 10:00" in sentence_of(
        LOOSE.replace(only_weekdays={4}, only_hours={9})
    )
    assert "every record" in sentence_of(LOOSE)
    assert "00:00 to 24:00" in sentence_of(LOOSE.replace(only_hours=range(24)))


def test_records_of_a_month_follow_no_choice_of_weekdays() -> None:
    """They were taken by the weekday of the second of the month."""
    months = [datetime(2026, month, 2, 12) for month in range(1, 8)]
    points = pl.DataFrame(
        {"lng": [-2.18] * 7, "lat": [53.02] * 7, "occurred_at": months}
    ).with_columns(time_precision=pl.lit("month"))
    run = detect(points, Params(only_weekdays=frozenset({0, 4})))
    assert run.records_used == 0
    assert run.left_out == {"no_day": 7}
