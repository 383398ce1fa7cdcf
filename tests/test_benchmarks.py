"""The benchmarks compare like with like, and the full sizes keep their bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bench import measure
from benchmarks.contenders import CONTENDERS
from benchmarks.synthetic import write_points
from benchmarks.twenty_seeds import STRONG, judge
from sample_geo.planted import PLANTED

pytestmark = pytest.mark.slow


def test_contenders_that_cluster_cells_find_the_same_clusters(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    write_points(path, 60_000)
    found = {name: measure(name, path, 1)["hotspots"] for name in CONTENDERS}
    assert found["hotspot"] > 0
    assert abs(found["hotspot"] - found["pandas-h3-loop"]) <= 1


def test_another_seed_is_found_too(tmp_path: Path) -> None:
    judged = judge(1001, tmp_path)
    assert judged["false"] == 0
    for place in PLANTED:
        if place.expect in STRONG:
            assert judged["places"][place.name] in STRONG, place.name


@pytest.mark.soak
def test_ten_million_points_stay_below_one_gibibyte(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    write_points(path, 10_000_000)
    assert measure("hotspot", path, 1)["peak_mib"] < 1024
