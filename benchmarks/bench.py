"""Measure Hotspot and its peers in one run and write the table: `make bench`.

    python -m benchmarks.bench [--quick]

Every contender runs in a process of its own, one after the other. Hotspot runs several times, since
it is over in less than a second; the median counts.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import agreement, report
from benchmarks.contenders import MIN_WEIGHT, REACH_M, RESOLUTION, RINGS
from benchmarks.synthetic import write_points

MILLION = 1_000_000


def measure(name: str, path: Path, times: int) -> dict[str, Any]:
    """Run a contender some times and give the median seconds, the peak memory and what it found."""
    runs = []
    for _ in range(times):
        command = [sys.executable, "-m", "benchmarks.contenders", name, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        runs.append(json.loads(done.stdout))
        sys.stderr.write(f"{name} on {path.name}: {runs[-1]}\n")
    return {
        "name": name,
        "runs": times,
        "seconds": statistics.median(run["seconds"] for run in runs),
        "peak_mib": max(run["peak_mib"] for run in runs),
        "hotspots": runs[0]["hotspots"],
    }


def main() -> None:
    """Measure, compare and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out 10,000,000 points")
    quick = parser.parse_args().quick
    results: dict[str, Any] = {
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        "settings": {
            "resolution": RESOLUTION,
            "rings": RINGS,
            "reach_m": REACH_M,
            "min_weight": MIN_WEIGHT,
        },
    }
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "1m.csv"
        write_points(one, MILLION)
        results["one_million"] = [
            measure("hotspot", one, 7),
            measure("pandas-h3-loop", one, 1 if quick else 3),
            measure("pandas-point-dbscan", one, 1),
        ]
        if not quick:
            ten = Path(folder) / "10m.csv"
            write_points(ten, 10 * MILLION)
            results["ten_million"] = [
                measure("hotspot", ten, 3),
                measure("pandas-h3-loop", ten, 1),
            ]
            ours = [results[size][0]["seconds"] for size in ("one_million", "ten_million")]
            results["growth_exponent"] = math.log10(ours[1] / ours[0])
    report.save("speed", results)
    agreement.main()


if __name__ == "__main__":
    main()
