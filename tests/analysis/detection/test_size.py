"""A threshold that follows the volume: what chains is said, other thresholds, and the cores."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from hotspot import Params, detect
from hotspot.analysis.detection.run import Run
from hotspot.analysis.detection.size import (
    cores_of,
    size_cautions,
    span_m,
    thresholds,
    weight_curve,
)

MIDDLES = (0, 1500, 3000, 4500, 6000)
PARAMS = Params(child_cap_days=None, min_children=1)


def heaps(*middles_m: float, n: int = 200, spread_m: float = 80, ground: int = 0) -> pl.DataFrame:
    """Heaps of records some metres east of each other, on a ground that is even along 7 km."""
    rng = np.random.default_rng(4)
    east = np.concatenate(
        [rng.normal(at, spread_m, n) for at in middles_m] + [rng.uniform(-500, 6500, ground)]
    )
    north = np.concatenate(
        [rng.normal(0, spread_m, n * len(middles_m)), rng.normal(0, 150, ground)]
    )
    return pl.DataFrame({"lng": -2.18 + east / (111_320 * 0.6018), "lat": 53 + north / 111_320})


@pytest.fixture(scope="module")
def chained() -> Run:
    """Five heaps on a busy ground, which a threshold of 20 chains into one hotspot."""
    return detect(heaps(*MIDDLES, n=900, ground=2400), PARAMS)


def test_a_hotspot_that_is_no_place_is_said(chained: Run) -> None:
    """With 19,000 records one hotspot held 94 % of all, and nothing said so."""
    assert len(chained.hotspots) == 1
    (said,) = size_cautions(chained)
    assert said.startswith("H-01 holds 100% of all records and is ")
    assert "km across: too large to be one place. Split it" in said
    few = detect(heaps(0, 10_000, 20_000, 30_000, 40_000, 50_000), PARAMS)
    assert size_cautions(few) == []


def test_a_split_shows_the_cores_inside_with_their_weights(chained: Run) -> None:
    cores = cores_of(chained, "H-01")
    assert cores["core"].tolist() == ["H-01a", "H-01b", "H-01c", "H-01d", "H-01e"]
    assert all(span_m(cells) < 1600 for cells in cores["cells"])
    assert (cores["weight"] > 800).all()
    assert cores["events"].sum() <= chained.hotspots["events"].sum()
    every = [cell for cells in cores["cells"] for cell in cells]
    assert len(set(every)) == len(every)
    assert set(every) <= set(chained.hotspots["cells"].iloc[0])


def test_what_has_one_core_is_not_split() -> None:
    run = detect(heaps(0), PARAMS)
    assert cores_of(run, "H-01")["events"].tolist() == [int(run.hotspots["events"].iloc[0])]


def test_other_thresholds_are_offered_and_mend_it(chained: Run) -> None:
    bend, small = thresholds(chained)
    assert bend.min_weight > PARAMS.min_weight
    again = detect(heaps(*MIDDLES, n=900, ground=2400), PARAMS.replace(min_weight=small.min_weight))
    assert all(span_m(cells) <= 2000 for cells in again.hotspots["cells"])
    assert thresholds(detect(heaps(0).head(1), PARAMS)) == []


def test_a_month_with_the_threshold_of_a_year_is_said() -> None:
    start = datetime(2026, 6, 1, 12, tzinfo=UTC)
    records = heaps(0, n=60).with_columns(
        occurred_at=pl.Series([start + timedelta(days=n % 30) for n in range(60)])
    )
    (said,) = size_cautions(detect(records, PARAMS))
    assert "For these 30 days the same rate would be 1.6" in said
    assert size_cautions(detect(records, PARAMS.replace(min_weight=2))) == []
    street = PARAMS.replace(min_weight=12 * 240)  # open data have a default by the month
    (said,) = size_cautions(replace(detect(records, street), approximate=True))
    assert "2880 is meant for twelve months" in said
    assert "For these 30 days the same rate would be 236.7" in said


def test_the_curve_of_weights_falls_and_starts_with_the_greatest(chained: Run) -> None:
    curve = weight_curve(chained, most=50)
    assert curve["weight"].iloc[0] == chained.clustering.neighbourhood_weight.max()
    assert curve["weight"].is_monotonic_decreasing
    assert curve["cells"].iloc[-1] == len(chained.clustering.cells)
