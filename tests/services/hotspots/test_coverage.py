"""Months that are whole, the one that is not, and periods that can be compared."""

from __future__ import annotations

from datetime import date

import pytest

from hotspot import InputError, Params
from hotspot.services.hotspots import coverage, runs

MISSING = ["missing"]
YEAR = {f"2025-{month:02}": 60 for month in range(6, 13)} | {
    f"2026-{month:02}": 60 for month in range(1, 6)
}


def held(newest: date | None, **more: int) -> runs.Holdings:
    months = YEAR | {name.replace("m", "").replace("_", "-"): rows for name, rows in more.items()}
    days = {"missing": newest} if newest else {}
    return runs.Holdings({"missing": months}, "", days)


def test_a_month_that_ends_on_the_8th_is_passed_over_however_many_records_it_has() -> None:
    """With a tenth of the usual records it counted as a full month."""
    begun = held(date(2026, 6, 8), m2026_06=16)
    params = runs.default_params(begun, MISSING)
    assert (params.start, params.end) == (date(2025, 6, 1), date(2026, 5, 31))
    whole = held(date(2026, 6, 29), m2026_06=58)
    assert runs.default_params(whole, MISSING).end == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("day", "rows", "is_part"), [(8, 60, True), (26, 60, True), (28, 60, False), (12, 3, False)]
)
def test_a_month_is_whole_up_to_the_usual_gaps_between_records(
    day: int, rows: int, is_part: bool
) -> None:
    months = dict.fromkeys(YEAR, rows) | {"2026-06": rows}
    own = runs.Holdings({"missing": months}, "", {"missing": date(2026, 6, day)})
    assert (runs.ends_of(own, MISSING)["missing"] < date(2026, 6, 30)) == is_part


def test_a_part_month_is_said_and_kept_out_of_charts_by_month() -> None:
    own = held(date(2026, 6, 8), m2026_06=16)
    june = Params(start=date(2026, 1, 1), end=date(2026, 6, 30))
    assert "The records end on 8 June 2026" in coverage.coverage_words(own, MISSING, june)
    assert coverage.whole_period(own, MISSING, june).end == date(2026, 6, 8)
    may = june.replace(end=date(2026, 5, 31))
    assert coverage.coverage_words(own, MISSING, may) == ""
    assert coverage.whole_period(own, MISSING, may).end == date(2026, 5, 31)
    assert coverage.coverage_words(held(None), MISSING, june) == ""


def test_an_earlier_period_ends_on_the_same_day_of_its_month() -> None:
    own = held(date(2026, 6, 8), m2026_06=16)
    june = Params(start=date(2026, 6, 1), end=date(2026, 6, 30))
    earlier = coverage.earlier_period(own, MISSING, june, 1)
    assert (earlier.start, earlier.end) == (date(2026, 5, 1), date(2026, 5, 8))
    spring = Params(start=date(2026, 3, 1), end=date(2026, 5, 31))
    whole = coverage.earlier_period(held(None), MISSING, spring, 3)
    assert (whole.start, whole.end) == (date(2025, 12, 1), date(2026, 2, 28))


def test_a_period_of_which_two_of_twelve_months_are_held_is_refused_in_words() -> None:
    """It was drawn beside the other as if the other ten had been quiet."""
    year = Params(start=date(2025, 8, 1), end=date(2026, 5, 31))
    with pytest.raises(InputError, match="holds 0 of the 10 months from Oct 2024") as no:
        coverage.earlier_period(runs.Holdings({"missing": {"2025-08": 9}}, ""), MISSING, year, 10)
    assert "shorter period" in str(no.value)
    with pytest.raises(InputError, match="holds 2 of the 10 months"):
        coverage.earlier_period(held(None), MISSING, year, 10)


def test_a_month_is_not_whole_while_one_of_the_sources_ends_early_in_it() -> None:
    """The other source's last day hid it."""
    months = {"missing": YEAR | {"2026-06": 58}, "incidents": YEAR | {"2026-06": 6}}
    days = {"missing": date(2026, 6, 30), "incidents": date(2026, 6, 3)}
    both = ["missing", "incidents"]
    assert runs.ends_of(runs.Holdings(months, "", days), both)["incidents"] == date(2026, 6, 3)
    june = Params(start=date(2026, 1, 1), end=date(2026, 6, 30))
    ended = runs.Holdings(months, "", days | {"incidents": date(2024, 3, 1)})
    assert coverage.whole_period(ended, both, june) == june  # it has nothing in the period
    assert coverage.coverage_words(ended, both, june) == ""


