"""Say of actions that did nothing how often they are said to have worked, and how often of a half.

`python -m benchmarks.truth_of_time` runs it with the other truths.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotspot.analysis.time.reference import AgainstReference, against_reference

RUNS, PLACES, BLOCKS, MEAN, BURST = 4000, 20, 5, 30.0, 0.5
SCENARIOS = {
    "a place at random": (0.0, "random"),
    "the greatest rise": (0.0, "rise"),
    "the greatest rise, with bursts": (BURST, "rise"),
    "the highest last 8 weeks, with bursts": (BURST, "highest"),
}
"""Standard deviation of bursts on the log scale, and which place is acted on."""


def one_action(
    burst: float, chosen: str, rng: np.random.Generator, kept: float = 1.0, places: int = PLACES
) -> AgainstReference:
    """Simulate a year of places in blocks of 8 weeks, act on one, and compare.

    Parameters
    ----------
    burst
        Standard deviation of the log-normal level of each place and block.
    chosen
        "random", "rise" (of the last block over the one before) or "highest" (last block).
    kept
        Share of records that the action leaves: 1 where it does nothing.
    """
    means = MEAN * rng.gamma(4, 0.25, places)
    level = np.exp(rng.normal(0, burst, (places, BLOCKS + 2)) - burst**2 / 2)
    counts = rng.poisson(means[:, None] * level).astype(np.float64)
    last, before = counts[:, BLOCKS], counts[:, BLOCKS - 1]
    score = {"random": rng.random(places), "rise": last - before, "highest": last}[chosen]
    at = int(np.argmax(score))
    counts[at, -1] = rng.poisson(means[at] * level[at, -1] * kept)
    order = [at, *(n for n in range(places) if n != at)]
    return against_reference(counts[order, :BLOCKS], counts[order, -1])


def shares(
    burst: float, chosen: str, runs: int = RUNS, kept: float = 1.0, places: int = PLACES
) -> dict[str, float]:
    """Return the share of actions said to have left fewer or more, and that of intervals over 1."""
    words: list[str] = []
    covered: list[bool] = []
    for number in range(runs):
        rng = np.random.default_rng([21, int(100 * burst), len(chosen), places, number])
        compared = one_action(burst, chosen, rng, kept, places)
        words.append(compared.word)
        covered.append(compared.low <= kept <= compared.high)
    said: NDArray[np.str_] = np.array(words)
    return {
        "fewer": float((said == "fewer").mean()),
        "more": float((said == "more").mean()),
        "coverage": float(np.mean(covered)),
    }


def measured(runs: int = RUNS) -> dict[str, Any]:
    """Measure false effects in the four scenarios, and the power for a half."""
    return {
        "runs": runs,
        "places": PLACES,
        "mean": MEAN,
        "scenarios": {name: shares(*how, runs) for name, how in SCENARIOS.items()},
        "power of a half": {
            "Poisson": shares(0.0, "random", runs, 0.5)["fewer"],
            "bursts": shares(BURST, "random", runs, 0.5)["fewer"],
        },
    }
