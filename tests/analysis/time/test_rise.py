"""Rising and falling are said of children, not of rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import polars as pl
import pytest

from benchmarks import truth_of_change
from hotspot.analysis.time.rise import rise_of
from hotspot.analysis.time.trend import mann_kendall, month_counts

MONTHS = [date(2026, month, 1) for month in range(1, 13)]


def records(rows: Sequence[tuple[int, str | None]], **more: list[int]) -> pl.DataFrame:
    """Records of a month and a child."""
    at = [datetime(2026, month, 10, 12, tzinfo=UTC) for month, _ in rows]
    columns = {"occurred_at": at, "child": [child for _, child in rows], **more}
    return pl.DataFrame(columns).with_columns(
        pl.col("occurred_at").cast(pl.Datetime("us", "UTC")), pl.col("child").cast(pl.String)
    )


def test_three_children_who_come_often_are_no_trend() -> None:
    """Their records rise from month to month; they are three children, and rows said "rising"."""
    rows = [(month, f"c{month // 5}") for month in range(1, 13) for _ in range(month)]
    found = rise_of(records(rows), MONTHS)
    counted = month_counts(records(rows), MONTHS[0], date(2026, 12, 31))["events"]
    assert mann_kendall(counted.tolist()).p < 0.001
    assert (found.units, found.is_enough) == (3, False)
    assert found.p > 0.05


def test_as_many_children_are_a_trend_and_the_other_way_round_is_a_fall() -> None:
    rows = [(month, f"c{month}-{n}") for month in range(1, 13) for n in range(month)]
    rising = rise_of(records(rows), MONTHS)
    assert (rising.p, rising.units) == (0.001, 78)
    assert rising.later == pytest.approx(11 / 6)
    falling = rise_of(records([(13 - month, child) for month, child in rows]), MONTHS)
    assert falling.later == pytest.approx(-11 / 6)


def test_records_without_a_child_of_one_day_and_cell_are_one_incident() -> None:
    rows = [(month, None) for month in range(1, 13) for _ in range(2)]
    assert rise_of(records(rows), MONTHS).units == 12
    assert rise_of(records(rows, cell=[1, 2] * 12), MONTHS).units == 24
    assert rise_of(records([]), MONTHS).units == 0
    assert rise_of(records([(1, "a")]), MONTHS[1:]).p == 1.0


def test_steady_years_are_seldom_called_a_trend() -> None:
    """Of 200 years with bursts at most 19 may: with 5 of 100, more come in 1 of 1,000 tries."""
    for steady in (truth_of_change.steady_year, truth_of_change.steady_year_of_bursts):
        assert sum(bool(steady(number)) for number in range(200)) <= 19
    assert sum(bool(truth_of_change.risen_year(number)) for number in range(40)) >= 20
