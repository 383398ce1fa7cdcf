"""Known answers, published or recomputed: see `runner.py` for the form of a vector."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.packages import PACKAGES
from tests.conformance.runner import misses, vectors

VECTORS = {vector["name"]: vector for vector in vectors()}


@pytest.mark.parametrize("name", list(VECTORS))
def test_hotspot_gives_the_known_answer(name: str) -> None:
    assert misses(PACKAGES["hotspot"], VECTORS[name]) == []


@pytest.mark.parametrize("package", [one for one in PACKAGES if one != "hotspot"])
def test_a_peer_package_is_run_on_the_vectors_that_it_has_functions_for(package: str) -> None:
    answered = [misses(PACKAGES[package], vector) for vector in VECTORS.values()]
    run = [missed for missed in answered if missed is not None]
    assert run
    assert run == [[]] * len(run)


def test_a_wrong_answer_is_named_and_a_statistic_that_is_lacking_is_not_run() -> None:
    vector: dict[str, Any] = {
        "statistic": "sum",
        "input": {},
        "expected": {"a": 1.0, "b": [1, 2]},
        "tolerance": 0.1,
    }
    assert misses({"sum": lambda _: {"a": 1.2, "b": [1, 2]}}, vector) == ["a"]
    assert misses({"sum": lambda _: {"a": 1.05, "b": [1]}}, vector) == ["b"]
    assert misses({}, vector) is None
