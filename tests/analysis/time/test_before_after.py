"""Before and after an action: what is counted when, and who serves as control."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import h3
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot import InputError
from hotspot.analysis.time.before_after import Window, before_and_after, window_of

HERE = h3.latlng_to_cell(53.02, -2.18, 10)
FAR = h3.latlng_to_cell(52.80, -2.11, 10)
NEXT = min(h3.grid_ring(HERE, 1))
WINDOW = Window(date(2026, 4, 1), date(2026, 4, 14), 56)


def records(*rows: tuple[str, date, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "cell": [int(cell, 16) for cell, _, _ in rows],
            "occurred_at": [datetime(d.year, d.month, d.day, 12, tzinfo=UTC) for _, d, _ in rows],
            "child": [child for _, _, child in rows],
        },
        schema={"cell": pl.UInt64, "occurred_at": pl.Datetime("us", "UTC"), "child": pl.String},
    )


def days(first: date, count: int, cell: str) -> list[tuple[str, date, str | None]]:
    return [(cell, first + timedelta(n), None) for n in range(count)]


def test_what_lies_between_counts_nowhere_and_children_count_once_in_28_days() -> None:
    first, last = WINDOW.before[0], WINDOW.after[1]
    rows = [
        (HERE, first, "a"),
        (HERE, first + timedelta(1), "a"),
        (HERE, first + timedelta(28), "a"),
        (HERE, first - timedelta(1), "b"),
        (HERE, WINDOW.first, "b"),
        (HERE, WINDOW.last, "b"),
        (HERE, WINDOW.after[0], "b"),
        (HERE, last, None),
        (HERE, last + timedelta(1), None),
        *days(first, 4, FAR),
    ]
    found = before_and_after(records(*rows), [HERE], {"H-02": [FAR]}, WINDOW)
    assert (found.treated.before, found.treated.after) == (2, 2)
    assert (found.control.before, found.control.after, found.control.area) == (4, 0, 2)


def test_the_surroundings_are_neither_the_place_nor_another_hotspot() -> None:
    rows = [*days(WINDOW.before[0], 3, NEXT), *days(WINDOW.before[0], 4, FAR)]
    inside = before_and_after(records(*rows), [HERE], {"H-02": [FAR]}, WINDOW)
    assert inside.around_treated.before == 3
    taken = before_and_after(records(*rows), [HERE, NEXT], {"H-02": [FAR]}, WINDOW)
    assert taken.around_treated.before == 0
    other = before_and_after(records(*rows), [HERE], {"H-02": [FAR], "H-03": [NEXT]}, WINDOW)
    assert (other.around_treated.before, other.controls) == (0, 1)


def test_without_a_control_nothing_is_said() -> None:
    rows = records(*days(WINDOW.before[0], 9, HERE))
    for others in ({}, {"H-02": [NEXT]}, {"H-02": [FAR]}):
        with pytest.raises(InputError, match="control"):
            before_and_after(rows, [HERE], others, WINDOW)


@pytest.mark.parametrize(
    ("last", "held", "message"),
    [
        (date(2026, 4, 14), date(2026, 5, 11), "Too early"),
        (date(2026, 3, 31), date(2026, 12, 31), "lies before"),
    ],
)
def test_too_early_or_backwards_is_said(last: date, held: date, message: str) -> None:
    with pytest.raises(InputError, match=message):
        window_of(date(2026, 4, 1), last, held)


def test_as_much_is_counted_before_as_after() -> None:
    assert window_of(date(2026, 4, 1), date(2026, 4, 14), date(2026, 12, 31)).days == 56
    short = window_of(date(2026, 4, 1), date(2026, 4, 14), date(2026, 5, 20))
    assert short.days == 36
    assert (short.before[1] - short.before[0]) == (short.after[1] - short.after[0])


@given(st.integers(1, 30), st.integers(0, 30), st.integers(1, 30), st.integers(0, 30))
def test_the_difference_is_that_of_the_place_less_its_share_of_the_control(
    before: int, after: int, control_before: int, control_after: int
) -> None:
    rows = [
        *days(WINDOW.before[0], before, HERE),
        *days(WINDOW.after[0], after, HERE),
        *days(WINDOW.before[0], control_before, FAR),
        *days(WINDOW.after[0], control_after, FAR),
    ]
    found = before_and_after(records(*rows), [HERE], {"H-02": [FAR]}, WINDOW)
    scale = max(control_before / before, 1)
    expected = (after - before) - (control_after - control_before) / scale
    assert found.difference.difference == pytest.approx(expected)
    assert found.difference.low <= found.difference.difference <= found.difference.high
    assert found.detectable > 0
