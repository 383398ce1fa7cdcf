"""Write what is served for a review of a premises licence, in the order of the prescribed forms.

The order is that of the forms in Schedules 8 (s.51) and 8A (s.53A) to the Licensing Act 2003
(Premises licences and club premises certificates) Regulations 2005, written from memory; the
applicant checks it against the form in force. What stays inside the force is another document
(see `inside`) and has no field here.
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
    steps, statements, served_on
        Steps sought, statements that go with it, who gets a copy the same day.
    given_on
        The day on which it is meant to be given.
    signed_by
        Who signs for the applicant; empty while it is a draft.
    is_signed
        Whether all have signed who must; an application without them is a draft.
    marking
        Protective marking of a draft.
    certificate
        For a summary review, what its certificate says.
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
    given_on: date
    signed_by: str
    is_signed: bool
    marking: str
    certificate: CertificateText | None = None


@dataclass(frozen=True)
class CertificateText:
    """What a certificate under s.53A(1)(b) says.

    Attributes
    ----------
    force
        The police area.
    associated_with
        Serious crime, serious disorder or both, in words.
    rank, certified_by, certified_on
        Who certifies it, and when.
    why_summary
        Why other procedures under the Act are thought inappropriate.
    """

    force: str
    associated_with: str
    rank: str
    certified_by: str
    certified_on: date
    why_summary: str


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
    document = _begun(application, "Application for review", "Section 51 Licensing Act 2003.")
    document.add_heading("Application for the review of a premises licence", 0)
    text(
        document,
        f"Under section 51 of the Licensing Act 2003, by {application.applicant}, for "
        "the premises described in Part 1.",
    )
    _form(document, application)
    _annexes(document, application, plan, "Steps sought")
    return content_of(document)


def write_summary_application(
    application: Application, certificate: CertificateText, plan: bytes | None
) -> bytes:
    """Write an application for a summary review (s.53A) as Word; see `write_application`."""
    document = _begun(
        application, "Application for summary review", "Section 53A Licensing Act 2003."
    )
    document.add_heading("Application for a summary review of a premises licence", 0)
    text(
        document,
        "Premises associated with serious crime or disorder: application under section 53A of the "
        f"Licensing Act 2003 by {application.applicant}, on behalf of the chief officer of police "
        f"for the police area of {certificate.force}.",
    )
    document.add_heading("1. Premises", 1)
    _answers(document, _premises(application))
    document.add_heading("2. Premises licence", 1)
    _answers(document, _licence(application))
    document.add_heading("3. Certificate under section 53A(1)(b)", 1)
    certified = (
        f"{_TICKED} A senior member of the police force has certified that in their opinion the "
        f"premises are associated with {certificate.associated_with}; the certificate "
        "accompanies this application."
    )
    bullets(document, [certified])
    document.add_heading("4. Association with serious crime or serious disorder", 1)
    text(document, application.grounds)
    text(document, "Annex A lists the incidents at these premises and immediately outside them.")
    document.add_heading("Signature", 1)
    _signature(document, application)
    _annexes(document, application, plan, "Interim steps that are sought (s.53B)")
    return content_of(document)


def write_certificate(application: Application, certificate: CertificateText) -> bytes:
    """Write the certificate of a senior member of the force (s.53A(1)(b)) as Word."""
    document = _begun(application, "Certificate", "Section 53A(1)(b) Licensing Act 2003.")
    document.add_heading("Certificate under section 53A(1)(b) of the Licensing Act 2003", 0)
    text(
        document,
        "I hereby certify that in my opinion the premises described below are associated with "
        f"{certificate.associated_with}.",
    )
    _answers(document, [*_premises(application), *_licence(application)])
    text(document, f"I am a {certificate.rank} in the police force of {certificate.force}.")
    text(
        document,
        "I am giving this certificate because it is in my opinion that other procedures under the "
        "Licensing Act are inappropriate in this case, because:",
    )
    text(document, certificate.why_summary)
    table(
        document,
        {"Signed": 8, "Rank and name": 5, "Day": 3.5},
        [
            (
                "\n\n",
                f"{certificate.rank} {certificate.certified_by}",
                day_of(certificate.certified_on),
            )
        ],
    )
    return content_of(document)


def _begun(application: Application, what: str, foot: str) -> WordDocument:
    """Begin a document; a draft says so across every page, and carries its marking."""
    head = what if application.is_signed else f"{DRAFT} \u2014 {application.marking}"
    document = new_document(Cover(f"{what}: {application.name}", head, foot))
    if not application.is_signed:
        add_watermark(document, DRAFT)
    return document


def _answers(document: WordDocument, rows: Sequence[tuple[str, str]]) -> None:
    table(document, {"Asked": 5.5, "Answer": 11}, rows)


def _premises(application: Application) -> list[tuple[str, str]]:
    return [
        ("Name and postal address", f"{application.name}, {application.address}"),
        ("Post code", application.postcode or "not known"),
    ]


def _licence(application: Application) -> list[tuple[str, str]]:
    return [
        ("Holder of the premises licence", application.holder),
        ("Number of the premises licence", application.licence),
        ("Licensed for", application.licensed_for),
    ]


def _signature(document: WordDocument, application: Application) -> None:
    """Write who signs for the applicant, with room for the signature itself."""
    who = application.signed_by if application.is_signed else "Not signed yet."
    table(
        document,
        {"Signature of the applicant": 6.5, "Name and capacity": 6.5, "Day": 3.5},
        [("\n\n", who, day_of(application.given_on))],
    )


def _form(document: WordDocument, application: Application) -> None:
    """Write the parts that the form asks for."""
    document.add_heading("Part 1: Premises", 1)
    _answers(document, [*_premises(application), *_licence(application)])
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
    _signature(document, application)
    text(
        document,
        "Copies of this application and what is enclosed are given on the same day to "
        "the holder and to each responsible authority in Annex E.",
    )


def _annexes(
    document: WordDocument, application: Application, plan: bytes | None, sought: str
) -> None:
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
    document.add_heading(f"Annex C: {sought}", 1)
    bullets(document, application.steps)
    document.add_heading("Annex D: Statements", 1)
    bullets(document, application.statements, "None.")
    document.add_heading("Annex E: Copies, the same day", 1)
    bullets(document, application.served_on)
