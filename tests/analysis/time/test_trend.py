"""Trends: published values, SciPy, intervals that cover, and the rules of emerging hot spots."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, kendalltau, poisson

from hotspot.analysis.time.trend import (
    change_between,
    emerging_class,
    mann_kendall,
    poisson_interval,
)
from hotspot.errors import ParamsError


def series_with(s: int) -> list[int]:
    """Make ten different numbers of which S is as wanted: swap neighbours until it fits."""
    order = list(range(10))
    falls = (45 - s) // 2
    while falls:
        at = next(i for i in range(9) if order[i] < order[i + 1])
        order[at], order[at + 1] = order[at + 1], order[at]
        falls -= 1
    return order


@pytest.mark.parametrize(("s", "p"), [(17, 0.1524), (37, 0.00128), (33, 0.00421), (-45, 8.30e-5)])
def test_published_values_of_mann_and_kendall(s: int, p: float) -> None:
    found = mann_kendall(series_with(s))
    assert found.s == s
    assert found.variance == 125
    assert float(f"{found.p:.3g}") == pytest.approx(p, rel=0.005)


@given(st.lists(st.integers(0, 6), min_size=3, max_size=30))
def test_the_sign_is_that_of_kendalls_tau(values: list[int]) -> None:
    found = mann_kendall(values)
    tau = kendalltau(range(len(values)), values).statistic
    assert np.sign(found.s) == (0 if np.isnan(tau) else np.sign(round(tau, 12)))
    assert 0 <= found.p <= 1


@given(st.integers(0, 300))
def test_the_interval_of_a_count_holds_both_tails(count: int) -> None:
    low, high = poisson_interval(count)
    assert poisson.cdf(count, high) == pytest.approx(0.025, abs=1e-6)
    if count:
        assert poisson.sf(count - 1, low) == pytest.approx(0.025, abs=1e-6)
    else:
        assert low == 0


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_interval_of_a_change_is_the_binomial_one(before: int, after: int) -> None:
    found = change_between(before, after)
    if not before + after:
        assert found.word == "none"
        return
    exact = binomtest(after, before + after).proportion_ci(0.95, method="exact")
    assert found.low == pytest.approx(exact.low / (1 - exact.low), rel=1e-5, abs=1e-9)
    if before:
        assert found.high == pytest.approx(exact.high / (1 - exact.high), rel=1e-5)
        ordered: list[Any] = [found.low, found.ratio, found.high]
        low, ratio, high = ordered
        assert low <= ratio <= high


def test_a_change_is_told_only_where_it_can_be() -> None:
    assert change_between(4, 7).word == "too few to tell"
    assert change_between(5, 40).word == "more"
    assert change_between(40, 5).word == "fewer"
    assert change_between(0, 3).word == "too few to tell"
    assert change_between(30, 30, time_before=3, time_after=1).word == "more"


def marks(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Read H as hot, C as cold, . as neither."""
    letters = np.array(list(text))
    return letters == "H", letters == "C"


@pytest.mark.parametrize(
    ("text", "scores", "name"),
    [
        (".........H", None, "new"),
        (".......HHH", None, "consecutive"),
        ("HHHHHHHHHH", range(10), "intensifying"),
        ("HHHHHHHHHH", range(10, 0, -1), "diminishing"),
        ("HHHHHHHHHH", [3, 4] * 5, "persistent"),
        (".HHHHHHHHH", [3, 4] * 5, "persistent"),
        ("HHHHHHHHH.", None, "historical"),
        ("H..H....HH", None, "sporadic"),
        ("C..H....HH", None, "oscillating"),
        ("H.H.......", None, "none"),
        ("..........", None, "none"),
    ],
)
def test_esris_rules(text: str, scores: Iterable[float] | None, name: str) -> None:
    hot, cold = marks(text)
    given_scores = None if scores is None else np.array(list(scores), dtype=np.float64)
    assert emerging_class(hot, cold, given_scores) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("HHHHHHHH..", "persistent"),
        ("........HH", "emerging"),
        (".........H", "emerging"),
        ("HHH.......", "former"),
        ("H..H.....H", "intermittent"),
        ("..........", "none"),
        ("............H.", "emerging"),  # 14 periods: the last fifth is two, rounded down
        ("H.........H..", "intermittent"),  # 13: the last two and, in the code, the one before
        ("H........H...", "former"),
    ],
)
def test_the_rules_of_sfhotspot(text: str, name: str) -> None:
    assert emerging_class(marks(text)[0], rules="sfhotspot") == name


def test_marks_of_different_length_are_refused() -> None:
    with pytest.raises(ParamsError, match="as many"):
        emerging_class(np.array([True]), np.array([True, False]))
