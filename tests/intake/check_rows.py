"""Cases of people, dates, keys, lists that protect, and licences."""

from __future__ import annotations

from tests.intake.shared_cases import Bench, Case, checks


@checks("B010")
def nobody_is_no_child(bench: Bench, case: Case) -> None:
    """Thirty incidents of nobody in particular are one hotspot of thirty events."""
    bench.bring("incidents", *case.files)
    assert bench.detect("incidents").hotspots["events"].tolist() == [30]
