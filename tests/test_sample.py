"""The sample: its truth is found, and nothing else is."""

from __future__ import annotations

import filecmp
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h3
import polars as pl
import pytest

from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.services.hotspots import runs, times
from hotspot.services.workspace.folder import Workspace, open_workspace
from hotspot.settings import SAMPLE_FOLDER
from sample_geo.make import write_sample

FORCE = ["incidents", "missing"]


@pytest.fixture(scope="module")
def workspace(demo_folder: Path) -> Iterator[Workspace]:
    opened = open_workspace(demo_folder)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def run(workspace: Workspace) -> Run:
    from hotspot.access.actor import COMMAND_LINE_ROLES

    held = runs.holdings(workspace)
    sources = runs.choose_sources(held)
    assert sources == FORCE
    actor = Actor("test", COMMAND_LINE_ROLES)
    return runs.detect_hotspots(workspace, actor, sources, runs.default_params(held, sources))


@pytest.mark.slow
def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    write_sample(tmp_path)
    names = [path.name for path in tmp_path.iterdir()]
    same, different, missing = filecmp.cmpfiles(tmp_path, SAMPLE_FOLDER, names, shallow=False)
    assert (different, missing) == ([], [])
    assert len(same) == 9


def found_at(run_part: Any, cells: list[str]) -> list[str]:
    hit = run_part["cells"].map(lambda own: bool(set(own) & set(cells)))
    keys: list[str] = run_part.loc[hit, "key"].tolist()
    return keys


def test_every_planted_hotspot_is_found_and_nothing_else(run: Run, truth: dict[str, Any]) -> None:
    explained = set()
    for place in truth["planted"]:
        keys = found_at(run.hotspots, place["cells"])
        if place["expect"] in {"hotspot", "single_child"}:
            assert keys, place["name"]
            explained |= set(keys)
        else:
            assert not keys, place["name"]
    assert explained == set(run.hotspots["key"])


def test_the_marks_are_as_planted(run: Run, truth: dict[str, Any]) -> None:
    for place in truth["planted"]:
        keys = found_at(run.hotspots, place["cells"])
        marks = run.hotspots.set_index("key").loc[keys, "single_child"].tolist()
        if place["expect"] == "single_child":
            assert marks == [True]
        elif place["expect"] == "hotspot":
            assert not any(marks), place["name"]


def test_the_records_of_one_child_are_set_aside(run: Run, truth: dict[str, Any]) -> None:
    (place,) = [p for p in truth["planted"] if p["expect"] == "too_few_children"]
    keys = found_at(run.set_aside, place["cells"])
    row = run.set_aside.set_index("key").loc[keys]
    assert row["reason"].tolist() == ["too_few_children"]
    assert row["children"].tolist() == [1]


def test_homes_heaps_and_quiet_streets_never_become_hotspots(
    run: Run, truth: dict[str, Any]
) -> None:
    cells = {cell for cells in run.hotspots["cells"] for cell in cells}
    assert not cells & set(truth["never"].values())
    assert run.left_out["default_coordinate"] == 84
    assert run.left_out["role_off"] > 3000
    assert run.left_out["setting_off"] > 500


def test_the_hours_of_a_hotspot_are_as_planted(
    run: Run, workspace: Workspace, truth: dict[str, Any], analyst: Actor
) -> None:
    """At least 80 % of the hours fall on the planted days and hours (records fall there by chance too)."""
    place = next(p for p in truth["planted"] if p["name"] == "Lantern Yard")
    (key,) = found_at(run.hotspots, place["cells"])
    rhythm = times.times_of(workspace, analyst, run, FORCE, key).rhythm
    first, last = place["hours"]
    planted = rhythm.events[place["days"], first:last].sum()
    assert planted > 0.8 * rhythm.events.sum()
    assert rhythm.timed == run.hotspots.set_index("key").loc[key, "events"]


def test_what_is_new_and_what_has_faded_shows_in_the_dates(run: Run, truth: dict[str, Any]) -> None:
    rows = run.hotspots.set_index("key")
    names = {place["name"]: place for place in truth["planted"]}
    new = rows.loc[found_at(run.hotspots, names["Ironmarket Steps"]["cells"])]
    faded = rows.loc[found_at(run.hotspots, names["Castle Arcade"]["cells"])]
    assert names["Ironmarket Steps"]["months"][0] == "2026-08"
    assert names["Castle Arcade"]["months"][-1] == "2026-03"
    assert len(new) == len(faded) == 1


def test_one_hotspot_splits_between_the_halves_of_the_year(
    workspace: Workspace, truth: dict[str, Any], analyst: Actor
) -> None:
    from datetime import date

    held = runs.holdings(workspace)
    base = runs.default_params(held, FORCE).replace(min_weight=10.0)
    place = next(p for p in truth["planted"] if p["story"].startswith("Splits"))
    before = runs.detect_hotspots(
        workspace, analyst, FORCE, base.replace(start=date(2025, 9, 1), end=date(2026, 4, 30))
    )
    after = runs.detect_hotspots(
        workspace, analyst, FORCE, base.replace(start=date(2026, 5, 1), end=date(2026, 10, 31))
    )
    assert len(found_at(before.hotspots, place["cells"])) == 1
    assert len(found_at(after.hotspots, place["cells"])) == 2


def test_the_volumes_are_a_forces(workspace: Workspace) -> None:
    files = workspace.records.glob("missing/*/*.parquet")
    records = pl.concat([pl.read_parquet(path) for path in files])
    origins = records.filter(pl.col("role") == "missing_from")
    a_month = origins.group_by(pl.col("occurred_at").dt.strftime("%Y-%m")).agg(
        episodes=pl.len(), children=pl.col("child").n_unique()
    )
    usual = a_month.filter(pl.col("episodes") > 50).select(pl.col("episodes", "children").median())
    assert usual["episodes"].item() == pytest.approx(190, abs=15)
    assert usual["children"].item() == pytest.approx(60, abs=6)


def test_one_home_dominates_the_origins(workspace: Workspace, truth: dict[str, Any]) -> None:
    files = workspace.records.glob("missing/*/*.parquet")
    origins = pl.concat([pl.read_parquet(p) for p in files]).filter(
        pl.col("role") == "missing_from"
    )
    cells = Counter(
        h3.latlng_to_cell(lat, lng, 10) for lat, lng in origins.select("lat", "lng").iter_rows()
    )
    cell, count = cells.most_common(1)[0]
    assert cell == truth["never"]["Site-A (a children's home)"]
    assert count > 0.2 * origins.height
