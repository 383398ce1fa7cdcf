"""Measure the scan for new places: false alarms where nothing is new, and new places found.

`python -m benchmarks.truth_of_time` runs it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from hotspot.analysis.detection.cells import index_points
from hotspot.analysis.evidence.prospective import scan

RUNS, SIMULATIONS, RECORDS, CHILDREN = 200, 99, 1500, 500
ALARM = 0.05
"""An alarm at 0.05 comes up once in 20 monthly scans where nothing is new."""
PLANTED = (4, 6, 8)
LAST = date(2026, 10, 31)
NONE_KNOWN = np.array([], dtype=np.uint64)


def month(number: int, planted: int = 0) -> pl.DataFrame:
    """Simulate a year of records of a town and its surroundings, and some of a new place.

    The new records come in the last four weeks within some 100 m, each of another child.
    """
    rng = np.random.default_rng([41, number])
    spread = np.where(rng.random(RECORDS) < 0.5, 600, 4000)
    east, north = rng.normal(0, spread), rng.normal(0, spread)
    ago = rng.integers(0, 365, RECORDS)
    child = rng.integers(0, CHILDREN, RECORDS)
    at = rng.uniform(-4000, 4000, 2)
    east = np.concatenate([east, at[0] + rng.normal(0, 60, planted)])
    north = np.concatenate([north, at[1] + rng.normal(0, 60, planted)])
    ago = np.concatenate([ago, rng.integers(0, 28, planted)])
    child = np.concatenate([child, CHILDREN + np.arange(planted)])
    cells = index_points(53 + north / 111_320, -2.18 + east / (111_320 * 0.6018), 10)
    days = [LAST - timedelta(int(days)) for days in ago]
    return pl.DataFrame({"cell": cells, "day": days, "child": child})


def is_alarmed(number: int, planted: int = 0, simulations: int = SIMULATIONS) -> bool:
    """Tell whether the scan of a simulated year finds something at the level of an alarm."""
    found = scan(month(number, planted), NONE_KNOWN, simulations=simulations, seed=number)
    return bool(found) and found[0].p <= ALARM


def measured(runs: int = RUNS) -> dict[str, Any]:
    """Count false alarms, and new places found by how many records they have."""
    return {
        "runs": runs,
        "records": RECORDS,
        "alarm": ALARM,
        "false": float(np.mean([is_alarmed(n) for n in range(runs)])),
        "power": {
            str(planted): float(np.mean([is_alarmed(n, planted) for n in range(runs)]))
            for planted in PLANTED
        },
    }