def test_a_period_is_held_only_where_every_source_is() -> None:
    """The oldest month of one stood for the other, whose places then looked new."""
    held_by = {"missing": YEAR, "incidents": {m: n for m, n in YEAR.items() if m >= "2026-01"}}
    own = runs.Holdings(held_by, "")
    spring = Params(start=date(2026, 3, 1), end=date(2026, 5, 31))
    assert coverage.earlier_period(own, MISSING, spring, 3).start == date(2025, 12, 1)
    with pytest.raises(InputError, match="holds 2 of the 3 months"):
        coverage.earlier_period(own, ["missing", "incidents"], spring, 3)


BOTH = ["missing", "incidents"]


def two(incidents: date, *, since: str = "2025-06") -> runs.Holdings:
    """Missing episodes to the end of June 2026, and incidents to some day."""
    whole = YEAR | {"2026-06": 58}
    to = f"{incidents:%Y-%m}"
    own = {month: rows for month, rows in whole.items() if since <= month <= to}
    days = {"missing": date(2026, 6, 30), "incidents": incidents}
    return runs.Holdings({"missing": whole, "incidents": own}, "", days)


def test_months_after_a_source_has_ended_are_no_fall() -> None:
    """A source that ended two months before was not looked at: its end looked like a fall."""
    own, half = two(date(2026, 4, 10)), Params(start=date(2026, 1, 1), end=date(2026, 6, 30))
    assert coverage.whole_period(own, BOTH, half).end == date(2026, 4, 10)
    said = coverage.coverage_words(own, BOTH, half)
    assert said.startswith("Incidents end on 10 April 2026, unlike the other records")
    assert coverage.whole_period(own, MISSING, half) == half


def test_a_month_that_ends_within_the_usual_gaps_is_whole_for_its_source() -> None:
    own, half = two(date(2026, 4, 29)), Params(start=date(2026, 1, 1), end=date(2026, 6, 30))
    assert coverage.whole_period(own, BOTH, half).end == date(2026, 4, 30)


def test_a_source_of_few_records_does_not_end_early() -> None:
    """Graded intelligence comes once a month: forty days without any say nothing."""
    months = {"missing": YEAR | {"2026-06": 58}, "intelligence": dict.fromkeys(YEAR, 1)}
    days = {"missing": date(2026, 6, 30), "intelligence": date(2026, 5, 21)}
    own, half = (
        runs.Holdings(months, "", days),
        Params(start=date(2026, 1, 1), end=date(2026, 6, 30)),
    )
    assert coverage.coverage_words(own, ["missing", "intelligence"], half) == ""


def test_a_source_that_is_late_is_waited_for_and_one_that_ended_is_not() -> None:
    """The default was the newest month of all, in which one source had nothing yet."""
    assert runs.default_params(two(date(2026, 5, 31)), BOTH).end == date(2026, 5, 31)
    assert runs.default_params(two(date(2026, 4, 10)), BOTH).end == date(2026, 3, 31)
    assert runs.default_params(two(date(2025, 11, 30)), BOTH).end == date(2026, 6, 30)


def test_months_before_a_source_begins_are_no_rise() -> None:
    own, year = (
        two(date(2026, 6, 30), since="2026-02"),
        Params(start=date(2025, 7, 1), end=date(2026, 6, 30)),
    )
    assert coverage.whole_period(own, BOTH, year).start == date(2026, 2, 1)
    assert "Incidents begin in February 2026" in coverage.coverage_words(own, BOTH, year)
    both_late = Params(start=date(2024, 1, 1), end=date(2026, 6, 30))
    assert coverage.whole_period(two(date(2026, 6, 30)), BOTH, both_late) == both_late


def test_periods_are_not_compared_where_one_source_ends_before_the_others() -> None:
    """June to the 30th of the one and to the 3rd of the other was set beside 1 to 3 May."""
    june = Params(start=date(2026, 6, 1), end=date(2026, 6, 30))
    with pytest.raises(InputError, match="Incidents end on 3 June 2026 and other records go on"):
        coverage.earlier_period(two(date(2026, 6, 3)), BOTH, june, 1)
    with pytest.raises(InputError, match="Incidents end on 20 May 2026"):
        coverage.earlier_period(two(date(2026, 5, 20)), BOTH, june, 1)  # May holds it, June not
    spring = Params(start=date(2026, 3, 1), end=date(2026, 5, 31))
    assert coverage.earlier_period(two(date(2026, 6, 3)), BOTH, spring, 3).end == date(2026, 2, 28)
