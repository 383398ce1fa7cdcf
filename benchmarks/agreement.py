"""Compare clustering of cells with clustering of points, on labels that R computed.

The real data stay outside the project; without them there is nothing to compare.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import polars as pl

import hotspot
from benchmarks import report
from hotspot.analysis.detection.cells import add_cells

LABELS = Path(__file__).resolve().parents[2] / "shared/real/validation"
FILE = LABELS / "stoke_2019-01_bng_R_dbscan_labels.csv"
SETTINGS = ((150, 10), (200, 15), (100, 5))


def compare(points: pl.DataFrame, eps: int, minimum: int, resolution: int) -> dict[str, Any]:
    """Return the adjusted Rand index of our labels against R's, noise as one cluster."""
    from sklearn.metrics import adjusted_rand_score

    lat, lng = 53.02, -2.18
    rings = hotspot.rings_for_reach(eps, resolution, lat, lng)
    params = hotspot.Params(resolution=resolution, rings=rings, min_weight=minimum)
    run = hotspot.detect(points.select("lng", "lat"), params)
    labels = dict(zip(run.clustering.cells.tolist(), run.clustering.labels.tolist(), strict=True))
    ours = [labels[cell] for cell in add_cells(points, resolution)["cell"].to_list()]
    theirs = points[f"r_dbscan_eps{eps}_min{minimum}"].to_list()
    return {
        "eps_m": eps,
        "min_points": minimum,
        "resolution": resolution,
        "rings": rings,
        "reach_m": hotspot.reach_m(rings, resolution, lat, lng),
        "clusters_r": len(set(theirs) - {0}),
        "clusters_cells": len(set(ours) - {-1}),
        "adjusted_rand_index": adjusted_rand_score(theirs, ours),
    }


def main() -> None:
    """Compare at each setting and save the table."""
    if not FILE.is_file():
        sys.stderr.write(f"{FILE} is missing: no agreement is measured\n")
        return
    points = pl.read_csv(FILE).rename({"lon": "lng"})
    rows = [compare(points, eps, n, r) for eps, n in SETTINGS for r in (10, 11)]
    report.save("agreement", {"rows": rows})


if __name__ == "__main__":
    main()
