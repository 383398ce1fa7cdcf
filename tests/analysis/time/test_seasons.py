"""Seasons, school holidays and term: days counted once, rates by the days there were."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.analysis.time.seasons import HOLIDAYS, SEASONS, TERM, season_counts

YEAR = (date(2025, 11, 1), date(2026, 10, 31))
SUMMER = (date(2026, 7, 20), date(2026, 8, 31))
CHRISTMAS = (date(2025, 12, 20), date(2026, 1, 4))


def on(*days: date, precision: str = "minute", hour: int = 12) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "occurred_at": [datetime(d.year, d.month, d.day, hour, tzinfo=UTC) for d in days],
            "time_precision": [precision] * len(days),
            "child": [f"c{n % 3}" for n in range(len(days))],
        },
        schema_overrides={
            "occurred_at": pl.Datetime("us", "UTC"),
            "time_precision": pl.String,
            "child": pl.String,
        },
    )


def test_a_record_a_day_has_the_same_rate_all_year() -> None:
    days = [YEAR[0] + timedelta(days=n) for n in range(365)]
    found = season_counts(on(*days), *YEAR, [SUMMER, CHRISTMAS])
    table = found.table.set_index("part")
    assert table.index.tolist() == [*SEASONS, HOLIDAYS, TERM]
    assert table["days"].tolist() == [90, 92, 92, 91, 59, 255 - 59]
    assert table["rate"].tolist() == pytest.approx([28] * 6)
    assert table["children"].tolist() == [3] * 6
    assert ((table["low"] < 28) & (table["high"] > 28)).all()
    assert found.holidays is not None
    assert found.holidays.ratio == pytest.approx(1)
    assert found.holidays.word == "too few to tell"


def test_more_in_the_holidays_is_told() -> None:
    days = [SUMMER[0] + timedelta(days=n) for n in range(43)] * 2
    days += [date(2026, 5, 5 + n) for n in range(10)]
    for children, word in ((pl.len(), "more"), (3, "too few to tell")):  # three may be chance
        of = pl.format("c{}", pl.int_range(pl.len()) % children)
        found = season_counts(on(*days).with_columns(child=of), *YEAR, [SUMMER, CHRISTMAS])
        assert found.holidays is not None
        assert (found.holidays.before, found.holidays.after) == (10, 86)
        assert found.holidays.word == word


def test_days_that_the_calendar_does_not_cover_are_neither() -> None:
    early = on(date(2025, 11, 3))
    found = season_counts(early, *YEAR, [SUMMER])
    table = found.table.set_index("part")
    assert table.loc[HOLIDAYS, "events"] == 0
    assert TERM not in table.index
    assert found.holidays is None
    assert table.loc["Autumn (Sep to Nov)", "events"] == 1


def test_months_alone_tell_no_day_and_no_period_tells_nothing() -> None:
    both = pl.concat([on(date(2026, 7, 1), precision="month"), on(date(2026, 8, 1))])
    found = season_counts(both, *YEAR)
    assert (found.undated, found.table["events"].sum(), found.holidays) == (1, 1, None)
    assert season_counts(both, None, None).table.empty


def test_a_day_is_that_of_the_clocks_here() -> None:
    late = on(date(2026, 8, 31), hour=23)  # 1 September, 00:00 in summer time
    table = season_counts(late, *YEAR).table.set_index("part")
    assert table.loc["Autumn (Sep to Nov)", "events"] == 1


@given(
    st.lists(st.dates(*YEAR), max_size=30),
    st.lists(st.tuples(st.dates(*YEAR), st.integers(0, 60)), max_size=4),
)
def test_every_record_is_in_one_season_and_in_at_most_one_of_holidays_and_term(
    days: list[date], spans: list[tuple[date, int]]
) -> None:
    holidays = [(first, first + timedelta(days=n)) for first, n in spans]
    found = season_counts(on(*days), *YEAR, holidays)
    events = found.table.set_index("part")["events"]
    assert events[events.index.isin(SEASONS)].sum() == len(days)
    covered = [
        d for d in days if holidays and min(holidays)[0] <= d <= max(last for _, last in holidays)
    ]
    assert events[events.index.isin([HOLIDAYS, TERM])].sum() == len(covered)
