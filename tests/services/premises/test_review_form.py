"""The form of Schedule 8 in full, read on screen before it is signed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hotspot import InputError
from hotspot.access.actor import Actor, UserRole
from hotspot.services.premises import applications, journal, papers
from hotspot.services.premises.book import Place
from hotspot.services.workspace.folder import Workspace
from tests.services.premises.test_applications import TEXT, officer, person, place

__all__ = ["officer", "place"]

SCHEDULE_8 = (
    "To: Stoke-on-Trent City Council, licensing",
    "applies for the review of a premises licence under section 51",
    "Name and postal address",
    "Post code",
    "Holder of the premises licence",
    "Number of the premises licence",
    "an individual, body or business which is not a responsible authority",
    "a responsible authority",
    "a member of the club to which this application relates",
    "Name and address",
    "Telephone number (if any) \u00b7 01632 960 001",
    "E-mail address (optional) \u00b7 licensing@force.example",
    "This application relates to the following licensing objectives",
    "Please state the grounds for review",
    "Please provide as much information as possible",
    "Have you made an application for review relating to the premises before?",
    "\u2612 yes",
    "Date of that application: 1 May 2025",
    "If you have made representations before",
    "I have sent copies of this form and enclosures",
    "I understand that if I do not comply with the above requirements my application will be",
    "It is an offence, under section 158 of the Licensing Act 2003",
    "Signature of the applicant",
    "Name and capacity",
    "Contact name and postal address for correspondence",
)
"""The fields of the form in Schedule 8 to SI 2005/42, from memory, in their order."""


def test_the_form_has_every_field_of_the_schedule_and_is_read_before_it_is_signed(
    demo: Workspace, officer: Actor, place: Place
) -> None:
    more = {
        "authority": "Stoke-on-Trent City Council, licensing",
        "phone": "01632 960 001",
        "email": "licensing@force.example",
        "reviewed_on": date(2025, 5, 1),
        "remedies": ["suspend", "remove_dps"],
        "suspend_weeks": 6,
    }
    incident = {
        "reference": "21DA/9/26",
        "on_day": date(2026, 9, 21),
        "at_time": "23:40",
        "where": "at",
        "what": "Sold after hours",
    }
    with pytest.raises(InputError):
        journal.link_incident(demo, officer, place, incident | {"at_time": "25:00"})
    journal.link_incident(demo, officer, place, incident)
    number = applications.save_pack(demo, officer, place, TEXT | more)
    lines = papers.text_of_application(demo, officer, place)
    whole = "\n".join(lines)
    at = 0
    for field in SCHEDULE_8:
        assert field in whole[at:], field
        at = whole.index(field, at)
    assert "Suspend the licence for 6 weeks" in whole
    assert "Remove the designated premises supervisor" in whole
    assert "23:40" in whole
    assert "Not signed yet." in whole
    lead = person(7, "Pat Example", UserRole.DISRUPTION_LEAD)
    applications.sign_pack(
        demo, lead, place, number, "police", "", capacity="for the chief officer"
    )
    lawyer = person(8, "Sam Example", UserRole.DISRUPTION_LEAD)
    applications.sign_pack(demo, lawyer, place, number, "legal", "LA/1")
    signed = "\n".join(papers.text_of_application(demo, officer, place))
    assert "Pat Example, for the chief officer" in signed
    assert "\u2612 I have sent copies" in signed


@pytest.mark.parametrize("wrong", [{"remedies": ["suspend"]}, {"suspend_weeks": 3}])
def test_a_suspension_says_for_how_long(
    demo: Workspace, officer: Actor, place: Place, wrong: dict[str, Any]
) -> None:
    with pytest.raises(InputError, match="suspension"):
        applications.save_pack(demo, officer, place, TEXT | wrong)
