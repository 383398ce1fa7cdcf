"""Words of change rest on children, not on rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from benchmarks import truth_of_change
from hotspot import Params, detect
from hotspot.analysis.time.growth import Size, bursts_of, change_of
from hotspot.analysis.time.trend import change_between


def records(children: Sequence[str | None]) -> pl.DataFrame:
    at = [datetime(2026, 5, 1, 12, tzinfo=UTC)] * len(children)
    return pl.DataFrame(
        {"child": list(children), "occurred_at": at},
        schema={"child": pl.String, "occurred_at": pl.Datetime("us", "UTC")},
    )


def test_one_child_with_many_records_is_no_change() -> None:
    """Forty records against five were "more"; thirty-six of them are one child's."""
    before = records([f"b{n}" for n in range(5)])
    after = records([f"a{n}" for n in range(4)] + ["x"] * 36)
    assert change_between(5, 40).word == "more"
    change = change_of(before, after)
    assert (change.before, change.after, change.word) == (5, 40, "too few to tell")
    assert change_of(before, records([f"a{n}" for n in range(40)])).word == "more"
    assert change_of(records([f"a{n}" for n in range(40)]), before).word == "fewer"


def test_single_records_have_the_binomial_interval_and_one_day_is_one_incident() -> None:
    """Records without a child on one day are one: twenty of a night are no twenty incidents."""
    before, after = records([f"b{n}" for n in range(9)]), records([f"a{n}" for n in range(21)])
    assert change_of(before, after).low == pytest.approx(change_between(9, 21).low, rel=0.05)
    assert change_of(before, records([None] * 21)).word == "too few to tell"
    assert change_of(records([]), records([])).word == "none"


def test_records_that_know_the_month_alone_are_units_of_their_own() -> None:
    """All lie on its first day: one incident of hundreds could never be said to change."""
    few, many = (records([None] * n).with_columns(time_precision=pl.lit("month")) for n in (30, 90))
    assert change_of(few, many).word == "more"
    assert change_of(records([None] * 30), records([None] * 90)).word == "too few to tell"


def test_a_clear_change_between_periods_of_different_length_is_told() -> None:
    """Residuals from the share of time grew with the change, and hid it."""
    before = records([f"b{n}" for n in range(10)])
    after = records([f"a{n // 2}" for n in range(86)])
    assert change_of(before, after, 255, 59).word == "more"


def test_a_hotspots_bursts_are_what_its_children_add() -> None:
    """Three children with one record each and one with five: (3 + 25) / 8."""
    child = ["a", "b", "c"] + ["d"] * 5
    on = [date(2026, 1, 1)] * 3 + [date(2026, 1 + n, 1) for n in range(5)]
    points = pl.DataFrame(
        {"lng": [-2.18] * 8, "lat": [53.02] * 8, "child": child, "occurred_at": on}
    )
    run = detect(points, Params(min_weight=5))
    assert list(bursts_of(run).values()) == pytest.approx([28 / 8])
    lone = detect(points.drop("child"), Params(min_weight=5))
    assert list(bursts_of(lone).values()) == pytest.approx([(16 + 4) / 8])


def test_a_hotspot_grew_only_where_the_interval_says_so() -> None:
    """A quarter more was "grew": it came up in 26 % of months of a steady site."""
    assert Size().word("H-1", 20, 25, None) == "continued"
    assert Size().word("H-1", 20, 50, None) == "grew"
    assert Size().word("H-1", 50, 20, None) == "shrank"
    assert Size(bursts={"H-1": 4.0}).word("H-1", 20, 50, None) == "continued"
    assert Size(days=360).word("H-1", 20, 50, 30) == "shrank"


@pytest.mark.slow
@pytest.mark.parametrize("name", list(truth_of_change.STEADY))
def test_a_steady_place_is_seldom_said_to_change(name: str) -> None:
    """With records as units it was 0.26 to 0.53 with bursts."""
    months = 60
    said = np.sum([truth_of_change.STEADY[name](number) for number in range(months)])
    assert said / months <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / months)
