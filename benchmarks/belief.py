"""Measure whether p keeps its word, how well hotspots foretell, and how long both take.

Run with `python -m benchmarks.belief`; the result is written into `benchmarks/README.md`.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h3
import numpy as np
import polars as pl
import shapely
from scipy.stats import norm
from shapely.geometry.base import BaseGeometry

from benchmarks import report
from benchmarks.intake import write_rows
from hotspot import Params, detect
from hotspot.analysis.detection.cells import index_points, neighbour_graph
from hotspot.analysis.detection.counts import COUNTED_BY
from hotspot.analysis.evidence.accuracy import hold_out
from hotspot.analysis.evidence.cell_grid import grid_of
from hotspot.analysis.evidence.hot_cells import false_discovery, hot_cells, local_g
from hotspot.analysis.evidence.significance import judge

MONTHS, SIMULATIONS, ALPHA = 400, 99, 0.05
BOX = shapely.box(-2.25, 52.98, -2.10, 53.07)
LOOSE = Params(resolution=9, rings=1, min_weight=8, min_children=1, child_cap_days=None)
MEMPHIS = Path(__file__).parents[2] / "shared/real/validation/memphis_robberies.csv"
MEMPHIS_BOX = shapely.box(-90.125, 34.996, -89.733, 35.258)
NO_CELLS = np.array([], dtype=np.uint64)


def calibration(shape: str) -> dict[str, Any]:
    """Simulate months in which nothing is the matter, and count those that are called out."""
    cells = grid_of(BOX, 9, NO_CELLS).cells
    middles = np.array([h3.cell_to_latlng(f"{cell:x}") for cell in cells.tolist()])
    around = ((middles - [53.02, -2.18]) / [0.012, 0.02]) ** 2
    density = np.exp(-around.sum(axis=1) / 2) if shape == "town centre" else np.ones(len(cells))
    density /= density.sum()
    called = dict.fromkeys(
        (
            "hotspots, p by re-detection",
            "cells, permutation and false discovery",
            "cells, z over 1.96",
            "cells, normal z and Benjamini-Hochberg",
        ),
        0,
    )
    for month in range(MONTHS):
        rng = np.random.default_rng([5, month])
        drawn = rng.choice(len(cells), 300, p=density)
        run = detect(pl.DataFrame({"lng": middles[drawn, 1], "lat": middles[drawn, 0]}), LOOSE)
        ground = grid_of(BOX, 9, run.clustering.cells)
        baseline = None
        if shape == "town centre":
            other = cells[rng.choice(len(cells), 300, p=density)]
            baseline = np.bincount(ground.at(other), minlength=len(ground))
        p = judge(run, ground, baseline, simulations=SIMULATIONS, seed=month).table["p"]
        values = np.zeros(len(ground))
        values[ground.at(run.clustering.cells)] = run.cell_table["weight"].to_numpy()
        z = local_g(values, neighbour_graph(ground.cells, np.arange(len(ground)), 1))
        hot = {
            "hotspots, p by re-detection": bool((p <= ALPHA).any()),
            "cells, permutation and false discovery": bool(hot_cells(run, ground)["is_hot"].any()),
            "cells, z over 1.96": bool((z > 1.96).any()),
            "cells, normal z and Benjamini-Hochberg": bool(false_discovery(norm.sf(z)).any()),
        }
        for name, is_called in hot.items():
            called[name] += is_called
    return {name: count / MONTHS for name, count in called.items()}


def memphis() -> list[dict[str, Any]]:
    """Fit robberies of January to June, and test on July to December, at several settings."""
    if not MEMPHIS.exists():
        return []
    robberies = pl.read_csv(MEMPHIS).rename({"longitude": "lng", "latitude": "lat"})
    fitted = robberies.filter(pl.col("date") < "2019-07").select("lng", "lat")
    tested = robberies.filter(pl.col("date") >= "2019-07").select("lng", "lat")
    rows = []
    for resolution, rings, weight in ((8, 1, 40), (9, 1, 12), (9, 2, 20), (10, 3, 12)):
        params = Params(resolution=resolution, rings=rings, min_weight=weight)
        cells = index_points(robberies["lat"].to_numpy(), robberies["lng"].to_numpy(), resolution)
        found = hold_out(fitted, tested, grid_of(MEMPHIS_BOX, resolution, cells), params)
        settings = {"resolution": resolution, "rings": rings, "min_weight": weight}
        rows += [
            settings | {str(name): value for name, value in row.items()}
            for row in found.round(4).to_dict("records")
        ]
    return rows


def times() -> dict[str, float]:
    """Time the tests of ten hotspots on 100,000 records, and new settings on a million stored."""
    from hotspot.access.actor import COMMAND_LINE_ROLES, Actor
    from hotspot.services.hotspots import runs
    from hotspot.services.records.imports import ImportPlan, import_files
    from hotspot.services.workspace.folder import init_workspace

    actor = Actor("benchmark", COMMAND_LINE_ROLES)
    with tempfile.TemporaryDirectory() as made:
        workspace = init_workspace(actor, Path(made) / "workspace", "sample")
        boundary = workspace.area.boundary
        points = _ten_hotspots(boundary)
        run = detect(points, Params(min_weight=100))
        ground = grid_of(boundary, 10, run.clustering.cells)
        found = {"hotspots": float(len(run.hotspots)), "records": float(run.records_used)}
        found["judge_s"] = _seconds(lambda: judge(run, ground), 3)
        found["hot_cells_s"] = _seconds(lambda: hot_cells(run, ground), 3)
        file = Path(made) / "rows.csv"
        write_rows(file)
        plan = ImportPlan(accepted=frozenset({"outside", "heap"}))
        import_files(workspace, actor, "incidents", [file], plan)
        base = Params(min_weight=400)
        runs.run_on(workspace, ["incidents"], base)
        for name, params in {
            "reach": base.replace(rings=3),
            "minimum weight": base.replace(min_weight=500),
            "resolution": base.replace(resolution=9),
            "children": base.replace(min_children=5),
            "settings counted": base.replace(settings_off=frozenset()),
        }.items():
            is_counted_anew = any(getattr(params, n) != getattr(base, n) for n in COUNTED_BY)

            def change(params: Params = params, *, is_counted_anew: bool = is_counted_anew) -> None:
                if is_counted_anew:
                    runs.forget_counts()
                runs.run_on(workspace, ["incidents"], params)

            runs.run_on(workspace, ["incidents"], base)
            found[f"new {name}"] = _seconds(change, 5)
    return found


def _ten_hotspots(boundary: BaseGeometry) -> pl.DataFrame:
    """Make 100,000 records of 20,000 children, among them ten hotspots of 600."""
    rng = np.random.default_rng(1)
    west, south, east, north = boundary.bounds
    at = rng.uniform((west, south), (east, north), (400_000, 2))
    at = at[shapely.contains_xy(boundary, at)][:100_000]
    for n in range(10):
        at[n * 600 : (n + 1) * 600] = at[50_000 + n] + rng.normal(0, 0.001, (600, 2))
    children = pl.Series(rng.integers(0, 20_000, len(at))).cast(pl.String)
    return pl.DataFrame({"lng": at[:, 0], "lat": at[:, 1], "child": children})


def _seconds(work: Callable[[], Any], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return round(statistics.median(taken), 3)


def main() -> None:
    """Measure and write."""
    report.save(
        "belief",
        {
            "months": MONTHS,
            "simulations": SIMULATIONS,
            "alpha": ALPHA,
            "even": calibration("even"),
            "town centre": calibration("town centre"),
            "memphis": memphis(),
            "times": times(),
        },
    )


if __name__ == "__main__":
    main()
