"""What is recorded at premises beside what their surroundings explain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

from hotspot.analysis.surroundings.own_events import own_events

LAT = 53.0


def at(metres: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    lng = [-2.0 + x / (111_320 * np.cos(np.radians(LAT))) for x, _ in metres]
    return lng, [LAT + y / 111_320 for _, y in metres]


def street(premises: int = 12, apart_m: float = 40.0) -> pd.DataFrame:
    lng, lat = at([(number * apart_m, 0.0) for number in range(premises)])
    return pd.DataFrame({"lng": lng, "lat": lat})


def recorded(
    places: list[tuple[float, float]], children: list[str | None] | None = None
) -> pl.DataFrame:
    lng, lat = at(places)
    child = pl.Series(children if children is not None else [None] * len(lng), dtype=pl.String)
    return pl.DataFrame({"lng": lng, "lat": lat, "child": child})


def test_one_that_has_what_its_neighbours_have_not_stands_out() -> None:
    found = own_events(recorded([(120.0, y) for y in range(8)]), street())
    assert found["here"].tolist() == [0, 0, 0, 8, *[0] * 8]
    assert found["stands_out"].tolist() == [number == 3 for number in range(12)]
    assert found["neighbours"].iloc[3] == 11


def test_none_stands_out_for_lying_in_the_middle_of_a_hotspot() -> None:
    rng = np.random.default_rng(3)
    cloud = [(float(x), float(y)) for x, y in rng.normal((240.0, 0.0), 80.0, (160, 2))]
    found = own_events(recorded(cloud), street(40))
    assert found["here"].max() >= 3
    assert not found["stands_out"].any()


def test_none_stands_out_where_all_have_as_much() -> None:
    everywhere = [(number * 40.0, float(y)) for number in range(12) for y in range(8)]
    assert not own_events(recorded(everywhere), street())["stands_out"].any()


def test_one_child_alone_makes_nobody_stand_out() -> None:
    found = own_events(recorded([(120.0, y) for y in range(8)], ["a"] * 8), street())
    assert found["here"].iloc[3] == 1
    assert not found["stands_out"].any()


def test_few_neighbours_and_few_records_make_no_mark() -> None:
    assert not own_events(recorded([(0.0, y) for y in range(8)]), street(4))["stands_out"].any()
    assert own_events(recorded([(0.0, y) for y in range(8)]), street(4))["p"].isna().all()
    assert not own_events(recorded([(120.0, 0.0), (120.0, 1.0)]), street())["stands_out"].any()
    assert own_events(recorded([]), street())["here"].sum() == 0
    assert own_events(recorded([(0.0, 0.0)]), street().head(0)).empty


@pytest.mark.slow
def test_chance_alone_seldom_makes_a_mark() -> None:
    """At most one in twenty of the marks may be false; where none is true, few runs have any."""
    rng = np.random.default_rng(7)
    marked = 0
    for _ in range(40):
        spots = rng.integers(0, 60, 90) * 40.0
        found = own_events(recorded([(float(x), 0.0) for x in spots]), street(60))
        marked += bool(found["stands_out"].any())
    assert marked <= 5


@pytest.mark.parametrize("children", [19, 20, 25, 200])
def test_a_pin_with_many_children_stands_out_however_many(children: int) -> None:
    """From 20 records on one point they were dropped, and read "0 recorded here"."""
    pin = recorded([(120.0, 0.0)] * children, [f"c{n}" for n in range(children)])
    found = own_events(pin, street())
    assert found["here"].iloc[3] == children
    assert found["stands_out"].tolist() == [number == 3 for number in range(12)]


@pytest.mark.slow
@pytest.mark.parametrize(("spread", "records"), [(30.0, 100), (40.0, 60)])
def test_a_tight_knot_where_nothing_is_at_any_premises_makes_no_mark(
    spread: float, records: int
) -> None:
    """A mark was made in 53 to 95 % of such months, where at most 5 % were said."""
    marked = 0
    for month in range(20):
        rng = np.random.default_rng([month, records])
        lng, lat = at([(float(x), float(y)) for x, y in rng.normal(0.0, 300.0, (300, 2))])
        knot = [(float(x), float(y)) for x, y in rng.normal(0.0, spread, (records, 2))]
        found = own_events(recorded(knot), pd.DataFrame({"lng": lng, "lat": lat}))
        marked += bool(found["stands_out"].any())
    assert marked <= 2


@pytest.mark.parametrize("metres", [(24.0, 1), (26.0, 0)])
def test_a_record_counts_within_25_m(metres: tuple[float, int]) -> None:
    found = own_events(recorded([(0.0, metres[0])]), street(1))
    assert found["here"].tolist() == [metres[1]]
