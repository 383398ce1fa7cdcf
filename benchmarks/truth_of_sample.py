"""Judge the hotspots of the invented sample: against real open data, and how long it takes."""

from __future__ import annotations

import json
import statistics
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely

import hotspot
from benchmarks.truth_of_places import ALPHA
from hotspot import detect
from hotspot.analysis.evidence.baseline import counts_in, scattered
from hotspot.analysis.evidence.cell_grid import grid_of
from hotspot.analysis.evidence.significance import judge

REAL = Path(__file__).parents[2] / "shared" / "real" / "police"
SAMPLE = Path(__file__).parents[1] / "sample_geo"


def planted_in_the_sample(simulations: int = 999) -> dict[str, Any]:
    """Judge the sample's hotspots against the real open data (kept outside the project)."""
    files = sorted(REAL.glob("*staffordshire-street.csv"))
    if not files:
        return {}
    run, boundary = sample_run()
    ground = grid_of(boundary, run.params.resolution, run.clustering.cells)
    columns = ["Longitude", "Latitude"]
    real = pl.concat([pl.read_csv(file, columns=columns) for file in files]).drop_nulls()
    at = scattered(real["Latitude"].to_numpy(), real["Longitude"].to_numpy())
    counts = counts_in(ground, *at, run.params.resolution)
    table = judge(run, ground, counts, simulations=simulations).table
    return {
        "records": int(counts.sum()),
        "simulations": simulations,
        "hotspots": len(table),
        "found": int((table["p"] <= ALPHA).sum()),
        "p": table["p"].tolist(),
    }


def sample_run(folder: Path = SAMPLE) -> tuple[hotspot.Run, shapely.Geometry]:
    """Run the detection on an invented sample; give its boundary too."""
    from hotspot.intake.rows.balance import Context
    from hotspot.intake.sources import incidents, missing
    from hotspot.services.workspace.area_files import read_area

    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    area = read_area(folder / "area.geojson")
    context = Context(area, (b"benchmark",))
    readings = (
        missing.read(folder / "missing_episodes.xlsx", context),
        incidents.read(folder / "incidents.csv", context),
    )
    params = hotspot.FORCE_RECORDS.replace(
        start=date.fromisoformat(truth["period"]["from"]),
        end=date.fromisoformat(truth["period"]["to"]),
    )
    run = detect(pl.concat([reading.table for reading in readings]), params)
    return run, area.boundary


def time_of_judging(simulations: int = 999, rounds: int = 3) -> dict[str, Any]:
    """Time the judging of the sample's hotspots over all cells of its area, two threads."""
    run, boundary = sample_run()
    ground = grid_of(boundary, run.params.resolution, run.clustering.cells)
    counts = np.random.default_rng(1).multinomial(58_000, np.full(len(ground), 1 / len(ground)))
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        judge(run, ground, counts, simulations=simulations)
        taken.append(time.perf_counter() - start)
    return {
        "cells": len(ground),
        "simulations": simulations,
        "seconds": round(statistics.median(taken), 2),
    }
