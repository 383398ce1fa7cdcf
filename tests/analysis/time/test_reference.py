"""Regression to the mean: actions that did nothing are seldom said to have worked."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import truth_effect
from hotspot import InputError
from hotspot.analysis.time.reference import against_reference, burst_variance

SIZES = [(250, 8), pytest.param(4000, 20, marks=pytest.mark.soak)]


@pytest.mark.parametrize(("runs", "places"), SIZES)
@pytest.mark.parametrize("scenario", truth_effect.SCENARIOS)
def test_an_action_that_does_nothing_is_seldom_said_to_have_worked(
    scenario: str, runs: int, places: int
) -> None:
    """At most 0.03 (0.33 before), intervals over 1 in 0.93 to 0.97; within three Monte Carlo
    errors.
    """
    found = truth_effect.shares(*truth_effect.SCENARIOS[scenario], runs, 1.0, places)
    allowed = 3 * np.sqrt(0.03 * 0.97 / runs)
    assert found["fewer"] <= 0.03 + allowed
    assert 0.93 - 3 * np.sqrt(0.05 * 0.95 / runs) <= found["coverage"]


def test_half_of_thirty_records_is_seen_more_often_than_not() -> None:
    assert truth_effect.shares(0.0, "random", 200, 0.5)["fewer"] > 0.5


def test_bursts_are_measured_beside_poisson() -> None:
    rng = np.random.default_rng(3)
    steady = rng.poisson(30, (40, 10)).astype(float)
    level = np.exp(rng.normal(0, 0.5, (40, 10)))
    bursts = rng.poisson(30 * level).astype(float)
    assert burst_variance(steady) < 0.02
    assert 0.18 < burst_variance(bursts) < 0.4  # exp(0.25) - 1 = 0.284
    assert burst_variance(np.zeros((3, 4))) == 0


def test_bursts_widen_the_interval_and_more_is_seen_of_more() -> None:
    even = np.full((5, 5), 30.0)
    uneven = even * np.tile([0.5, 1.5, 1.0, 1.5, 0.5], (5, 1)) * np.eye(5)[::-1].cumsum(axis=1)
    calm = against_reference(even, np.full(5, 30.0))
    wild = against_reference(np.where(uneven > 0, uneven, 30.0), np.full(5, 30.0))
    many = against_reference(even * 10, np.full(5, 300.0))
    assert wild.error > calm.error > many.error
    assert calm.detectable is not None
    assert many.detectable is not None
    assert many.detectable < calm.detectable
    assert against_reference(even / 30, np.ones(5)).detectable is None


def test_what_cannot_be_compared_is_said() -> None:
    for blocks, after, message in (
        (np.ones((1, 5)), np.ones(1), "control"),
        (np.ones((3, 2)), np.ones(3), "too few"),
        (np.vstack([np.zeros(5), np.ones((2, 5))]), np.ones(3), "Nothing was recorded"),
    ):
        with pytest.raises(InputError, match=message):
            against_reference(blocks, after)
