"""Measure what is said of places in time against known truths, and write it.

    python -m benchmarks.truth_of_time [--share 0.25]

Effects of actions, numbers of hotspots from month to month, the scan for new places, and what the
tests cost. The results are written into `benchmarks/README.md`; `--share` runs a part of each size.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from benchmarks import report, truth_effect, truth_lineage, truth_scan
from hotspot.analysis.evidence.near_repeat import near_repeat


def near_repeat_seconds(records: int) -> float:
    """Time the test of near repeats on records of a county, a third of them around 200 places."""
    rng = np.random.default_rng(31)
    places = rng.uniform(0, 50_000, (records, 2))
    crowded = records // 3
    places[:crowded] = places[rng.integers(0, 200, crowded)] + rng.normal(0, 100, (crowded, 2))
    days = rng.integers(0, 365, records).astype(np.float64)
    children = rng.integers(0, records // 3, records).astype(str).astype(object)
    start = time.perf_counter()
    near_repeat(places, days, [0, 100, 200, 400], [0, 7, 14], children=children)
    return time.perf_counter() - start


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0)
    share = parser.parse_args().share
    report.save(
        "truth_of_time",
        {
            "effect": truth_effect.measured(max(1, round(truth_effect.RUNS * share))),
            "lineage": truth_lineage.measured(max(1, round(truth_lineage.RUNS * share))),
            "scan": truth_scan.measured(max(1, round(truth_scan.RUNS * share))),
            "near_repeat_s": {str(n): near_repeat_seconds(n) for n in (4_000, 16_000, 64_000)},
        },
    )


if __name__ == "__main__":
    main()
