"""Write an application for review of a premises licence, in the order of the prescribed form.

The order is that of the form in Schedule 8 to the Licensing Act 2003 (Premises licences and club
premises certificates) Regulations 2005; the applicant checks it against the form in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from docx.document import Document as WordDocument

from hotspot.disclosure.word import (
    Cover,
    add_watermark,
    bullets,
    content_of,
    day_of,
    new_document,
    picture,
    table,
    text,
)

DRAFT = "DRAFT"
_PLAN_CM = 15.0
_TICKED, _EMPTY = "\u2612", "\u2610"


@dataclass(frozen=True)
class Application:
    """What an application holds, complete before it is given.

    Attributes
    ----------
    name, address, postcode, licence
        The premises, and the number of the licence.
    licensed_for
        Activities and hours as the register has them.
    applicant, holder
        Who applies, as a responsible authority; who holds the licence.
    objectives
        Each licensing objective and whether the application relates to it.
    grounds, before
        The grounds; earlier applications and representations.
    incidents
        Day, reference, where, licensed hours, what: at the premises or immediately outside only.
    engagement
        Day, what was done, what was agreed or found.
    steps, statements, served_on, left_out
        Steps sought, statements that go with it, who gets a copy the same day, what was left out
        and why.
    given_on
        The day on which it is meant to be given.
    deadlines
        Day, what is due, the rule.
    signed
        Who has read it and lets it go; an application without all of them is a draft.
    is_signed
        Whether all have.
    marking, made_by
        Protective marking of a draft, and who made it.
    """

    name: str
    address: str
    postcode: str
    licence: str
    licensed_for: str
    applicant: str
    holder: str
    objectives: Sequence[tuple[str, bool]]
    grounds: str
    before: str
    incidents: Sequence[tuple[date, str, str, str, str]]
    engagement: Sequence[tuple[date, str, str]]
    steps: Sequence[str]
    statements: Sequence[str]
    served_on: Sequence[str]
    left_out: Sequence[str]
    given_on: date
    deadlines: Sequence[tuple[str, str, str]]
    signed: Sequence[str]
    is_signed: bool
    marking: str
    made_by: str


def write_application(application: Application, plan: bytes | None) -> bytes:
    """Write an application as Word (Office Open XML).

    Parameters
    ----------
    plan
        A picture (PNG) of the ground with these premises alone on it, if there is one.

    Returns
    -------
    bytes
        The document. It holds no hotspot, no cluster and no statistic; unsigned it says DRAFT
        across every page.
    """
    head = (
        "Application for review"
        if application.is_signed
        else f"{DRAFT} \u2014 " + (application.marking)
    )
    document = new_document(
        Cover(
            f"Application for review: {application.name}",
            head,
            f"Section 51 Licensing Act 2003. Prepared by {application.made_by}.",
        )
    )
    if not application.is_signed:
        add_watermark(document, DRAFT)
    document.add_heading("Application for the review of a premises licence", 0)
    text(
        document,
        f"Under section 51 of the Licensing Act 2003, by {application.applicant}, for "
        "the premises described in Part 1.",
    )
    _form(document, application)
    _annexes(document, application, plan)
    return content_of(document)


def _form(document: WordDocument, application: Application) -> None:
    """Write the parts that the form asks for."""
    document.add_heading("Part 1: Premises", 1)
    table(
        document,
        {"Asked": 5.5, "Answer": 11},
        [
            ("Name and postal address", f"{application.name}, {application.address}"),
            ("Post code", application.postcode or "not known"),
            ("Holder of the premises licence", application.holder),
            ("Number of the premises licence", application.licence),
            ("Licensed for", application.licensed_for),
        ],
    )
    document.add_heading("Part 2: Applicant", 1)
    bullets(
        document,
        [
            f"{_EMPTY} an individual, body or business that is not a responsible authority",
            f"{_TICKED} a responsible authority",
            f"{_EMPTY} a member of the club to which this application relates",
        ],
    )
    text(document, f"Name and address for correspondence: {application.applicant}")
    text(document, "This application relates to the following licensing objectives:", is_bold=True)
    bullets(
        document,
        [f"{_TICKED if ticked else _EMPTY} {name}" for name, ticked in application.objectives],
    )
    text(document, "The grounds for review", is_bold=True)
    text(document, application.grounds)
    text(document, "Information that supports the application", is_bold=True)
    text(
        document,
        "Annex A lists the incidents at these premises and immediately outside them; "
        "Annex B what has been done with the business.",
    )
    text(document, "Earlier applications for review, and representations made", is_bold=True)
    text(document, application.before or "None is known.")
    document.add_heading("Part 3: Signatures", 1)
    bullets(document, application.signed, "Not signed yet.")
    text(
        document,
        "Copies of this application and what is enclosed are given on the same day to "
        "the holder and to each responsible authority in Annex E.",
    )


def _annexes(document: WordDocument, application: Application, plan: bytes | None) -> None:
    document.add_heading("Annex A: What happened", 1).paragraph_format.page_break_before = True
    if application.incidents:
        table(
            document,
            {"Day": 2.6, "Reference": 3, "Where": 3, "Licensed hours": 2.6, "What": 5.4},
            [(day_of(day), *rest) for day, *rest in application.incidents],
        )
    else:
        text(document, "No incident at the premises or immediately outside is linked.")
    if plan is not None:
        picture(document, plan, _PLAN_CM, f"Plan that shows where {application.name} is.")
    document.add_heading("Annex B: What has been done with the business", 1)
    if application.engagement:
        table(
            document,
            {"Day": 3, "What was done": 5.6, "Agreed or found": 8},
            [(day_of(day), *rest) for day, *rest in application.engagement],
        )
    else:
        text(document, "Nothing is recorded.")
    document.add_heading("Annex C: Steps sought", 1)
    bullets(document, application.steps)
    document.add_heading("Annex D: Statements", 1)
    bullets(document, application.statements, "None.")
    document.add_heading("Annex E: Copies, the same day", 1)
    bullets(document, application.served_on)
    document.add_heading("Annex F: What is left out, and why", 1)
    bullets(document, application.left_out, "Nothing is left out.")
    document.add_heading("Annex G: Deadlines", 1)
    text(document, f"If the application is given on {day_of(application.given_on)}:")
    table(document, {"By": 4, "What": 6, "Rule": 6.6}, application.deadlines)
