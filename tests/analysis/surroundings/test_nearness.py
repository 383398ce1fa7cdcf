"""Events near types of premises, against types dealt out anew."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from hotspot.analysis.surroundings.nearness import closing_of, nearness, rising_places

KM = 1 / 111.32


def town(n: int, seed: int, spread_m: float = 400) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    at = rng.normal(0, spread_m / 1000, (n, 2))
    return pd.DataFrame({"lng": -2.18 + at[:, 0] * KM / 0.6, "lat": 53.02 + at[:, 1] * KM})


def as_events(frame: pd.DataFrame) -> pl.DataFrame:
    return pl.DataFrame({"lng": frame["lng"].to_numpy(), "lat": frame["lat"].to_numpy()})


def test_events_at_one_type_stand_out_and_the_others_do_not() -> None:
    places = town(200, 1)
    types = pd.Series(["takeaway"] * 20 + ["shop"] * 180)
    rng = np.random.default_rng(2)
    at = places.iloc[rng.integers(0, 20, 150)].reset_index(drop=True)
    events = as_events(at + rng.normal(0, 0.00012, (150, 2)))
    found: Any = nearness(events, places, types).table.set_index(["type", "within_m"])
    takeaway = found.loc[("takeaway", 50)]
    assert takeaway["ratio"] > takeaway["high"] > 1
    assert takeaway["p"] == pytest.approx(1 / 500)
    assert found.loc[("shop", 50), "p"] > 0.05


def test_a_busy_town_centre_alone_is_no_surprise() -> None:
    places = town(300, 3)
    types = pd.Series(np.random.default_rng(4).choice(["takeaway", "pub", "shop"], 300))
    found = nearness(as_events(town(400, 5)), places, types).table
    assert (found["p"] > 0.05 / 9).all()
    assert found["ratio"].between(0.5, 1.6).all()
    assert set(found["within_m"]) == {50, 100, 250}


@pytest.mark.slow
def test_chance_covers_as_often_as_it_says() -> None:
    inside = []
    for seed in range(40):
        places = town(80, seed)
        types = pd.Series(np.random.default_rng(seed + 100).choice(["a", "b"], 80))
        table = nearness(as_events(town(120, seed + 200)), places, types, (100,), seed).table
        inside += (table["ratio"].between(table["low"], table["high"])).tolist()
    assert np.mean(inside) > 0.88


def test_snap_points_are_left_out_and_counted_and_a_full_pin_is_not() -> None:
    """Twenty-five records on one pin are what one looks for; a default is the intake's to tell."""
    pin = pl.DataFrame({"lng": [-2.18] * 25, "lat": [53.02] * 25, "precision": ["street"] * 25})
    snap = pl.DataFrame({"lng": [-2.181], "lat": [53.021], "precision": ["snapped"]})
    single = pl.DataFrame(
        {"lng": [-2.182], "lat": [53.022], "precision": [None]}, schema=snap.schema
    )
    places = pd.DataFrame({"lng": [-2.18], "lat": [53.02]})
    found = nearness(pl.concat([pin, snap, single]), places, pd.Series(["a"]))
    assert (found.used, found.snapped) == (26, 1)
    assert found.table["observed"].tolist()[0] == 25


def test_nothing_to_compare_gives_an_empty_table() -> None:
    none = pl.DataFrame({"lng": [], "lat": []}, schema={"lng": pl.Float64, "lat": pl.Float64})
    assert nearness(none, town(5, 1), pd.Series(["a"] * 5)).table.empty
    assert nearness(as_events(town(5, 1)), town(0, 1), pd.Series([], dtype=str)).table.empty


def test_closing_hours_are_classed_over_midnight() -> None:
    texts = pd.Series(["22:30", "23:00", "23:30", "00:00", "01:00", "02:00", "03:30", None, "late"])
    assert closing_of(texts).tolist() == [
        "by 23:00",
        "by 23:00",
        "by midnight",
        "by midnight",
        "by 02:00",
        "by 02:00",
        "after 02:00",
        "unknown",
        "unknown",
    ]


def test_places_with_more_events_than_before_are_listed_the_greatest_rise_first() -> None:
    places = pd.DataFrame(
        {"lng": [-2.18, -2.10, -2.0], "lat": [53.02] * 3, "name": ["a", "b", "c"]}
    )
    days = [date(2026, 1, 1)] * 3 + [date(2026, 6, 1)] * 9
    lng = [-2.18, -2.10, -2.0] + [-2.18] * 6 + [-2.10] * 2 + [-1.5]
    events = pl.DataFrame({"lng": lng, "lat": [53.02] * 12, "day": days})
    rising = rising_places(events, places, 100, pl.col("day") > date(2026, 3, 1))
    assert rising[["name", "before", "after"]].to_numpy().tolist() == [["a", 1, 6], ["b", 1, 2]]
    none = rising_places(events.head(0), places, 100, pl.col("day") > date(2026, 3, 1))
    assert none.empty
