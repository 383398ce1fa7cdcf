"""Count the numbers that places which last are given: two apart, and two with a flickering bridge.

`python -m benchmarks.truth_of_time` runs it with the other truths; two places should need two
numbers.
"""

from __future__ import annotations

import time
from typing import Any

import h3
import numpy as np
import polars as pl

from hotspot import Params, detect
from hotspot.analysis.detection.run import Run
from hotspot.analysis.time.lineage import LineageEvent, Registered, trace

MONTHS, RUNS = 24, 60
APART_M, SPREAD_M, VISITS = 800.0, (100.0, 130.0, 160.0), (40, 60)
PARAMS = Params(child_cap_days=None, min_children=1)
_NORTH, _EAST = 1 / 111_320, 1 / (111_320 * 0.6018)
_AT = (53.0, -2.18)


class Register:
    """The register of hotspots in memory, as the store keeps it."""

    def __init__(self) -> None:
        self.known: dict[int, Registered] = {}

    def take(self, run: Run) -> None:
        """Step on with a run, as freezing it does."""
        outlines = run.outlines()
        for step in trace(list(self.known.values()), outlines):
            number = step.hotspot_id or len(self.known) + 1
            if step.key is not None:
                self.known[number] = Registered(number, outlines[step.key])
                continue
            weights = self.known[number].weights
            merged = step.related_id if step.event is LineageEvent.MERGED else None
            self.known[number] = Registered(number, weights, merged is None, merged_into=merged)


def around(middle_m: float, number: int, spread_m: float, rng: np.random.Generator) -> pl.DataFrame:
    """Draw records around a place that lies some metres east."""
    off = rng.normal((middle_m, 0), spread_m, (number, 2))
    return pl.DataFrame({"lng": _AT[1] + off[:, 0] * _EAST, "lat": _AT[0] + off[:, 1] * _NORTH})


def lasting_pair(spread_m: float, visits: int, seed: int, months: int = MONTHS) -> int:
    """Return how many numbers two lasting places 800 m apart are given in some months."""
    rng, register = np.random.default_rng([11, int(spread_m), visits, seed]), Register()
    for _ in range(months):
        parts = [around(at, rng.poisson(visits), spread_m, rng) for at in (0.0, APART_M)]
        register.take(detect(pl.concat(parts), PARAMS))
    return len(register.known)


def flickering_pair(seed: int, months: int = MONTHS) -> int:
    """Return how many numbers two places are given whose bridge is there every other month."""
    rng, register = np.random.default_rng([12, seed]), Register()
    for month in range(months):
        parts = [around(at, 60, 60, rng) for at in (0.0, APART_M)]
        if month % 2:
            parts.append(around(APART_M / 2, 60, 120, rng))
        register.take(detect(pl.concat(parts), PARAMS))
    return len(register.known)


def measured(runs: int = RUNS, months: int = MONTHS) -> dict[str, Any]:
    """Follow both pairs in many runs."""
    rows = []
    for spread in SPREAD_M:
        for visits in VISITS:
            used = [lasting_pair(spread, visits, seed, months) for seed in range(runs)]
            third = sum(number > 2 for number in used)
            shape = {"spread_m": spread, "visits": visits}
            rows.append(shape | {"runs": runs, "numbers": float(np.mean(used)), "third": third})
    flickering = [flickering_pair(seed, months) for seed in range(max(runs // 6, 1))]
    return {
        "months": months,
        "lasting": rows,
        "flickering": {"runs": len(flickering), "numbers": float(np.mean(flickering))},
        "trace_2000_s": trace_seconds(),
    }


def trace_seconds(hotspots: int = 2000) -> float:
    """Time the tracing of as many hotspots, 0.9 km apart, of 19 cells each."""
    wide = sorted(h3.grid_disk(h3.latlng_to_cell(*_AT, 8), 27))[:hotspots]
    outlines = [
        dict.fromkeys(h3.grid_disk(h3.cell_to_center_child(cell, 10), 2), 1.0) for cell in wide
    ]
    registered = [Registered(n + 1, weights) for n, weights in enumerate(outlines)]
    start = time.perf_counter()
    trace(registered, {f"H-{n}": weights for n, weights in enumerate(outlines)})
    return time.perf_counter() - start
