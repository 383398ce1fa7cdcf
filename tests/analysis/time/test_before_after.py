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
FARTHER = h3.latlng_to_cell(52.70, -2.11, 10)
BESIDE_FAR = min(h3.grid_ring(FAR, 1))
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


FIRST = date(2025, 4, 1)
"""A year before the action: records are held from here."""


def some(cell: str, before: int, after: int) -> list[tuple[str, date, str | None]]:
    """Lay out records evenly: so many in each 8 weeks of the year before, and so many after."""
    blocks = WINDOW.reference(FIRST)
    spans = [*((first, before) for first, _ in blocks), (WINDOW.after[0], after)]
    return [
        (cell, first + timedelta(n * 56 // count), None)
        for first, count in spans
        for n in range(count)
    ]


def test_the_weeks_that_called_for_the_action_and_the_action_itself_count_nowhere() -> None:
    rows = [*some(HERE, 20, 20), *some(FAR, 20, 20)]
    quiet = before_and_after(records(*rows), [HERE], {"H-02": [FAR]}, WINDOW)
    burst = [(HERE, WINDOW.first - timedelta(n), None) for n in range(-13, 57)]
    loud = before_and_after(records(*rows, *burst), [HERE], {"H-02": [FAR]}, WINDOW)
    assert loud.place == quiet.place
    assert (quiet.just_before, loud.just_before) == (0, 56)
    assert WINDOW.reference(FIRST)[-1][1] < WINDOW.called_for[0]
    assert len(WINDOW.reference(FIRST)) == 5


def test_children_count_once_in_28_days_and_once_a_place() -> None:
    """The cap must not span the pool: a child at three places counts at each."""
    places = [HERE, FAR, FARTHER]
    rows = [row for cell in places for row in some(cell, 10, 10)]
    start = WINDOW.after[0]
    rows += [(cell, start + timedelta(n), "a") for cell in places for n in (0, 1, 28)]
    others = {"H-02": [FAR], "H-03": [FARTHER]}
    found = before_and_after(records(*rows), [HERE], others, WINDOW)
    assert found.place.after == 12
    assert found.place.expected == pytest.approx(12)


def test_the_surroundings_are_neither_the_place_nor_another_hotspot() -> None:
    rows = [*some(HERE, 9, 9), *some(FAR, 9, 9), *some(BESIDE_FAR, 9, 9), *some(NEXT, 7, 3)]
    inside = before_and_after(records(*rows), [HERE], {"H-02": [FAR]}, WINDOW)
    assert inside.around is not None
    assert inside.around.after == 3
    assert inside.around.expected == pytest.approx(7)
    taken = before_and_after(records(*rows), [HERE, NEXT], {"H-02": [FAR]}, WINDOW)
    assert taken.around is None
    other = before_and_after(records(*rows), [HERE], {"H-02": [FAR], "H-03": [NEXT]}, WINDOW)
    assert (other.around, other.controls) == (None, 1)


def test_without_a_control_nothing_is_said() -> None:
    rows = records(*some(HERE, 9, 9))
    for others in ({}, {"H-02": [NEXT]}, {"H-02": [FAR]}):
        with pytest.raises(InputError, match="control"):
            before_and_after(rows, [HERE], others, WINDOW)


def held_since(first: date) -> pl.DataFrame:
    every = [(cell, first + timedelta(n), None) for cell in (HERE, FAR) for n in range(300)]
    return records(*every)


def test_a_short_time_before_shortens_what_is_compared_and_too_short_a_one_is_said() -> None:
    found = before_and_after(held_since(date(2025, 10, 1)), [HERE], {"H-02": [FAR]}, WINDOW)
    assert (found.window.days, found.blocks) == (42, 3)
    assert found.place.expected == pytest.approx(42)
    with pytest.raises(InputError, match="beside the 8 weeks that called for it, 84 days"):
        before_and_after(held_since(date(2025, 12, 1)), [HERE], {"H-02": [FAR]}, WINDOW)


@pytest.mark.parametrize(
    ("treated", "control"),
    [
        ((200, 100), (100, 50)),
        ((100, 75), (20, 15)),
        ((200, 100), (800, 400)),
        ((50, 25), (400, 200)),
    ],
)
def test_what_halves_everywhere_is_no_effect(
    treated: tuple[int, int], control: tuple[int, int]
) -> None:
    """Counts of 200 to 100 against 100 to 50 were said to be 50 fewer."""
    rows = [
        *some(HERE, *treated),
        *some(FAR, *control),
        *some(NEXT, 400, 300),
        *some(BESIDE_FAR, 20, 15),
    ]
    found = before_and_after(records(*rows), [HERE], {"H-02": [FAR]}, WINDOW)
    assert found.place.expected == pytest.approx(treated[1])
    assert found.place.ratio == pytest.approx(1)
    assert found.place.word in {"no clear change", "too few to tell"}
    assert found.around is not None
    assert found.around.ratio == pytest.approx(1)


def test_a_clear_fall_beside_steady_places_is_said_with_its_surroundings() -> None:
    rows = [*some(HERE, 60, 15), *some(FAR, 60, 60), *some(NEXT, 30, 80), *some(BESIDE_FAR, 30, 30)]
    found = before_and_after(records(*rows), [HERE], {"H-02": [FAR]}, WINDOW)
    assert found.sentence == (
        "Fewer records than expected from its year before and the other hotspots; whether the action "
        "did it cannot be said. Around it there were more: it may have moved there."
    )
    few = [*some(HERE, 3, 1), *some(FAR, 60, 60)]
    told = before_and_after(records(*few), [HERE], {"H-02": [FAR]}, WINDOW)
    assert told.sentence.startswith("Too few to tell")


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


def test_what_has_passed_since_is_counted_and_the_reference_comes_in_blocks_as_long() -> None:
    assert window_of(date(2026, 4, 1), date(2026, 4, 14), date(2026, 12, 31)).days == 56
    short = window_of(date(2026, 4, 1), date(2026, 4, 14), date(2026, 5, 20))
    assert short.days == 36
    assert {(last - first).days + 1 for first, last in short.reference()} == {36}
    assert short.reference()[0][0] >= date(2025, 4, 1)


@given(st.integers(1, 30), st.integers(0, 30), st.integers(1, 30), st.integers(1, 30))
def test_expected_is_the_places_own_rate_times_how_the_others_went_on(
    before: int, after: int, control_before: int, control_after: int
) -> None:
    rows = [*some(HERE, before, after), *some(FAR, control_before, control_after)]
    found = before_and_after(records(*rows), [HERE], {"H-02": [FAR]}, WINDOW).place
    assert found.expected == pytest.approx(before * control_after / control_before)
    assert found.low <= found.ratio <= found.high
