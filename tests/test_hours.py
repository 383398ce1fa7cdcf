"""Hours as registers write them, read by hand."""

from __future__ import annotations

import pytest

from hotspot.hours import clock, hours_of, latest_closing


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("03:00", "03:00"),
        ("3am", "03:00"),
        ("3:00 AM", "03:00"),
        ("0130", "01:30"),
        ("22.30", "22:30"),
        ("10:30 pm", "22:30"),
        ("midnight", "00:00"),
        ("24:00", "00:00"),
        ("26:00", "02:00"),
        ("09:00-01:00", "01:00"),
        ("9am to 11pm", "23:00"),
        ("Mo-Su 12:00-22:00", "22:00"),
        ("m-su 0900-0330", "03:30"),
        ("su-w 1200-0000  thfs 1200-0200", None),
        ("Sun-Thu 23:00; Fri & Sat 02:30", "02:30"),
        ("23:00 Sun-Thu, 02:30 Fri-Sat", "02:30"),
        ("Monday to Thursday 11:00 to 23:00 Friday and Saturday 11:00 to 01:00", "01:00"),
        ("1899-12-30 04:00:00", "04:00"),
        ("0.125", "03:00"),
        ("07:00-11:30", "12:00"),
        ("24 hours", "11:59"),
        ("at the licensee's discretion", None),
        ("10:00-23:00 except Sundays", None),
        ("10-11", None),
        ("25:75", None),
        ("", None),
    ],
)
def test_the_latest_closing(text: str, until: str | None) -> None:
    closing = latest_closing(text)
    assert (closing if closing is None else clock(closing)) == until


def test_days_have_their_own_hours_past_midnight() -> None:
    hours = hours_of("sa-m 1000-0200 tu-f 1000-1430, 1700-2300")
    assert hours is not None
    assert sorted(hours) == list(range(7))
    assert hours[5] == hours[6] == hours[0] == ((600, 1560),)
    assert hours[2] == ((600, 870), (1020, 1380))
