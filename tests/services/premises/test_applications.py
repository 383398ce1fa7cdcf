"""The application for review: in the form's order, signed by two, draft until then."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from docx import Document

from hotspot import InputError, NotAllowedError
from hotspot.access.actor import Actor, UserRole
from hotspot.disclosure.pdf import can_write_pdf, pdf_of
from hotspot.disruption.applications import SIGNS_AS, Signatory, check_signatory
from hotspot.errors import NotFoundError, StoreError
from hotspot.services.premises import applications, journal, papers
from hotspot.services.premises.book import Place
from hotspot.services.workspace.folder import Workspace
from hotspot.store import datasets
from hotspot.store.unit_of_work import reading
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
]


@pytest.fixture
def officer() -> Actor:
    return replace(actor_of_role(UserRole.POLICE_LICENSING), account_id=104)


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


def made(
    workspace: Workspace, actor: Actor, place: Place, paper: str = "served", form: str = "51"
) -> tuple[str, bytes]:
    file = papers.export_paper(
        workspace,
        actor,
        place,
        paper,
        recipients="Council",
        reason="to be given",
        form=form,
        draw_plan=spot_picture,
    )
    return file.name, file.content


def person(number: int, name: str = "One Name", *roles: UserRole) -> Actor:
    """Somebody with an account, and by default with every role that touches an application."""
    held = roles or (UserRole.POLICE_LICENSING, UserRole.DISRUPTION_LEAD)
    return Actor(name, frozenset(held), "Staffordshire Police", account_id=number)


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
    titles = [
        p.text
        for p in document.paragraphs
        if p.style and str(p.style.name).startswith(("Title", "Heading"))
    ]
    assert titles == HEADINGS
    text = words_of(content)
    assert text.index("10 September 2026") < text.index("20 September 2026")
    assert "LOG 77" not in text
    for said in (
        "CCTV for 31 days",
        "PC 1, two pages",
        "The holder: Example Ltd",
        "Plan agreed",
        "Child protection body",
        "\u2612 The protection of children from harm",
        "\u2610 Public safety",
    ):
        assert said in text
    for word in ("victim", "hotspot", "cluster", "HS-0", "H-01"):
        assert word not in text.lower().replace("hotspot\n", "")
    assert len(document.inline_shapes) == 1


INTERNAL = (
    "it would show its source",
    "What happened nearby",
    "left out",
    "LOG 77",
    "statement is still to come",
    "LS/12",
    "Legal services",
    "Deadlines",
    "Representations close",
    "not yet checked by your legal team",
    "early warning is",
    "OFFICIAL",
)
"""What may stand in the inside sheet, and never in what is served."""


def sign_with_a_pending_statement(
    demo: Workspace, officer: Actor, lead: Actor, place: Place
) -> None:
    """Make an application final while a statement about an incident is still awaited."""
    pending = {
        "reference": "21DA/3/26",
        "on_day": date(2026, 9, 21),
        "where": "at",
        "what": "x",
        "statement_needed": True,
    }
    journal.link_incident(demo, officer, place, pending)
    number = applications.save_pack(demo, officer, place, TEXT)
    applications.sign_pack(demo, lead, place, number, "police", "")
    applications.sign_pack(demo, person(9, "Lawyer"), place, number, "legal", "LS/12")


def test_what_stays_inside_is_another_document(
    demo: Workspace, officer: Actor, lead: Actor, place: Place
) -> None:
    sign_with_a_pending_statement(demo, officer, lead, place)
    name, inside = made(demo, officer, place, "inside")
    assert "not-to-be-served" in name
    assert "Not to be served" in header_of(inside)
    said, served = words_of(inside), whole_of(made(demo, officer, place)[1])
    for words in INTERNAL[:1] + INTERNAL[4:10]:
        assert words in said
    assert "What happened nearby: it is not at" in said
    assert not [words for words in INTERNAL if words.lower() in served.lower()]
    deadlines = {
        cells[1]: cells[0]
        for table in Document(io.BytesIO(inside)).tables
        for cells in ([c.text for c in row.cells] for row in table.rows)
    }
    assert deadlines["Representations close"] == "30 November 2026"
    assert deadlines["Hearing to commence by"] == "30 December 2026"


def whole_of(content: bytes) -> str:
    """All text of all parts of a file, headers, footers and properties too."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = [n for n in file.namelist() if n.endswith(".xml") and "styles" not in n]
        return re.sub(r"<[^>]+>", "", "".join(file.read(n).decode() for n in parts))


