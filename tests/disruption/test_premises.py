"""Premises for assessment: when they are listed, what can be noted, what a pack may say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot import InputError
from hotspot.disruption.applications import PackText, check_pack_words
from hotspot.disruption.entries import checked
from hotspot.disruption.premises import (
    GROUNDS,
    WHERE,
    Decision,
    Engagement,
    IncidentLink,
    is_listed,
)

DAY = date(2026, 9, 1)


def link(where: str) -> IncidentLink:
    return checked(
        IncidentLink,
        {
            "reference": "21DA/1/26",
            "on_day": DAY,
            "what": "A child served",
            "where": where,
        },
    )


def decision(what: str) -> Decision:
    return checked(Decision, {"decision": what, "reason": "because"})


@pytest.mark.parametrize(
    ("links", "last", "listed"),
    [
        ([], None, False),
        (["nearby", "nearby"], None, False),
        (["at"], None, True),
        (["outside"], None, True),
        ([], (1, "listed"), True),
        ([], (1, "declined"), False),
        ([], (1, "ended"), False),
        (["at"], (9, "ended"), False),
        (["at", "at"], (1, "ended"), True),
        (["nearby", "nearby"], (1, "ended"), False),
        (["at"], (9, "declined"), True),
    ],
)
def test_premises_are_listed_for_what_a_person_linked_or_wrote(
    links: list[str], last: tuple[int, str] | None, listed: bool
) -> None:
    numbered = [(number, link(where)) for number, where in enumerate(links, start=1)]
    written = (last[0], decision(last[1])) if last else None
    assert is_listed(numbered, written) is listed


@given(st.lists(st.sampled_from(sorted(set(WHERE) - GROUNDS))))
def test_what_is_nearby_never_lists_anyone(links: list[str]) -> None:
    assert not is_listed([(n, link(where)) for n, where in enumerate(links, start=1)], None)


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        (
            IncidentLink,
            {"reference": " ", "on_day": DAY, "what": "x", "where": "at"},
            "Reference: is missing",
        ),
        (IncidentLink, {"reference": "r", "on_day": DAY, "what": "x", "where": "near"}, "Where"),
        (IncidentLink, {"reference": "r", "on_day": DAY, "what": "x"}, "Where: is missing"),
        (
            IncidentLink,
            {"reference": "r", "on_day": DAY, "what": "x", "where": "at", "who": "y"},
            "Who",
        ),
        (Engagement, {"kind": "party", "on_day": DAY, "said": "x"}, "Kind: .*choose one of"),
        (Decision, {"decision": "listed", "reason": ""}, "Reason: is missing"),
    ],
)
def test_what_cannot_be_noted_is_said(kind: type, values: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        checked(kind, values)


PACK = {
    "applicant": "Police",
    "holder": "Example Ltd",
    "objectives": ["children"],
    "grounds": "A child was served.",
    "steps": ["CCTV"],
    "given_on": DAY,
}


@pytest.mark.parametrize("field", ["grounds", "before", "steps", "statements", "left_out"])
@pytest.mark.parametrize(
    "word", ["the victim", "Victims", "a hotspot", "hot-spots", "this cluster"]
)
def test_an_application_speaks_of_its_premises_and_of_a_child(field: str, word: str) -> None:
    text = f"It was {word}."
    values = {**PACK, field: text if field in ("grounds", "before") else [text]}
    with pytest.raises(InputError, match="no place in an application"):
        check_pack_words(checked(PackText, values))
    check_pack_words(checked(PackText, PACK))
