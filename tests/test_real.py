"""Real open data, which stays outside the project."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.cluster import DBSCAN

from hotspot.access.actor import Actor
from hotspot.services import imports, premises, runs
from hotspot.services.workspace import Workspace

MONTHS = ("2018-10", "2018-11", "2018-12", "2019-01", "2019-02")


def test_five_months_of_street_crime_from_the_command_line(
    real: Path, tmp_path: Path, run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    folder = tmp_path / "w"
    files = [real / "police" / f"{month}-staffordshire-street.csv" for month in MONTHS]
    assert run_cli("init", folder, "--area", "sample").returncode == 0

    def imported() -> dict[str, Any]:
        done = run_cli("import", "police-uk", *files, "-w", folder, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    first, again = imported(), imported()
    assert first["rows_in"] == again["rows_in"] == 47_968
    assert first["set_aside"]["no_location"] == 5_570
    for sheet in (first, again):
        total = sheet["used"] + sum(sheet["set_aside"].values()) + sum(sheet["rejected"].values())
        assert total == sheet["rows_in"]
    assert again["used"] == 0
    kept = (
        first["used"]
        + first["set_aside"]["out_of_area"]
        + first["set_aside"].get("already_imported", 0)
    )
    assert again["set_aside"]["already_imported"] == kept
    done = run_cli("detect", "-w", folder, "--json")
    run = json.loads(done.stdout)
    assert run["approximate"]
    assert run["records_used"] == first["used"]
    assert run["hotspots"]
    assert all(hotspot["approximate"] for hotspot in run["hotspots"])
    assert all(hotspot["children"] is None for hotspot in run["hotspots"])


def test_food_hygiene_of_two_authorities(real: Path, workspace: Workspace, analyst: Actor) -> None:
    """The nightclub that is geocoded to Somerset is set aside as out of area."""
    files = [real / "fhrs" / f"FHRS{code}en-GB.xml" for code in (880, 290)]
    report = imports.import_files(workspace, analyst, "food-hygiene", files)
    assert report.balance.rows_in == 2047 + 1005
    assert report.balance.is_balanced
    assert report.balance.set_aside["out_of_area"] == 1
    names = premises.register_of_premises(workspace, analyst)["name"]
    assert not names.str.contains("LRV").any()
    again = imports.import_files(workspace, analyst, "food-hygiene", files)
    assert again.balance.used == 0


def test_another_forces_months_are_told_apart(
    real: Path, workspace: Workspace, analyst: Actor
) -> None:
    files = [real / "police" / f"2024-{month}-staffordshire-street.csv" for month in ("01", "02")]
    report = imports.import_files(workspace, analyst, "police-uk", files)
    assert report.balance.set_aside["no_location"] == 59
    held = runs.holdings(workspace)
    assert runs.choose_sources(held) == ["police-uk"]


@pytest.mark.parametrize(("eps", "minimum"), [(150, 10), (200, 15), (100, 5)])
def test_the_labels_that_r_computed_are_met_by_point_dbscan(
    real: Path, eps: int, minimum: int
) -> None:
    """scikit-learn, our oracle, and R agree on noise and on the partition of the core points."""
    points = pl.read_csv(real / "validation" / "stoke_2019-01_bng_R_dbscan_labels.csv")
    theirs = points[f"r_dbscan_eps{eps}_min{minimum}"].to_numpy()
    ours = DBSCAN(eps=eps, min_samples=minimum).fit(points.select("x", "y").to_numpy())
    assert ((ours.labels_ == -1) == (theirs == 0)).all()
    core = ours.core_sample_indices_
    pairs = set(zip(ours.labels_[core], theirs[core], strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    assert len(np.unique(theirs[theirs > 0])) == {150: 68, 200: 42, 100: 185}[eps]
