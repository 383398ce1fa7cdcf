"""The scan for new places: it finds what is planted, seldom anything else, and nothing known."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from benchmarks import truth_scan
from hotspot.analysis.detection.cells import disks_of
from hotspot.analysis.evidence.prospective import scan

SIZES = [(20, 39), pytest.param(truth_scan.RUNS, 99, marks=pytest.mark.soak)]


@pytest.mark.slow
@pytest.mark.parametrize(("runs", "simulations"), SIZES)
def test_it_is_seldom_alarmed_where_nothing_is_new(runs: int, simulations: int) -> None:
    alarms = [truth_scan.is_alarmed(n, 0, simulations) for n in range(runs)]
    assert np.mean(alarms) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)


def test_a_new_place_of_eight_records_is_found_and_said_in_two_sentences() -> None:
    found = scan(truth_scan.month(1, 8), truth_scan.NONE_KNOWN, simulations=99)
    assert (found[0].p, found[0].records >= 8) == (0.01, True)
    assert found[0].weeks <= 8
    assert "once in 100 months or more seldom. To be watched:" in found[0].sentence


def test_what_touches_a_hotspot_is_no_news() -> None:
    records = truth_scan.month(1, 8)
    place = scan(records, truth_scan.NONE_KNOWN, simulations=39)[0]
    around = disks_of(np.array([place.cell], dtype=np.uint64), 1)[1]
    assert all(one.p > 0.05 for one in scan(records, around, simulations=39))


def test_one_or_two_childrens_burst_is_never_listed() -> None:
    """Eight new records of one child, or of two, are nobody's to watch as a place."""
    for children in (1, 2):
        records = truth_scan.month(1, 8)
        new = pl.col("child") >= truth_scan.CHILDREN
        few = truth_scan.CHILDREN + pl.col("child") % children
        records = records.with_columns(child=pl.when(new).then(few).otherwise("child"))
        found = scan(records, truth_scan.NONE_KNOWN, simulations=39)
        here = records.filter(pl.col("child") >= truth_scan.CHILDREN)["cell"].to_list()
        assert all(
            one.p > 0.05
            for one in found
            if set(disks_of(np.array([one.cell], dtype=np.uint64), one.rings)[1]) & set(here)
        )


def test_nothing_is_found_in_nothing() -> None:
    assert scan(truth_scan.month(1).head(2), truth_scan.NONE_KNOWN) == []


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_nothing_is_found_where_hardly_anything_has_a_day(rows: int) -> None:
    """A page whose records know the month alone broke."""
    assert scan(truth_scan.month(1, 8).head(rows), truth_scan.NONE_KNOWN, simulations=9) == []
