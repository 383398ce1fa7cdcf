"""Entries of different registers: which are paired, which never."""

from __future__ import annotations

import pandas as pd
import pytest

from hotspot.analysis.surroundings.premises_matching import COLUMNS, match_registers, plain_name

HERE = (-2.18, 53.02)


def entry(
    source: str, ref: str, name: str, postcode: str | None = None, north_m: float | None = 0
) -> dict[str, object]:
    lng, lat = (None, None) if north_m is None else (HERE[0], HERE[1] + north_m / 111_300)
    return {
        "source": source,
        "premises_ref": ref,
        "name": name,
        "postcode": postcode,
        "lng": lng,
        "lat": lat,
    }


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("The Example Café Ltd", "example cafe"),
        ("EXAMPLE & SON", "example son"),
        ("Example Foods Limited t/a Night Grill", "night grill"),
        ("Example Foods trading as The Night Grill Co", "night grill"),
        ("  ", ""),
    ],
)
def test_a_name_is_compared_without_its_company(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("other", "is_pair"),
    [
        (entry("food-hygiene", "b", "NIGHT GRILL LTD", "zz1 1aa", None), True),
        (entry("food-hygiene", "b", "Night Grill", None, 40), True),
        (entry("places", "b", "Night Grill, Hanley", None, 10), True),
        (entry("food-hygiene", "b", "Night Grill", "ZZ2 2BB", 300), False),
        (entry("food-hygiene", "b", "Day Bakery", "ZZ1 1AA", 0), False),
        (entry("food-hygiene", "b", "Night", "ZZ1 1AA", 0), False),
        (entry("licensing", "b", "Night Grill", "ZZ1 1AA", 0), False),
        (entry("food-hygiene", "b", "", "ZZ1 1AA", 0), False),
    ],
)
def test_alike_names_are_paired_at_one_postcode_or_one_place(
    other: dict[str, object], is_pair: bool
) -> None:
    found = match_registers(
        pd.DataFrame([entry("licensing", "a", "The Night Grill", "ZZ1 1AA"), other])
    )
    assert list(found.columns) == COLUMNS
    assert len(found) == int(is_pair)


def test_a_pair_is_told_once_with_what_it_rests_on() -> None:
    found = match_registers(
        pd.DataFrame(
            [
                entry("licensing", "a", "Night Grill", "ZZ1 1AA"),
                entry("food-hygiene", "b", "Night Grill", "ZZ1 1AA", 30),
                entry("food-hygiene", "c", "Night Grills", "ZZ9 9ZZ", 20),
            ]
        )
    )
    assert found["other_ref"].tolist() == ["b", "c"]
    first = found.iloc[0]
    assert (first["likeness"], first["same_postcode"]) == (100, True)
    assert first["distance_m"] == pytest.approx(30, abs=0.2)


def test_nothing_is_paired_with_nothing() -> None:
    assert match_registers(pd.DataFrame([entry("licensing", "a", "Night Grill")])).empty
