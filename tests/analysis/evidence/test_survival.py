"""Settings, grids and samples tried: a firm hotspot holds, a frail one does not."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hotspot import Params, detect
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.run import Run
from hotspot.analysis.evidence.survival import (
    badge,
    reach_curve,
    resampled_share,
    settings_around,
    survival,
)

PARAMS = Params(resolution=10, rings=2, min_weight=20, child_cap_days=None)


def cluster(n: int, at: tuple[float, float], spread_m: float, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    off = rng.normal(0, spread_m / 111_320, (n, 2))
    children = [f"{seed}-{k % max(n // 3, 1)}" for k in range(n)]
    return pl.DataFrame(
        {"lng": at[0] + off[:, 0] / 0.6, "lat": at[1] + off[:, 1], "child": children}
    )


@pytest.fixture(scope="module")
def points() -> pl.DataFrame:
    firm = cluster(80, (-2.18, 53.02), 60, 1)
    frail = cluster(21, (-2.10, 53.02), 60, 2)
    return pl.concat([firm, frail])


@pytest.fixture(scope="module")
def run(points: pl.DataFrame) -> Run:
    return detect(points, PARAMS)


@pytest.mark.slow
def test_a_firm_hotspot_holds_everywhere_and_a_frail_one_does_not(
    points: pl.DataFrame, run: Run
) -> None:
    assert len(run.hotspots) == 2
    used = select_used(points.lazy(), PARAMS)
    found = survival(used, run, shifts=12, resamples=40)
    firm, frail = found.table.to_dict("records")
    assert firm["tried"] == frail["tried"] == 20
    assert firm["held"] == 20
    assert firm["bootstrap"] > 0.95
    assert frail["held"] < 20
    assert frail["bootstrap"] < 0.8
    assert len(found.settings) == 8
    again = survival(used.sample(fraction=1.0, shuffle=True, seed=3), run, shifts=12, resamples=40)
    assert again.table.equals(found.table)


def test_the_settings_lie_around_those_of_the_run() -> None:
    around = settings_around(PARAMS)
    assert PARAMS not in around
    assert {p.rings for p in around} == {1, 2, 3}
    assert {p.min_weight for p in around} == {16, 20, 25}
    assert {p.rings for p in settings_around(PARAMS.replace(rings=1))} == {1, 2}


def test_a_hotspot_of_one_child_seldom_survives_a_resample() -> None:
    one = cluster(40, (-2.18, 53.02), 40, 5).with_columns(child=pl.lit("a"))
    others = cluster(3, (-2.18, 53.02), 40, 6).with_columns(child=pl.Series(["b", "c", "d"]))
    run = detect(pl.concat([one, others]), PARAMS)
    assert run.hotspots["single_child"].tolist() == [True]
    assert resampled_share(run, 200)["H-01"] < 0.75  # without the child in 1 of 3, or too few


def test_records_without_children_are_drawn_one_by_one() -> None:
    run = detect(cluster(60, (-2.18, 53.02), 60, 7).drop("child"), PARAMS)
    assert resampled_share(run, 20) == {"H-01": 1.0}


def test_more_lies_in_core_cells_the_wider_the_reach(run: Run) -> None:
    curve = reach_curve(run)
    assert curve["share"].is_monotonic_increasing
    assert curve["share"].iloc[-1] == 1.0
    assert curve["reach_m"].is_monotonic_increasing


def test_the_badge_says_what_it_is_not() -> None:
    text = "Held in 17 of 20 settings tried; not a probability that abuse happens here."
    assert badge(17, 20) == text


def test_a_run_without_hotspots_has_nothing_to_try() -> None:
    run = detect(cluster(5, (-2.18, 53.02), 60, 8), PARAMS)
    assert resampled_share(run, 3) == {}
