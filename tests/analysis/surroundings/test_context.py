"""What stands beside a hotspot: premises, hours, identity."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from hotspot.analysis.surroundings.exposure import link_premises
from hotspot.analysis.time.rhythm import week_rhythm

GEOD = Geod(ellps="WGS84")


def frame(**shapes: BaseGeometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"key": list(shapes)}, geometry=list(shapes.values()), crs="EPSG:4326")


@pytest.mark.slow
@given(st.integers(0, 1000))
def test_distances_are_geodesic_and_nothing_lies_beyond_the_limit(seed: int) -> None:
    """The nearest of many points along the outline, measured with pyproj, is the oracle."""
    rng = np.random.default_rng(seed)
    near = box(-2.181, 53.019, -2.179, 53.021)
    hotspots = frame(a=near, b=box(-1.70, 52.63, -1.69, 52.64))
    premises = pd.DataFrame(
        {
            "lng": rng.uniform(-2.19, -2.17, 40),
            "lat": rng.uniform(53.012, 53.028, 40),
            "n": range(40),
        }
    )
    linked = link_premises(hotspots, premises, 150)
    assert set(linked["key"]) <= {"a"}
    outline = near.exterior
    dense = np.array(
        [outline.interpolate(d, normalized=True).coords[0] for d in np.linspace(0, 1, 3000)]
    )
    row: Any
    for row in premises.itertuples():
        inside = near.intersects(Point(row.lng, row.lat))
        ends = GEOD.inv(np.full(3000, row.lng), np.full(3000, row.lat), dense[:, 0], dense[:, 1])
        true = 0.0 if inside else float(ends[2].min())
        found = linked.loc[linked["n"] == row.n, "distance_m"].tolist()
        if true < 149.5:
            assert found == [pytest.approx(true, abs=0.2)]
        elif true > 150.5:
            assert found == []


def test_no_premises_and_no_hotspots_link_nothing() -> None:
    none = pd.DataFrame({"lng": [], "lat": []})
    assert link_premises(frame(a=box(0, 0, 1, 1)), none, 100).empty
    some = pd.DataFrame({"lng": [0.5], "lat": [0.5]})
    assert link_premises(frame(), some, 100).empty


def record(
    start: datetime, end: datetime | None = None, precision: str = "minute"
) -> dict[str, object]:
    return {"occurred_at": start, "occurred_to": end, "time_precision": precision}


def records(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(
        list(rows),
        schema={
            "occurred_at": pl.Datetime("us", "UTC"),
            "occurred_to": pl.Datetime("us", "UTC"),
            "time_precision": pl.String,
        },
    )


def test_an_interval_is_spread_over_its_hours_in_local_time() -> None:
    """Friday 31 July 2026, 21:30 to 01:30 UTC is 22:30 to 02:30 in England: half an hour of 22."""
    start = datetime(2026, 7, 31, 21, 30, tzinfo=UTC)
    rhythm = week_rhythm(records(record(start, start + timedelta(hours=4))))
    assert rhythm.events[4, [22, 23]] == pytest.approx([0.125, 0.25])
    assert rhythm.events[5, :3] == pytest.approx([0.25, 0.25, 0.125])
    assert rhythm.events.sum() == pytest.approx(1)


def test_an_interval_is_spread_by_minutes_and_not_by_the_hours_it_touches() -> None:
    start = datetime(2026, 1, 9, 21, 59, tzinfo=UTC)
    rhythm = week_rhythm(records(record(start, start + timedelta(minutes=62))))
    assert rhythm.events[4, 21:24] == pytest.approx([1 / 62, 60 / 62, 1 / 62])
    assert week_rhythm(records(record(start, start))).events[4, 21] == 1


def test_an_interval_over_the_change_of_the_clock_loses_no_minute() -> None:
    """25 October 2026: the hour from 01:00 comes twice, 00:30 to 02:30 lasts three hours."""
    start = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    rhythm = week_rhythm(records(record(start, start + timedelta(hours=3))))
    assert rhythm.events[6, :3] == pytest.approx([0.5 / 3, 2 / 3, 0.5 / 3])


def test_a_month_is_no_hour() -> None:
    start = datetime(2026, 7, 1, 12, tzinfo=UTC)
    rhythm = week_rhythm(records(record(start, precision="month"), record(start)))
    assert (rhythm.timed, rhythm.untimed) == (1, 1)
    assert rhythm.events[2, 13] == 1


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.one_of(st.none(), st.integers(0, 4000))), max_size=30
    )
)
def test_the_hours_add_up_to_the_records(spans: list[tuple[int, int | None]]) -> None:
    first = datetime(2025, 1, 1, tzinfo=UTC)
    rows = [
        record(
            at := first + timedelta(minutes=start),
            None if length is None else at + timedelta(minutes=length),
        )
        for start, length in spans
    ]
    rhythm = week_rhythm(records(*rows))
    assert rhythm.events.sum() == pytest.approx(rhythm.timed)
    assert rhythm.timed + rhythm.untimed == len(spans)
