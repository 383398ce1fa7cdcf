"""The front door: points in, hotspots out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely import union_all
from shapely.geometry import Point

import hotspot
from hotspot import InputError, Params
from hotspot.errors import ParamsError


def blob(n: int, lng: float, lat: float, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"lng": rng.normal(lng, 0.0012, n), "lat": rng.normal(lat, 0.0008, n)})


def children(points: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    start = date(2026, 1, 1)
    days = [start + timedelta(days=7 * (i % 50)) for i in range(len(points))]
    return points.assign(
        child=[names[i % len(names)] for i in range(len(points))], occurred_at=pd.to_datetime(days)
    )


def test_two_blobs_are_two_hotspots_with_their_measures() -> None:
    points = pd.concat([blob(60, -2.18, 53.02), blob(40, -2.10, 52.80, 1)])
    run = hotspot.detect(points, Params(min_weight=15))
    assert run.hotspots["key"].tolist() == ["H-01", "H-02"]
    assert run.hotspots["events"].sum() <= 100
    assert run.hotspots["children"].isna().all()
    assert run.hotspots.crs == "EPSG:4326"
    assert run.cells["events"].sum() == run.records_used == 100
    first = run.hotspots.iloc[0]
    assert first["events_per_km2"] == pytest.approx(first["events"] / first["area_km2"])
    assert first["geometry"].contains(Point(first["lng"], first["lat"]))


def test_polars_pandas_geopandas_and_lazy_frames_give_the_same() -> None:
    points = blob(60, -2.18, 53.02)
    shapes = gpd.points_from_xy(points["lng"], points["lat"])
    frames: list[pd.DataFrame | pl.DataFrame | pl.LazyFrame] = [
        points,
        pl.from_pandas(points),
        pl.from_pandas(points).lazy(),
        gpd.GeoDataFrame(points, geometry=shapes),
    ]
    cells = [
        hotspot.detect(frame, Params(min_weight=15)).hotspots["cells"].tolist() for frame in frames
    ]
    assert all(found == cells[0] for found in cells)


@given(st.integers(0, 1000), st.integers(7, 11), st.integers(1, 3))
def test_outlines_have_no_gap_no_overlap_and_the_area_of_their_cells(
    seed: int, resolution: int, rings: int
) -> None:
    points = pd.concat([blob(80, -2.18, 53.02, seed), blob(50, -2.16, 53.025, seed + 1)])
    run = hotspot.detect(points, Params(min_weight=8, resolution=resolution, rings=rings))
    listed = [cell for cells in run.hotspots["cells"] for cell in cells]
    assert len(listed) == len(set(listed))
    keyed = run.cells.dropna(subset=["key"])
    assert sorted(keyed["cell"]) == sorted(listed)
    geod = Geod(ellps="WGS84")
    row: Any
    for row in run.hotspots.itertuples():
        hexagons = run.cells.set_index("cell").loc[row.cells, "geometry"]
        total = sum(abs(geod.geometry_area_perimeter(h)[0]) for h in hexagons) / 1e6
        assert row.area_km2 == pytest.approx(total, rel=1e-9)
        assert row.geometry.symmetric_difference(union_all(hexagons)).area < 1e-12
        assert row.geometry.is_valid


@given(st.integers(0, 500))
def test_the_order_of_the_points_does_not_matter(seed: int) -> None:
    points = children(blob(90, -2.18, 53.02, seed), ["a", "b", "c", "d"])
    one = hotspot.detect(points, Params(min_weight=10))
    two = hotspot.detect(points.sample(frac=1, random_state=seed), Params(min_weight=10))
    assert one.as_dict() == two.as_dict()


def test_two_children_are_set_aside_and_three_are_a_hotspot() -> None:
    points = blob(60, -2.18, 53.02)
    two = hotspot.detect(children(points, ["a", "b"]), Params(min_weight=10))
    assert two.hotspots.empty
    assert two.set_aside["reason"].tolist() == ["too_few_children"]
    three = hotspot.detect(children(points, ["a", "b", "c"]), Params(min_weight=10))
    assert len(three.hotspots) == 1


def test_records_without_a_child_alone_can_make_a_hotspot() -> None:
    points = children(blob(60, -2.18, 53.02), ["a", "b"])
    points.loc[points.index[:40], "child"] = None
    assert len(hotspot.detect(points, Params(min_weight=10)).hotspots) == 1


def test_a_hotspot_that_one_child_carries_is_marked() -> None:
    main, others = blob(60, -2.18, 53.02), blob(9, -2.18, 53.02, 1)
    points = pd.concat([children(main, ["main"]), children(others, ["b", "c", "d"])])
    run = hotspot.detect(points, Params(min_weight=14))
    assert run.hotspots["single_child"].tolist() == [True]
    assert run.hotspots["largest_child_share"].iloc[0] > 0.5
    even = children(blob(120, -2.18, 53.02), list("abcdefghijkl"))
    assert not hotspot.detect(even, Params(min_weight=14)).hotspots["single_child"].any()


@pytest.mark.slow
def test_leaving_the_child_out_really_dissolves_what_is_marked_and_nothing_else() -> None:
    """The mark is checked against running again without each child."""
    rng = np.random.default_rng(5)
    for seed in range(12):
        points = children(blob(50, -2.18, 53.02, seed), list("abcde"))
        points["child"] = rng.choice(list("aaabcde"), len(points))
        params = Params(
            min_weight=int(rng.integers(12, 26)), start=date(2026, 1, 1), end=date(2026, 12, 31)
        )
        run = hotspot.detect(points, params)
        row: Any
        for row in run.hotspots.itertuples():
            without = [
                hotspot.detect(points[points["child"] != child], params).clustering
                for child in points["child"].unique()
            ]
            cores = {int(c, 16) for c in row.cells}
            dissolves = [not cores & set(c.cells[c.core_at].tolist()) for c in without]
            assert row.single_child == any(dissolves)


def test_an_empty_result_says_what_removed_most_and_what_to_try() -> None:
    points = blob(30, -2.18, 53.02)
    light = hotspot.detect(points, Params(min_weight=1000))
    assert "minimum weight of 1000" in light.explain()
    assert "Try" in light.explain()
    origins = hotspot.detect(points.assign(role="missing_from"))
    assert "origins, places of return and people's addresses, 30 of 30" in origins.explain()
    nothing = hotspot.detect(points.head(0))
    assert "no records" in nothing.explain()


def test_open_data_are_said_to_be_approximate_everywhere() -> None:
    run = hotspot.detect(blob(30, -2.18, 53.02), Params(min_weight=10), approximate=True)
    assert run.hotspots["approximate"].all()
    assert run.as_dict()["approximate"]
    assert "approximate" in run.explain()


def test_the_run_says_which_period_it_covered() -> None:
    run = hotspot.detect(children(blob(60, -2.18, 53.02), list("abc")), Params(min_weight=10))
    assert run.params.start == date(2026, 1, 1)
    assert run.hotspots["first_on"].iloc[0] >= run.params.start


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"resolution": 12}, "resolution is 12"),
        ({"rings": 0}, "rings is 0"),
        ({"min_weight": 0}, "min_weight is 0"),
        ({"min_weight": float("nan")}, "min_weight is nan"),
        ({"min_children": True}, "min_children is True"),
        ({"start": date(2026, 2, 1), "end": date(2026, 1, 1)}, "swap"),
    ],
)
def test_settings_out_of_range_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ParamsError, match=words):
        Params(**change)  # type: ignore[arg-type]


def test_something_that_is_no_frame_is_refused() -> None:
    with pytest.raises(InputError, match="polars or pandas"):
        hotspot.detect([1, 2, 3])  # type: ignore[arg-type]


def test_a_column_that_is_there_twice_is_refused() -> None:
    points = blob(5, -2.18, 53.02)
    with pytest.raises(InputError, match="lat twice"):
        hotspot.detect(pd.concat([points, points[["lat"]]], axis=1))


def test_run_cells_are_drawn_where_h3_draws_them() -> None:
    run = hotspot.detect(blob(5, -2.18, 53.02), Params(min_weight=3))
    row = run.cells.iloc[0]
    boundary = {(round(x, 9), round(y, 9)) for y, x in h3.cell_to_boundary(row["cell"])}
    assert {(round(x, 9), round(y, 9)) for x, y in row["geometry"].exterior.coords} == boundary


def test_every_reason_has_words_and_a_remedy() -> None:
    from hotspot.analysis.detection.left_out import LEFT_OUT, REMEDIES

    assert set(LEFT_OUT) == set(REMEDIES)
