"""Cases of the law's days, each counted by the command that people use."""

from __future__ import annotations

import json
from datetime import date

from typer.testing import CliRunner

from hotspot.cli import load_all
from hotspot.disruption.working_days import WorkingCalendar
from tests.intake.shared_cases import Bench, Case, checks

DUE = {
    "B199": {"Objection by": "2026-11-15"},
    "B201": {"Hearing of the application for an order": "2026-11-10T10:00"},
    "B207": {"Decision on interim steps, notice to holder and authorities": "2026-12-30T16:00"},
    "B209": {"The order ends at the latest, unless extended once": "2026-12-29T12:00"},
}
"""The last day of a step, by hand. B209: the eighth day is Christmas Day, after which come Boxing
Day, a Sunday and the bank holiday in lieu: the order ends at noon of the 29th."""


def deadlines(*words: str) -> list[dict[str, object]]:
    answer = CliRunner().invoke(load_all(), ["deadlines", *words, "--json"])
    assert answer.exit_code == 0, answer.output
    read: list[dict[str, object]] = json.loads(answer.stdout)
    return read


@checks(*DUE)
def the_last_day_is_that_of_the_law(bench: Bench, case: Case) -> None:
    del bench
    _, code, _, given = case.given.split() if "--given" in case.given else ("", "EPO", "", "")
    rows = deadlines(code, "--given", given or "2026-12-18")
    due = {row["says"]: str(row["due_at"] or row["due_on"])[:16] for row in rows}
    assert {says: due[says] for says in DUE[case.number]} == DUE[case.number]


@checks("B204")
def christmas_of_every_year_is_a_holiday(bench: Bench, case: Case) -> None:
    del bench
    assert not WorkingCalendar().is_working(date(2014, 12, 25))
    _, code, _, given = case.given.split()
    rows = {row["step"]: row["due_on"] for row in deadlines(code, "--given", given)}
    assert rows["representations_close"] == "2014-12-29"
    # twenty working days after it: 30 and 31 December, 2, 5-9, 12-16, 19-23, 26 and 27 January
    assert "2015-01-27" in rows.values()


BANK_HOLIDAYS = {
    2015: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}
"""Weekdays that are bank holidays in England and Wales, as gov.uk lists them, by hand."""


@checks("B206")
def the_bank_holidays_are_those_of_the_list(bench: Bench, case: Case) -> None:
    del bench, case
    calendar = WorkingCalendar()
    for year, days in BANK_HOLIDAYS.items():
        first = date(year, 1, 1).toordinal()
        weekdays = [date.fromordinal(first + n) for n in range(365 + (year % 4 == 0))]
        closed = [day for day in weekdays if day.weekday() < 5 and not calendar.is_working(day)]
        assert " ".join(f"{day:%m-%d}" for day in closed) == days, year


@checks("B208")
def ordinary_clocks_are_those_of_a_hand_count(bench: Bench, case: Case) -> None:
    """28 days; then 20 working days, of which Christmas Day and 28 December are none; 21 days."""
    del bench, case
    review = {row["step"]: row["due_on"] for row in deadlines("LA51", "--given", "2026-11-02")}
    assert review["representations_close"] == "2026-11-30"
    assert "2026-12-30" in review.values()
    notice = [row["due_on"] for row in deadlines("CPN", "--given", "2026-11-02")]
    assert "2026-11-22" in notice
