"""Invent the sample with twenty seeds and count which planted places are found at the defaults.

python -m benchmarks.twenty_seeds [--seeds N]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.truth_of_sample import sample_run
from sample_geo.make import write_sample

FIRST_SEED = 1
STRONG = {"hotspot", "single_child"}


def judge(seed: int, folder: Path) -> dict[str, Any]:
    """Return what one seed's run made of each planted place, and what it reported besides."""
    write_sample(folder, seed)
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    run, _ = sample_run(folder)
    outcome: dict[str, str] = {}
    explained: set[str] = set()
    for place in truth["planted"]:
        at = _touching(run.hotspots, place["cells"])
        explained |= set(at["key"]) if place["expect"] in STRONG else set()
        outcome[place["name"]] = _name(at, _touching(run.set_aside, place["cells"]))
    return {"seed": seed, "places": outcome, "false": len(set(run.hotspots["key"]) - explained)}


def _touching(clusters: Any, cells: list[str]) -> Any:  # noqa: ANN401 - frames of geopandas
    hit = clusters["cells"].map(lambda own: bool(set(own) & set(cells)))
    return clusters[hit.astype(bool)]


def _name(found: Any, aside: Any) -> str:  # noqa: ANN401 - frames of geopandas
    if len(found):
        return "single_child" if found["single_child"].all() else "hotspot"
    return str(aside["reason"].iloc[0]) if len(aside) else "not a cluster"


def main() -> None:
    """Judge each seed and save the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    seeds = range(FIRST_SEED, FIRST_SEED + parser.parse_args().seeds)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    false_alarms = 0
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            judged = judge(seed, Path(folder))
        sys.stderr.write(f"{judged}\n")
        false_alarms += judged["false"]
        for name, outcome in judged["places"].items():
            counts[name][outcome] += 1
    from sample_geo.planted import PLANTED

    rows = [
        {"name": p.name, "expect": p.expect, "visits": p.visits, "outcomes": dict(counts[p.name])}
        for p in PLANTED
    ]
    report.save("twenty_seeds", {"seeds": len(seeds), "rows": rows, "false_alarms": false_alarms})


if __name__ == "__main__":
    main()
