"""Scenarios of premises: how often some are marked where nothing is at any of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl

from benchmarks.scenarios import scenario
from benchmarks.truth_of_places import M_A_DEGREE, Places
from hotspot.analysis.surroundings.own_events import own_events


def _premises_month(number: int, spread_m: float, records: int, *, on_street: bool) -> bool:
    """Tell whether any premises are marked where nothing is at any."""
    rng = np.random.default_rng([16, number, records])
    premises = rng.normal(0, 300, (300, 2))
    knot = rng.normal(0, spread_m, (records, 2)) if spread_m else np.empty((0, 2))
    around = rng.uniform(-800, 800, (records, 2))
    if on_street:
        premises[:, 1], around[:, 1] = rng.normal(0, 4, 300), rng.normal(0, 4, records)
        knot[:, 1:] = rng.normal(0, 4, (len(knot), 1))
    frame = _in_degrees(premises)
    events = pl.from_pandas(_in_degrees(np.vstack([knot, around])))
    return bool(own_events(events, frame)["stands_out"].any())


def _in_degrees(metres: Places) -> pd.DataFrame:
    lng = -2 + metres[:, 0] / (M_A_DEGREE * np.cos(np.radians(53)))
    return pd.DataFrame({"lng": lng, "lat": 53 + metres[:, 1] / M_A_DEGREE})


@scenario("suggested premises", "records all over", at_most=0.05, months=200)
def premises_even(number: int) -> bool:
    """300 premises of a centre, 200 records all over."""
    return _premises_month(number, 0, 200, on_street=False)


@scenario("suggested premises", "a tight knot (30 m, 100 records)", at_most=0.05, months=200)
def premises_knot(number: int) -> bool:
    """Put a knot in the middle of the centre."""
    return _premises_month(number, 30, 100, on_street=False)


@scenario("suggested premises", "a knot (40 m, 60 records)", at_most=0.05, months=200)
def premises_wider_knot(number: int) -> bool:
    """Put a wider knot of fewer records there."""
    return _premises_month(number, 40, 60, on_street=False)


@scenario(
    "suggested premises", "a street (one knot of 80 m, 100 records)", at_most=0.05, months=200
)
def premises_street(number: int) -> bool:
    """Premises and records on one street."""
    return _premises_month(number, 80, 100, on_street=True)
