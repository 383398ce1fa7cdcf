"""What lies outside the force: every record in one area, by name or by side and distance."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import box

from hotspot.analysis.surroundings.outside import outside_by_area

FORCE = box(-2.5, 52.5, -1.7, 53.2)
NEXT_DOOR = box(-3.5, 52.0, -2.5, 53.6)


def at(*places: tuple[float, float]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "lng": [x for x, _ in places],
            "lat": [y for _, y in places],
            "child": [f"c{n % 2}" for n in range(len(places))],
            "occurred_at": [datetime(2026, 5, 1 + n % 28, tzinfo=UTC) for n in range(len(places))],
        },
        schema={
            "lng": pl.Float64,
            "lat": pl.Float64,
            "child": pl.String,
            "occurred_at": pl.Datetime("us", "UTC"),
        },
    )


def test_an_area_that_is_known_is_named_and_others_are_told_by_side_and_distance() -> None:
    found = outside_by_area(
        at((-2.6, 53.0), (-2.6, 53.0), (-2.9, 52.9), (-1.5, 52.85), (-2.1, 54.2)),
        FORCE,
        {"Next door": NEXT_DOOR},
    )
    assert found[["place", "events", "children"]].to_numpy().tolist() == [
        ["Next door", 3, 2],
        ["to the east, 10 to 25 km away", 1, 1],
        ["to the north, over 50 km away", 1, 1],
    ]
    assert found["last_on"].astype(str).tolist()[0] == "2026-05-03"


def test_distances_are_those_of_the_ellipsoid_within_two_percent() -> None:
    places = [(-2.6, 53.0), (-1.2, 52.9), (-2.1, 53.9)]
    edges = [(-2.5, 53.0), (-1.7, 52.9), (-2.1, 53.2)]
    geod = Geod(ellps="WGS84")
    for place, edge in zip(places, edges, strict=True):
        *_, metres = geod.inv(*place, *edge)
        found = outside_by_area(at(place), FORCE)
        assert found["nearest_km"].item() == pytest.approx(metres / 1000, rel=0.02)


def test_nothing_outside_is_an_empty_table() -> None:
    assert outside_by_area(at(), FORCE).empty


outside = st.tuples(st.floats(-4, 0), st.floats(51, 55)).filter(
    lambda p: not (-2.5 <= p[0] <= -1.7 and 52.5 <= p[1] <= 53.2)
)


@given(st.lists(outside, min_size=1, max_size=20))
def test_every_record_is_counted_once(places: list[tuple[float, float]]) -> None:
    for named in (None, {"Next door": NEXT_DOOR, "All": box(-9, 49, 2, 60)}):
        found = outside_by_area(at(*places), FORCE, named)
        assert found["events"].sum() == len(places)
        assert found["place"].is_unique
        assert (found["nearest_km"] >= 0).all()
