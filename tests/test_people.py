"""References to people: what names nobody, and one person written in several ways."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

import hotspot
from hotspot.people import reference_of


def forms(*texts: str, nobody: tuple[str, ...] = (), joins: bool = True) -> list[str | None]:
    frame = pl.DataFrame({"person": texts})
    return (
        frame.select(reference_of(pl.col("person"), nobody, joins_spellings=joins))
        .to_series()
        .to_list()
    )


@pytest.mark.parametrize(
    "word",
    [
        "Unknown",
        "unknown ",
        "NA",
        "n/a",
        "#N/A",
        "-",
        "--",
        "?",
        "None",
        "NULL",
        "(null)",
        "nan",
        "0",
        "000",
        "0.0",
        "TBC",
        "Not recorded",
        "NOT KNOWN",
        "N/K",
        "U/K",
        "\\N",
        "",
        "  ",
        "tba",
    ],
)
def test_placeholders_name_nobody(word: str) -> None:
    assert forms(word) == [None]


def test_a_force_may_have_words_of_its_own_for_nobody() -> None:
    assert forms("See Log", "P1", nobody=("see log",)) == [None, "P1"]


@pytest.mark.parametrize(
    "spellings",
    [
        ("7041", "07041", "7041.0", " 7041 ", "7041.00"),
        ("KT0000311", "kt311", "KT 311", "kt 0000311", "KT311.0", "'KT311"),
        ("n-0052", "N-52"),
    ],
)
def test_one_person_is_written_in_several_ways(spellings: tuple[str, ...]) -> None:
    assert len(set(forms(*spellings))) == 1


def test_other_people_stay_other_people() -> None:
    several = ("P1", "P10", "P100", "Q1", "1", "10", "P1A", "P1.5", "N-1", "NA1")
    assert len(set(forms(*several))) == len(several)


def test_spellings_stay_apart_where_the_force_says_so() -> None:
    assert forms("07041", "7041", "TBC", joins=False) == ["07041", "7041", None]


@pytest.mark.parametrize("children", [["", "Unknown", "-"], ["5", "05", "5.0"], [5, 5.0, 5]])
def test_the_front_door_tells_people_apart_by_the_same_rule(children: list[object]) -> None:
    points = pd.DataFrame({"lng": [-2.1] * 30, "lat": [52.9] * 30, "child": children * 10})
    run = hotspot.detect(points, hotspot.Params(min_weight=1, min_children=1))
    expected = 0 if children[0] == "" else 1
    assert run.hotspots["children"].fillna(0).tolist() == [expected]
    assert run.hotspots["weight"].tolist() == [30.0 if expected == 0 else 1.0]
