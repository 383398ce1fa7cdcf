"""Simulate months of which the truth is known, and write how often each thing is called out.

    python -m benchmarks.truth [--share 0.25] [--group "false alarms"]

The results are written into `benchmarks/README.md`. `--share` runs a part of each full size,
`--group` the scenarios of the groups whose names hold some words, in place of what was saved of
them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

from benchmarks import report
from benchmarks.scenarios import all_scenarios, is_kept
from benchmarks.truth_of_sample import planted_in_the_sample, time_of_judging


def main() -> None:
    """Run the scenarios and save their rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--group", default="")
    asked = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for one in all_scenarios():
        if asked.group in one.group:
            start = time.perf_counter()
            row = one.measured(max(1, round(one.months * asked.share)))
            row["is_kept"] = is_kept(row)
            row["seconds"] = round(time.perf_counter() - start, 1)
            sys.stderr.write(f"{row}\n")
            rows.append(row)
    if asked.group:
        report.save("truth", _with_groups(rows))
        return
    content = {"share": asked.share, "rows": rows}
    content["sample"] = planted_in_the_sample()
    content["cost"] = time_of_judging()
    report.save("truth", content)


def _with_groups(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Put the rows of some groups in the place of those that were saved of them."""
    saved: dict[str, Any] = json.loads((report.RESULTS / "truth.json").read_text(encoding="utf-8"))
    groups = {row["group"] for row in rows}
    saved["rows"] = [row for row in saved["rows"] if row["group"] not in groups] + rows
    return saved


if __name__ == "__main__":
    main()
