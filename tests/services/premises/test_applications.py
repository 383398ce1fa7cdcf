"""The application for review: in the form's order, signed by two, draft until then."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from docx import Document

from hotspot import InputError, NotAllowedError
from hotspot.access.actor import Actor, UserRole
from hotspot.errors import NotFoundError
from hotspot.services.premises import applications, journal
from hotspot.services.premises.book import Place
from hotspot.services.workspace.folder import Workspace
from layers.plan import spot_picture
from tests.helpers import actor_of_role, log_of
from tests.services.people.test_permissions import a_place

TEXT: dict[str, Any] = {
    "applicant": "Staffordshire Police, licensing",
    "holder": "Example Ltd",
    "objectives": ["children", "crime"],
    "grounds": "A child was served alcohol twice.",
    "steps": ["CCTV for 31 days", "Challenge 25"],
    "statements": ["PC 1, two pages"],
    "left_out": ["Intelligence: it would show its source."],
    "given_on": date(2026, 11, 2),
}
HEADINGS = [
    "Application for the review of a premises licence",
    "Part 1: Premises",
    "Part 2: Applicant",
    "Part 3: Signatures",
    "Annex A: What happened",
    "Annex B: What has been done with the business",
    "Annex C: Steps sought",
    "Annex D: Statements",
    "Annex E: Copies, the same day",
    "Annex F: What is left out, and why",
    "Annex G: Deadlines",
]


@pytest.fixture
def officer() -> Actor:
    return actor_of_role(UserRole.POLICE_LICENSING)


@pytest.fixture
def place(demo: Workspace, officer: Actor) -> Place:
    found = a_place(demo)
    for reference, where, day in (
        ("21DA/2/26", "outside", 20),
        ("21DA/1/26", "at", 10),
        ("LOG 77", "nearby", 5),
    ):
        values = {
            "reference": reference,
            "on_day": date(2026, 9, day),
            "where": where,
            "what": f"What {reference} says",
            "in_hours": "yes",
        }
        journal.link_incident(demo, officer, found, values)
    warned = {"kind": "early warning", "on_day": date(2026, 9, 25), "said": "Plan agreed"}
    journal.note_engagement(demo, officer, found, warned)
    return found


def made(workspace: Workspace, actor: Actor, place: Place) -> tuple[str, bytes]:
    file = applications.export_pack(
        workspace, actor, place, recipients="Council", reason="to be given", draw_plan=spot_picture
    )
    return file.name, file.content


def words_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def header_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = [name for name in file.namelist() if name.startswith("word/header")]
        return "".join(file.read(name).decode() for name in names)


def test_the_pack_goes_in_the_order_of_the_form_and_holds_grounds_only(
    demo: Workspace, officer: Actor, place: Place
) -> None:
    applications.save_pack(demo, officer, place, TEXT)
    _, content = made(demo, officer, place)
    document = Document(io.BytesIO(content))
    titles = [p.text for p in document.paragraphs if p.style.name.startswith(("Title", "Heading"))]
    assert titles == HEADINGS
    text = words_of(content)
    assert text.index("10 September 2026") < text.index("20 September 2026")
    assert "LOG 77" not in text
    assert "What happened nearby: it is not at" in text
    for said in (
        "CCTV for 31 days",
        "PC 1, two pages",
        "The holder: Example Ltd",
        "Plan agreed",
        "Child protection body",
        "it would show its source",
        "\u2612 The protection of children from harm",
        "\u2610 Public safety",
    ):
        assert said in text
    for word in ("victim", "hotspot", "cluster", "HS-0", "H-01"):
        assert word not in text.lower().replace("hotspot\n", "")
    deadlines = {
        cells[1]: cells[0]
        for cells in ([c.text for c in row.cells] for row in document.tables[-1].rows)
    }
    assert deadlines["Representations close"] == "30 November 2026"
    assert deadlines["Hearing to commence by"] == "30 December 2026"
    assert deadlines["Copies to the holder and every responsible authority"] == "2 November 2026"
    assert len(document.inline_shapes) == 1


def test_a_draft_says_so_on_every_page_until_two_others_have_signed(
    demo: Workspace, officer: Actor, lead: Actor, place: Place
) -> None:
    number = applications.save_pack(demo, officer, place, TEXT)
    name, content = made(demo, officer, place)
    assert "application-draft" in name
    assert 'string="DRAFT"' in header_of(content)
    with pytest.raises(NotAllowedError, match="somebody else than its writer"):
        applications.sign_pack(demo, officer, place, number, "police", "")
    with pytest.raises(InputError, match="reference of the advice"):
        applications.sign_pack(demo, lead, place, number, "legal", "")
    applications.sign_pack(demo, lead, place, number, "police", "")
    assert "DRAFT" in header_of(made(demo, officer, place)[1])
    applications.sign_pack(demo, lead, place, number, "legal", "LS/12")
    name, content = made(demo, officer, place)
    assert "draft" not in name
    assert "DRAFT" not in header_of(content)
    assert "Legal services: Test Lead, LS/12" in words_of(content)


def test_what_is_linked_after_the_signatures_voids_them(
    demo: Workspace, officer: Actor, lead: Actor, place: Place
) -> None:
    number = applications.save_pack(demo, officer, place, TEXT)
    for signs_as, reference in (("police", ""), ("legal", "LS/12")):
        applications.sign_pack(demo, lead, place, number, signs_as, reference)
    late = {"reference": "21DA/9/26", "on_day": date(2026, 9, 30), "what": "Again", "where": "at"}
    journal.link_incident(demo, officer, place, late)
    pack = applications.read_pack(demo, officer, place)
    assert pack is not None
    assert not pack.is_signed
    name, content = made(demo, officer, place)
    assert "application-draft" in name
    assert "Not signed yet." in words_of(content)
    with pytest.raises(InputError, match="save the application again"):
        applications.sign_pack(demo, lead, place, number, "police", "")
    applications.save_pack(demo, officer, place, TEXT)
    with pytest.raises(InputError, match="save the application again"):
        applications.sign_pack(demo, lead, place, number, "police", "")


def test_going_straight_to_a_review_needs_one_reason_and_is_no_block(
    demo: Workspace, officer: Actor
) -> None:
    place = a_place(demo)
    with pytest.raises(InputError, match="No early warning is recorded"):
        applications.save_pack(demo, officer, place, TEXT)
    applications.save_pack(
        demo, officer, place, TEXT | {"straight_why": "grooming on the premises"}
    )
    pack = applications.read_pack(demo, officer, place)
    assert pack is not None
    assert pack.text.straight_why == "grooming on the premises"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"grounds": "The victim was served."}, "no place in an application"),
        ({"steps": []}, "Steps: is missing"),
        ({"objectives": []}, "Objectives: is missing"),
        ({"holder": ""}, "Holder: is missing"),
        ({"objectives": ["profit"]}, "Objectives"),
    ],
)
def test_what_an_application_cannot_be_is_said(
    demo: Workspace, officer: Actor, place: Place, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        applications.save_pack(demo, officer, place, TEXT | change)


def test_without_a_text_there_is_nothing_to_hand_out(
    demo: Workspace, officer: Actor, place: Place
) -> None:
    assert applications.read_pack(demo, officer, place) is None
    with pytest.raises(NotFoundError, match="No application is written"):
        made(demo, officer, place)


def test_handing_it_out_is_a_disclosure_with_recipients(
    demo: Workspace, officer: Actor, place: Place
) -> None:
    applications.save_pack(demo, officer, place, TEXT)
    made(demo, officer, place)
    row = log_of(demo).iloc[-1]
    assert (row["operation"], row["category"]) == ("export application", "disclosure")
    assert (row["recipients"], row["reason"]) == ("Council", "to be given")
    with pytest.raises(InputError):
        applications.export_pack(demo, officer, place, recipients=" ", reason="x")


def test_a_pack_stays_with_the_premises_when_their_entries_are_joined(
    demo: Workspace, officer: Actor
) -> None:
    pairs = journal.likely_same(demo, officer)
    row = pairs[(pairs["other_source"] == "licensing") & (pairs["source"] == "food-hygiene")].iloc[
        0
    ]
    hygiene = (str(row["source"]), str(row["premises_ref"]))
    licence = (str(row["other_source"]), str(row["other_ref"]))
    applications.save_pack(demo, officer, hygiene, TEXT | {"straight_why": "grave"})
    journal.confirm_same(demo, officer, [(hygiene, licence)], is_same=True)
    for place in (hygiene, licence):
        assert applications.read_pack(demo, officer, place) is not None
    assert licence[1] in words_of(made(demo, officer, hygiene)[1])
