"""Rates of few records are drawn towards the common one, and come nearer the truth by that."""

from __future__ import annotations

import numpy as np
import pytest

from hotspot.analysis.evidence.shrinkage import shrunk_rates


def test_few_records_are_drawn_further_and_many_hardly() -> None:
    rates = shrunk_rates(np.array([3.0, 300.0, 100.0, 20.0]), np.array([0.1, 10.0, 10.0, 5.0]))
    common = 423 / 25.1
    assert rates["rate"].tolist() == pytest.approx([30, 30, 10, 4])
    assert abs(rates["shrunk"][0] - common) < abs(rates["shrunk"][1] - common)
    assert rates["shrunk"][1] == pytest.approx(30, rel=0.05)
    assert (rates["low"] < rates["shrunk"]).all()
    assert (rates["shrunk"] < rates["high"]).all()


def test_what_varies_as_chance_does_is_one_rate() -> None:
    assert shrunk_rates(np.full(4, 10.0), np.ones(4))["shrunk"].tolist() == [10] * 4
    assert shrunk_rates(np.zeros(2), np.ones(2))["shrunk"].tolist() == [0, 0]
    assert shrunk_rates(np.array([]), np.array([])).empty


def test_shrunk_rates_lie_nearer_the_truth_and_their_intervals_hold_it() -> None:
    rng = np.random.default_rng(8)
    exposures = rng.uniform(0.1, 3, 4000)
    truth = rng.gamma(4, 2.5, 4000)
    rates = shrunk_rates(rng.poisson(truth * exposures).astype(float), exposures)
    error = {name: float(((rates[name] - truth) ** 2).mean()) for name in ("rate", "shrunk")}
    assert error["shrunk"] < 0.6 * error["rate"]
    covered = (rates["low"] <= truth) & (truth <= rates["high"])
    assert 0.93 < covered.mean() < 0.97
