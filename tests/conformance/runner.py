"""Run the vectors of known answers on us, or on a peer package.

A vector is a JSON object: `name`, `statistic`, `source`, `input`, `expected`, `tolerance` (absolute).
A package is a table of functions by statistic; each takes the `input` and returns what it computes,
by the names in `expected`. What a package has no function for is not run on it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

Vector = dict[str, Any]
Package = Mapping[str, Callable[[Vector], Mapping[str, Any]]]
HERE = Path(__file__).parent


def vectors() -> list[Vector]:
    """Read all vectors, by file and place."""
    files = sorted(HERE.glob("*.json"))
    return [vector for file in files for vector in json.loads(file.read_text(encoding="utf-8"))]


def misses(package: Package, vector: Vector) -> list[str] | None:
    """Name the answers that differ from what is expected; None where the package has no such."""
    compute = package.get(vector["statistic"])
    if compute is None:
        return None
    answers = compute(vector["input"])
    return [
        name
        for name, wanted in vector["expected"].items()
        if name in answers and not _is_same(answers[name], wanted, vector["tolerance"])
    ]


def _is_same(answer: Any, wanted: Any, tolerance: float) -> bool:
    if isinstance(wanted, str):
        return bool(answer == wanted)
    given, asked = np.asarray(answer, dtype=float), np.asarray(wanted, dtype=float)
    return given.shape == asked.shape and bool(np.all(np.abs(given - asked) <= tolerance))
