"""Counting points into cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot import InputError, Params
from hotspot.analysis.detection.counts import add_weights, sum_cells, tally_points

HERE = {"lng": -2.18, "lat": 53.02}


def tally(rows: Sequence[Mapping[str, object]], params: Params | None = None) -> pl.DataFrame:
    params = params or Params()
    counted = tally_points(pl.DataFrame(rows), params)
    return sum_cells(add_weights(counted, params), has_child=counted.has_child)


def test_a_child_counts_once_a_cell_and_28_days() -> None:
    """Days 0 and 27 are one block, day 28 the next: weight 2 from 3 records."""
    days = [date(2026, 1, 1), date(2026, 1, 28), date(2026, 1, 29)]
    rows = [HERE | {"child": "a", "occurred_at": day} for day in days]
    cells = tally(rows, Params(start=date(2026, 1, 1)))
    assert cells.select("events", "children", "weight").row(0) == (3, 1, 2.0)


def test_blocks_are_counted_from_the_start_of_the_period() -> None:
    rows = [
        HERE | {"child": "a", "occurred_at": day} for day in (date(2026, 1, 28), date(2026, 1, 29))
    ]
    assert tally(rows, Params(start=date(2026, 1, 2)))["weight"].to_list() == [1.0]
    assert tally(rows, Params(start=date(2026, 1, 1)))["weight"].to_list() == [2.0]


def test_the_heaviest_record_of_a_block_counts() -> None:
    rows = [HERE | {"child": "a", "weight": w, "occurred_at": date(2026, 1, 1)} for w in (0.5, 1.0)]
    assert tally(rows)["weight"].to_list() == [1.0]


def test_records_without_a_child_count_in_full() -> None:
    rows = [HERE | {"child": child} for child in ("a", "a", None, None)]
    assert tally(rows).select("events", "children", "weight").row(0) == (4, 1, 3.0)


def test_the_cap_can_be_taken_off() -> None:
    rows = [HERE | {"child": "a"}] * 5
    assert tally(rows, Params(child_cap_days=None))["weight"].to_list() == [5.0]


def test_an_empty_child_column_tells_no_children_apart() -> None:
    points = pl.DataFrame([HERE | {"child": None}] * 3, schema_overrides={"child": pl.String})
    assert not tally_points(points, Params()).has_child


def test_days_are_local_days() -> None:
    """23:30 UTC on 31 July is half past midnight on 1 August in England."""
    rows = [HERE | {"occurred_at": datetime(2026, 7, 31, 23, 30, tzinfo=UTC)}]
    counted = tally_points(pl.DataFrame(rows), Params(start=date(2026, 8, 1)))
    assert counted.records_used == 1
    assert counted.table["day"].to_list() == [date(2026, 8, 1)]


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ({"lat": None}, "no_location"),
        ({"lat": float("nan")}, "no_location"),
        ({"lat": 0.0, "lng": 0.0}, "no_location"),
        ({"lat": 91.0}, "coordinates_out_of_range"),
        ({"lng": -361.0}, "coordinates_out_of_range"),
        ({"lng": 388000.0, "lat": 347000.0}, "coordinates_out_of_range"),
        ({"role": "missing_from"}, "role_off"),
        ({"setting": "dwelling"}, "setting_off"),
        ({"form": "intra_familial"}, "form_off"),
        ({"weight": 0.0}, "no_weight"),
        ({"weight": float("nan")}, "no_weight"),
        ({"occurred_at": date(2020, 1, 1)}, "outside_period"),
        ({"occurred_at": None}, "no_date"),
        ({"role": "found", "at_origin": True}, "found_at_origin"),
        ({"set_aside": "default_coordinate"}, "default_coordinate"),
    ],
)
def test_what_is_left_out_has_its_reason(extra: dict[str, object], reason: str) -> None:
    good = {
        "occurred_at": date(2026, 1, 1),
        "role": "sighted",
        "setting": "commercial",
        "form": None,
        "weight": 1.0,
        "at_origin": False,
        "set_aside": None,
    }
    points = pl.DataFrame(
        [HERE | good, HERE | good | extra],
        schema_overrides={"form": pl.String, "set_aside": pl.String, "lat": pl.Float64},
    )
    counted = tally_points(points, Params(start=date(2025, 1, 1)))
    assert dict(counted.left_out) == {reason: 1}
    assert counted.records_used == 1


records = st.lists(
    st.fixed_dictionaries(
        {
            "lng": st.sampled_from([-2.18, -2.17, -2.05, None]),
            "lat": st.sampled_from([53.02, 53.021, 52.9, 95.0]),
            "child": st.sampled_from(["a", "b", "c", None]),
            "occurred_at": st.dates(date(2025, 1, 1), date(2026, 12, 31)),
            "role": st.sampled_from(["found", "sighted", "missing_from"]),
        }
    ),
    min_size=1,
    max_size=80,
)


@given(records, st.integers(7, 11), st.randoms())
def test_every_record_is_in_a_cell_or_left_out_whatever_the_order(
    rows: list[dict[str, object]], resolution: int, random: object
) -> None:
    schema = {"lng": pl.Float64, "child": pl.String}
    points = pl.DataFrame(rows, schema_overrides=schema)
    params = Params(resolution=resolution)
    counted = tally_points(points, params)
    cells = sum_cells(add_weights(counted, params), has_child=True) if counted.has_child else None
    if cells is not None:
        assert cells["events"].sum() == counted.records_used
        assert cells["weight"].sum() <= cells["events"].sum()
    assert counted.records_used + counted.left_out.total() == len(rows)
    random.shuffle(rows)  # type: ignore[attr-defined]
    again = tally_points(pl.DataFrame(rows, schema_overrides=schema), params)
    assert again.table.sort(again.keys).equals(counted.table.sort(counted.keys))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match=r"no column 'lng'.*Rename"):
        tally_points(pl.DataFrame({"lon": [1.0], "lat": [2.0]}), Params())


def test_text_is_not_taken_for_dates() -> None:
    points = pl.DataFrame(HERE | {"occurred_at": "01/02/2024"})
    with pytest.raises(InputError, match="occurred_at"):
        tally_points(points, Params())


def test_a_period_without_dates_is_refused() -> None:
    with pytest.raises(InputError, match="no column 'occurred_at'"):
        tally_points(pl.DataFrame(HERE), Params(start=date(2026, 1, 1)))


def test_codes_to_leave_out_may_be_any_collection() -> None:
    assert Params(roles_off=["found"]).roles_off == frozenset({"found"})  # type: ignore[arg-type]
    assert hash(Params(roles_off={"found"})) == hash(Params(roles_off=("found",)))  # type: ignore[arg-type]
