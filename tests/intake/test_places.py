"""Coordinates as people and programs write them: read right, or refused, never another place."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.intake.places.coordinates import NOTHING, add_degrees, add_degrees_from_grid
from hotspot.intake.rows.balance import REJECTED

NORTH = "347667"


def easting_of(text: str) -> tuple[bool, bool]:
    """Whether a row with that easting is located, and whether it is called bad."""
    rows = pl.DataFrame({"Easting": [text], "Northing": [NORTH]})
    row = add_degrees_from_grid(rows, "Easting", "Northing").row(0, named=True)
    return row["lng"] is not None, (row["problem"] in REJECTED)


@pytest.mark.parametrize(
    "text",
    [
        "387370",
        "387370.0",
        "387370.25",
        "387,370",
        "387,370.5",
        " 387370\u00a0",
        "387 370",
        "+387370",
    ],
)
def test_a_number_is_read_however_it_is_spaced(text: str) -> None:
    assert easting_of(text) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "1_000",
        "\u0663\u0668\u0667\u0663\u0667\u0660",
        "Infinity",
        "1e400",
        "3.8737e5",
        "0x5e92a",
        "387370m",
        "SJ8847",
        "53\u00b001'12\"N",
        "387370,5",
        "38737,5",
        "3,87370",
        "387,37",
        "-387370",
        "\u2212387370",
        "387370;347667",
        "3873701",
        "--1",
        ".",
    ],
)
def test_what_is_no_plain_number_is_refused_and_not_guessed(text: str) -> None:
    """A decimal comma above all: taken out, it would put the row into another place."""
    assert easting_of(text) == (False, True)


@pytest.mark.parametrize("word", [*NOTHING, "N/A", "NULL", "Not known"])
def test_a_word_for_nothing_is_nothing(word: str) -> None:
    rows = pl.DataFrame({"Easting": [word], "Northing": [word]})
    row = add_degrees_from_grid(rows, "Easting", "Northing").row(0, named=True)
    assert (row["lng"], (row["problem"] in REJECTED)) == (None, False)


@pytest.mark.parametrize(
    ("lng", "lat", "is_located", "is_bad"),
    [
        ("-2.18", "53.02", True, False),
        ("\u22122.18", "53.02", True, False),
        ("- 2.18", "53.02", True, False),
        ("0", "0", False, False),
        ("-2.18", "91", False, True),
        ("361", "53", False, True),
        ("-2,18", "53,02", True, False),
        ("388000", "347000", False, True),
        ("nan", "nan", False, False),
        ("-2.18", "", False, True),
        ("1e-2", "53", False, True),
    ],
)
def test_degrees_are_read_or_refused(lng: str, lat: str, is_located: bool, is_bad: bool) -> None:
    rows = pl.DataFrame(
        {"x": [lng or None], "y": [lat or None]}, schema={"x": pl.String, "y": pl.String}
    )
    row = add_degrees(rows, "x", "y").row(0, named=True)
    assert (row["lng"] is not None, (row["problem"] in REJECTED)) == (is_located, is_bad)


@given(st.floats(200, 699_999), st.floats(200, 1_299_999))
def test_every_number_of_the_grid_is_read_as_python_writes_it(east: float, north: float) -> None:
    rows = pl.DataFrame({"Easting": [f"{east:.3f}"], "Northing": [f"{north:,.3f}"]})
    row = add_degrees_from_grid(rows, "Easting", "Northing").row(0, named=True)
    is_dummy = (round(east, 3), round(north, 3)) in ((111_111, 111_111), (999_999, 999_999))
    assert (row["lng"] is None) == is_dummy
    assert row["problem"] == ("dummy_coordinates" if is_dummy else None)


@given(st.text(max_size=12))
def test_no_text_is_both_a_place_and_bad(text: str) -> None:
    is_located, is_bad = easting_of(text)
    assert not (is_located and is_bad)
    if is_located:
        digits = "".join(c for c in text if c.isascii() and (c.isdigit() or c == "."))
        assert 1 <= float(digits) <= 700_000
