"""Run the vectors of known answers on Hotspot, esda, pointpats and scikit-learn.

python -m benchmarks.conformance
"""

from __future__ import annotations

from benchmarks import report
from tests.conformance.packages import PACKAGES
from tests.conformance.runner import Package, Vector, misses, vectors


def main() -> None:
    """Run all and save the table."""
    rows = [
        {"name": vector["name"], "answers": [_said(one, vector) for one in PACKAGES.values()]}
        for vector in vectors()
    ]
    report.save("conformance", {"packages": list(PACKAGES), "rows": rows})


def _said(package: Package, vector: Vector) -> str:
    missed = misses(package, vector)
    if missed is None:
        return "-"
    return "met" if not missed else f"differs: {', '.join(missed)}"


if __name__ == "__main__":
    main()
