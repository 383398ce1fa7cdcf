"""Keep the scenarios of which the truth is known, and count how often each is called out.

A scenario is a function of a number (its seed) that says whether something was called out; it is
registered with what the screens promise of it:

    @scenario("false alarms", "even", at_most=0.05, months=400)
    def even(number: int) -> bool: ...

`python -m benchmarks.truth` runs all of `MODULES` at their full sizes; tests run reduced ones. A
measure that is a number and no yes or no (numbers used in 24 months) returns a float and is given
by its mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from scipy.stats import beta

MODULES = [
    "benchmarks.truth_of_places",
    "benchmarks.truth_of_premises",
    "benchmarks.truth_of_change",
]
"""Modules that register scenarios; add one for another subject."""

Months = Callable[[int], bool | float]


@dataclass(frozen=True)
class Scenario:
    """One truth that is known.

    Attributes
    ----------
    group, name
        What is counted, and where.
    month
        Whether one month, by its number, was called out; or a number.
    months
        Full size.
    at_most, at_least
        What is promised of the rate (or mean), if anything.
    """

    group: str
    name: str
    month: Months
    months: int
    at_most: float | None = None
    at_least: float | None = None

    def measured(self, months: int | None = None) -> dict[str, Any]:
        """Run it, and give the rate with its 95 % binomial interval (of a mean: normal)."""
        values = [self.month(number) for number in range(months or self.months)]
        n, rate = len(values), float(np.mean(values))
        if all(isinstance(value, bool | np.bool_) for value in values):
            low, high = binomial_interval(int(np.sum(values)), n)
        else:
            half = 1.96 * float(np.std(values)) / math.sqrt(n)
            low, high = rate - half, rate + half
        return {
            "group": self.group,
            "name": self.name,
            "months": n,
            "rate": rate,
            "low": low,
            "high": high,
            "at_most": self.at_most,
            "at_least": self.at_least,
        }


REGISTRY: list[Scenario] = []


def scenario(
    group: str,
    name: str,
    *,
    months: int,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Callable[[Months], Months]:
    """Register a scenario (see `Scenario`)."""

    def register(month: Months) -> Months:
        REGISTRY.append(Scenario(group, name, month, months, at_most, at_least))
        return month

    return register


def all_scenarios() -> list[Scenario]:
    """Return the scenarios of all modules, in the order of the modules."""
    for module in MODULES:
        import_module(module)
    return list(REGISTRY)


def is_kept(measured: dict[str, Any]) -> bool:
    """Tell whether a rate keeps what is promised, within its Monte Carlo interval."""
    at_most, at_least = measured["at_most"], measured["at_least"]
    return (at_most is None or measured["low"] <= at_most) and (
        at_least is None or measured["high"] >= at_least
    )


def binomial_interval(count: int, n: int) -> tuple[float, float]:
    """Return the exact 95 % interval of Clopper and Pearson (1934), Biometrika 26."""
    low = float(beta.ppf(0.025, count, n - count + 1)) if count else 0.0
    high = float(beta.ppf(0.975, count + 1, n - count)) if count < n else 1.0
    return low, high
