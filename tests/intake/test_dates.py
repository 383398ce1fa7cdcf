"""Dates and times of day as people, spreadsheets and systems write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from hotspot.errors import InputError
from hotspot.intake.fields.date_forms import clock_of, read_local
from hotspot.intake.fields.times import DateFormat, add_instant, decide_format, read_either
from tests.intake.cases import INCIDENT, read, text_of

HALF_PAST_ONE = datetime(2026, 1, 14, 13, 30)


def read_column(*texts: str) -> list[datetime | None]:
    """The local times of a column, by the format that is decided for it."""
    rows = pl.DataFrame({"line": range(2, 2 + len(texts)), "date": list(texts)})
    return read_local(rows["date"], decide_format(rows, "date").name).to_list()


@pytest.mark.parametrize(
    "written",
    [
        "14/01/2026 1:30 PM",
        "14/01/26 13.30",
        "14/01/2026 at 13:30",
        "14/01/2026 1330",
        "14/01/2026 1330hrs",
        "Wed 14/01/2026 13:30",
        "Wednesday, 14 January 2026 13:30",
        "January 14, 2026 1:30 p.m.",
        "14th Jan 2026, 13:30:00",
        "01/14/2026 01:30:00 PM",
        "2026-01-14 13:30:00.000",
        "2026/01/14 13:30:00",
        "20260114 1330",
        "20260114T133000",
        "1768397400",
        "1768397400000",
    ],
)
def test_a_time_is_read_however_it_is_written(written: str) -> None:
    assert read_column(written) == [HALF_PAST_ONE]


@pytest.mark.parametrize("written", ["Jan-26", "January 2026", "01/2026", "2026-01", "202601"])
def test_a_month_is_read_however_it_is_written(written: str) -> None:
    assert read_column(written) == [datetime(2026, 1, 1)]


def test_hours_after_midnight_belong_to_the_next_day() -> None:
    assert read_column("13/01/2026 26:00") == [datetime(2026, 1, 14, 2)]
    assert read_column("13/01/2026 24:00") == [datetime(2026, 1, 14)]
    assert read_column("13/01/2026 31:00", "13/01/2026 10:75") == [None, None]


def test_short_military_times_count_hours_and_minutes() -> None:
    texts = ["1", "30", "830", "2315", "0005", "13:30", "1.30 pm", "12 am", "0.5625", "26:00", "99"]
    read_times = pl.DataFrame({"clock": texts}).select(clock_of("clock")).to_series().to_list()
    minutes = [1, 30, 510, 1395, 5, 810, 810, 0, 810, 1560]
    assert read_times == [*(timedelta(minutes=n) for n in minutes), None]


def test_a_year_of_two_figures_is_never_far_ahead() -> None:
    assert read_column("14/01/99", "14/01/26") == [datetime(1999, 1, 14), datetime(2026, 1, 14)]


def test_a_date_that_is_certain_by_itself_is_read_among_others() -> None:
    rows = pl.DataFrame({"line": [2, 3, 4], "date": ["13/02/2026", "2026-02-03", "04/02/2026"]})
    found = decide_format(rows, "date")
    assert (found.name, found.also, found.is_sure) == ("DD/MM/YYYY", "ISO", True)
    days = read_either(rows["date"], found.name, found.also).dt.strftime("%Y-%m-%d").to_list()
    assert days == ["2026-02-13", "2026-02-03", "2026-02-04"]


def test_a_zone_of_two_figures_is_one() -> None:
    rows = pl.DataFrame({"date": ["2026/06/14 12:00:00+00", "2026-06-14T12:00:00+01:00"]})
    at = add_instant(rows, "date", "at", DateFormat("ISO"))["at"].to_list()
    assert at == [datetime(2026, 6, 14, 12, tzinfo=UTC), datetime(2026, 6, 14, 11, tzinfo=UTC)]


def test_a_column_without_one_readable_date_is_refused_with_the_forms(tmp_path: Path) -> None:
    rows = [INCIDENT | {"Crime Number": str(n), "Date/Time From": "a while ago"} for n in range(3)]
    with pytest.raises(InputError, match=r"none of the 3 dates .* These forms are read: 14/01"):
        read(tmp_path, text_of(*rows))