@pytest.mark.slow
@pytest.mark.skipif(not can_write_pdf(), reason="no LibreOffice on this machine")
def test_the_served_paper_of_the_sample_is_a_pdf_too(
    demo: Workspace, officer: Actor, lead: Actor, place: Place
) -> None:
    sign_with_a_pending_statement(demo, officer, lead, place)
    said = {}
    for paper in ("served", "inside"):
        file = papers.export_paper(
            demo, officer, place, paper, recipients="Council", reason="x", as_pdf=True
        )
        assert file.name.endswith(".pdf")
        assert file.content.startswith(b"%PDF")
        said[paper] = text_of_pdf(file.content)
    assert "A child was served alcohol twice." in said["served"]
    assert not [words for words in INTERNAL if words.lower() in said["served"].lower()]
    assert {"LS/12", "Deadlines", "left out"} <= {one for one in INTERNAL if one in said["inside"]}


def text_of_pdf(content: bytes) -> str:
    """What can be read on the pages of a file."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext on this machine")
    done = subprocess.run([program, "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_a_machine_without_libreoffice_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not can_write_pdf()
    with pytest.raises(StoreError, match="save it as Word"):
        pdf_of(b"")


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
    with pytest.raises(NotAllowedError, match="You have signed it for police"):
        applications.sign_pack(demo, lead, place, number, "legal", "LS/12")
    applications.sign_pack(demo, person(9, "Lawyer"), place, number, "legal", "LS/12")
    name, content = made(demo, officer, place)
    assert "draft" not in name
    assert "DRAFT" not in header_of(content)
    assert "Test Lead" in words_of(content)
    assert "Legal services: Lawyer, LS/12" in words_of(made(demo, officer, place, "inside")[1])


def test_one_person_with_every_role_cannot_make_it_final_alone(
    demo: Workspace, place: Place
) -> None:
    roles = frozenset(UserRole)
    alone = Actor("Everything", roles, "Staffordshire Police", account_id=1)
    renamed = Actor("Somebody else", roles, "Staffordshire Police", account_id=1)
    number = applications.save_pack(demo, alone, place, TEXT)
    for actor in (alone, renamed):
        for signs_as in SIGNS_AS:
            with pytest.raises(NotAllowedError, match="else than its writer"):
                applications.sign_pack(demo, actor, place, number, signs_as, "LS/1")
    second = person(2)
    applications.sign_pack(demo, second, place, number, "police", "")
    for name in ("One Name", "Renamed"):
        with pytest.raises(NotAllowedError, match="You have signed it for police"):
            applications.sign_pack(demo, person(2, name), place, number, "legal", "LS/1")
    pack = applications.read_pack(demo, alone, place)
    assert pack is not None
    assert not pack.is_signed


@pytest.mark.parametrize("writer", [1, 2, 3])
@pytest.mark.parametrize("police", [1, 2, 3])
@pytest.mark.parametrize("legal", [1, 2, 3])
def test_writer_police_and_legal_are_three_accounts(writer: int, police: int, legal: int) -> None:
    wrote = Signatory("One Name", writer)
    signed: list[Signatory] = []
    for account, signs_as in ((police, "police"), (legal, "legal")):
        signer = Signatory("One Name", account, signs_as)
        with suppress(NotAllowedError):
            check_signatory(signer, [wrote], signed)
            signed.append(signer)
    assert (len(signed) == 2) is (len({writer, police, legal}) == 3)


@pytest.mark.parametrize("pair", list(permutations(("writes", *SIGNS_AS), 2)), ids=" then ".join)
def test_no_two_parts_of_an_application_are_one_persons(
    demo: Workspace, place: Place, pair: tuple[str, str]
) -> None:
    """Who takes the first part is refused the second, under another name and role too."""
    first, second = pair
    same, renamed = person(1), person(1, "Renamed", *UserRole)
    others = iter((person(2), person(3)))
    number = applications.save_pack(demo, same if first == "writes" else next(others), place, TEXT)
    if first != "writes":
        applications.sign_pack(demo, same, place, number, first, "LS/1")
    if second == "writes":  # the text is then another, which nobody has signed
        number = applications.save_pack(demo, renamed, place, {**TEXT, "grounds": "Another."})
        with pytest.raises(NotAllowedError, match="else than its writer"):
            applications.sign_pack(demo, same, place, number, first, "LS/1")
    else:
        with pytest.raises(NotAllowedError, match=r"else than its writer|You have signed it for"):
            applications.sign_pack(demo, renamed, place, number, second, "LS/1")
    pack = applications.read_pack(demo, same, place)
    assert pack is not None
    assert not pack.is_signed


def test_who_wrote_an_earlier_text_cannot_sign_the_one_that_another_saved_again(
    demo: Workspace, place: Place
) -> None:
    applications.save_pack(demo, person(1), place, TEXT)
    number = applications.save_pack(demo, person(2), place, TEXT)
    with pytest.raises(NotAllowedError, match="else than its writer"):
        applications.sign_pack(demo, person(1), place, number, "police", "")
    applications.sign_pack(demo, person(3), place, number, "police", "")
    applications.sign_pack(demo, person(4), place, number, "legal", "LS/1")
    later = applications.save_pack(demo, person(2), place, TEXT)
    applications.sign_pack(demo, person(1), place, later, "police", "")


def test_who_signed_for_police_and_was_overtaken_still_cannot_sign_for_legal(
    demo: Workspace, place: Place
) -> None:
    number = applications.save_pack(demo, person(1), place, TEXT)
    applications.sign_pack(demo, person(2), place, number, "police", "")
    applications.sign_pack(demo, person(3), place, number, "police", "")
    with pytest.raises(NotAllowedError, match="You have signed it for police"):
        applications.sign_pack(demo, person(2), place, number, "legal", "LS/1")
    pack = applications.read_pack(demo, person(4), place)
    assert pack is not None
    assert applications.may_sign(person(2), pack) == ["police"]
    assert applications.may_sign(person(1), pack) == []
    assert applications.may_sign(person(5), pack) == ["police", "legal"]


SUMMARY: dict[str, Any] = TEXT | {
    "form": "53A",
    "objectives": ["crime"],
    "steps": [applications.INTERIM_STEPS[0]],
    "certificate": {
        "associated_with": "both",
        "rank": "superintendent",
        "certified_by": "A. Officer",
        "certified_on": date(2026, 11, 2),
        "why_summary": "The licence cannot wait for twenty-eight days.",
    },
}


def test_a_summary_review_has_an_application_and_a_certificate_of_its_own(
    demo: Workspace, officer: Actor
) -> None:
    place = licensed_place(demo, has_alcohol=True)
    assert applications.read_pack(demo, officer, place, "53A") is None
    applications.save_pack(demo, officer, place, SUMMARY)
    assert applications.read_pack(demo, officer, place, "51") is None
    served = words_of(made(demo, officer, place, "served", "53A")[1])
    assert "section 53A" in served
    assert "associated with both serious crime and serious disorder" in served
    assert applications.INTERIM_STEPS[0] in served
    certificate = words_of(made(demo, officer, place, "certificate", "53A")[1])
    assert "I am a superintendent in the police force of" in certificate
    assert "cannot wait for twenty-eight days" in certificate
    for paper in (served, certificate):
        assert not [words for words in INTERNAL if words.lower() in paper.lower()]
    inside = words_of(made(demo, officer, place, "inside", "53A")[1])
    assert "Determination by" in inside
    with pytest.raises(InputError, match="only a summary review"):
        applications.save_pack(demo, officer, place, TEXT | {"straight_why": "grave"})
        made(demo, officer, place, "certificate", "51")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"certificate": None}, "needs the certificate"),
        ({"given_on": date(2026, 11, 1)}, "given before it"),
        ({"certificate": SUMMARY["certificate"] | {"rank": "inspector"}}, "rank"),
        ({"certificate": SUMMARY["certificate"] | {"why_summary": "a hotspot"}}, "no place"),
    ],
)
def test_a_summary_review_that_the_law_does_not_give_is_refused(
    demo: Workspace, officer: Actor, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        applications.save_pack(
            demo, officer, licensed_place(demo, has_alcohol=True), SUMMARY | change
        )


def test_only_premises_that_sell_alcohol_can_be_reviewed_summarily(
    demo: Workspace, officer: Actor
) -> None:
    with pytest.raises(InputError, match="only for premises licensed for the sale of alcohol"):
        applications.save_pack(demo, officer, licensed_place(demo, has_alcohol=False), SUMMARY)


def licensed_place(workspace: Workspace, *, has_alcohol: bool) -> Place:
    with reading(workspace.engine) as connection:
        rows = datasets.all_rows(connection, "premises")
    words = rows["activities"].fillna("").str.lower()
    sells = words.str.contains("alcohol") & ~words.str.contains("club|supply")
    fits = (rows["source"] == "licensing") & (words != "") & (sells == has_alcohol)
    return "licensing", str(rows.loc[fits, "premises_ref"].iloc[0])


def test_what_is_linked_after_the_signatures_voids_them(
    demo: Workspace, officer: Actor, lead: Actor, place: Place
) -> None:
    number = applications.save_pack(demo, officer, place, TEXT)
    applications.sign_pack(demo, lead, place, number, "police", "")
    applications.sign_pack(demo, person(9, "Lawyer"), place, number, "legal", "LS/12")
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
        papers.export_paper(demo, officer, place, "served", recipients=" ", reason="x")


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
