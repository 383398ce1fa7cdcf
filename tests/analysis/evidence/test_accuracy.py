"""Hold-out accuracy: published definitions, honest baselines, and Memphis."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspot import Params
from hotspot.analysis.detection.cells import index_points
from hotspot.analysis.evidence.accuracy import (
    BANDWIDTHS_M,
    accuracy_table,
    chosen_bandwidth_m,
    concentration,
    hold_out,
    kernel_density,
    plane_of,
    verdict,
)
from hotspot.analysis.evidence.cell_grid import grid_of
from tests.conftest import REAL

MEMPHIS = REAL / "validation/memphis_robberies.csv"


@pytest.mark.parametrize(
    ("observed", "predicted", "expected"),
    [
        (
            [6, 7, 3, 2, 1, 0],
            [8, 4, 4, 2, 1, 0],
            {
                "pai": [1.8947, 1.4211, 1.6842, 1.4211, 1.2, 1],
                "pei": [0.8571, 0.6923, 1, 1, 1, 1],
                "rri": [1.3333, 1.3333, 1, 1, 1, 1],
            },
        ),
        ([6, 3, 0], [3, 2, 1], {"pai": [2, 1.5, 1], "pei": [1, 1, 1]}),
    ],
)
def test_published_values(
    observed: list[float], predicted: list[float], expected: dict[str, list[float]]
) -> None:
    found = accuracy_table(np.array(observed, float), np.array(predicted, float))
    for name, values in expected.items():
        assert found[name].round(4).tolist() == values


@given(st.lists(st.integers(0, 9), min_size=2, max_size=40).filter(any), st.integers(0, 99))
def test_the_bounds_of_the_measures(observed: list[int], seed: int) -> None:
    predicted = np.random.default_rng(seed).random(len(observed))
    found = accuracy_table(np.array(observed, float), predicted)
    assert (found["hit_rate"].diff().dropna() >= 0).all()
    assert found["pei"].between(0, 1).all()
    assert found["pai"].iloc[-1] == pytest.approx(1)
    assert found["hit_rate"].iloc[-1] == pytest.approx(1)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_the_curve_of_concentration_rises_from_nothing_to_all(counts: list[int]) -> None:
    curve = concentration(np.array(counts))
    assert curve["event_share"].iloc[0] == 0
    assert curve["event_share"].iloc[-1] == pytest.approx(1.0 if any(counts) else 0.0)
    assert (np.diff(curve["event_share"], 2) <= 1e-12).all()


def test_a_kernel_lies_where_the_counts_are() -> None:
    cells = np.array([], dtype=np.uint64)
    ground = grid_of(shapely.box(-2.2, 53.0, -2.16, 53.03), 9, cells)
    counts = np.zeros(len(ground), dtype=np.int64)
    counts[[10, 40]] = 1, 5
    density = kernel_density(counts, plane_of(ground), bandwidth_m=150)
    assert density.argmax() == 40
    assert density[40] == pytest.approx(5 * density[10], rel=0.05)


def test_where_the_next_months_are_like_the_last_hotspots_beat_chance() -> None:
    rng = np.random.default_rng(1)

    def months(n: int) -> pl.DataFrame:
        spots = rng.normal((-2.18, 53.015), (0.002, 0.001), (n, 2))
        rest = rng.uniform((-2.24, 52.985), (-2.11, 53.06), (n, 2))
        at = np.concatenate([spots, rest])
        return pl.DataFrame({"lng": at[:, 0], "lat": at[:, 1]})

    fitted = months(300)
    cells = index_points(fitted["lat"].to_numpy(), fitted["lng"].to_numpy(), 9)
    ground = grid_of(shapely.box(-2.25, 52.98, -2.10, 53.07), 9, cells)
    found = hold_out(fitted, months(300), ground, Params(resolution=9, rings=1, min_weight=40))
    pai = dict(zip(found["method"], found["pai"], strict=True))
    assert pai["hotspots"] > 5
    assert pai["random"] < 3
    assert len(set(found["cells"])) == 1
    none = hold_out(fitted, fitted, ground, Params(resolution=9, rings=1, min_weight=4000))
    assert none.empty


@pytest.mark.slow
@pytest.mark.skipif(not MEMPHIS.exists(), reason="the real data lie beside the project: not here")
def test_memphis_robberies_fitted_on_half_a_year() -> None:
    robberies = pl.read_csv(MEMPHIS).rename({"longitude": "lng", "latitude": "lat"})
    fitted = robberies.filter(pl.col("date") < "2019-07")
    tested = robberies.filter(pl.col("date") >= "2019-07")
    assert fitted.height + tested.height == 2245
    cells = index_points(robberies["lat"].to_numpy(), robberies["lng"].to_numpy(), 9)
    ground = grid_of(shapely.box(-90.125, 34.996, -89.733, 35.258), 9, cells)
    params = Params(resolution=9, rings=1, min_weight=12, child_cap_days=None)
    found = hold_out(fitted.select("lng", "lat"), tested.select("lng", "lat"), ground, params)
    pai = dict(zip(found["method"], found["pai"], strict=True))
    assert pai["hotspots"] > pai["prior count"] > pai["random"]
    assert pai["kernel density"] > pai["hotspots"]  # with a width of its own choosing, and said so
    assert verdict(found).startswith("Here kernel density (")


def test_the_kernel_that_is_compared_with_has_a_width_chosen_on_the_earlier_part() -> None:
    """Scott's rule over a county was kilometres wide, and easily beaten."""
    place = grid_of(shapely.box(-2.25, 52.98, -2.10, 53.07), 9, np.array([], dtype=np.uint64))
    rng = np.random.default_rng(4)
    middles = rng.choice(len(place), 12, replace=False)
    around = place.within(middles, 1)
    counts = np.bincount(rng.choice(around, 240), minlength=len(place)) + 0
    plane = plane_of(place)
    width = chosen_bandwidth_m(counts, plane, 60)
    assert width in BANDWIDTHS_M
    assert width <= 470
    later = np.bincount(rng.choice(around, 240), minlength=len(place))
    hits = [
        later[np.argsort(-kernel_density(counts, plane, chosen), kind="stable")[:60]].sum()
        for chosen in (None, width)
    ]
    assert hits[1] > 1.2 * hits[0]


@pytest.mark.parametrize(
    ("ours", "prior", "kernel", "said"),
    [
        (9, 12, 10, "Here prior count (12) and kernel density (10) held more"),
        (9, 9, 4, "no more than prior count did"),
        (9, 5, 4, "The hotspots held 9 of the later records, prior count 5"),
    ],
)
def test_it_is_said_who_foretold_most(ours: int, prior: int, kernel: int, said: str) -> None:
    methods = ["hotspots", "prior count", "kernel density", "random"]
    table = pd.DataFrame({"method": methods, "hits": [ours, prior, kernel, 30]})
    assert said in verdict(table)
