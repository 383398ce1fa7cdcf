"""Write what stays inside the force of an application: what is left out, days, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hotspot.disclosure.word import Cover, bullets, content_of, new_document, table, text

NOT_TO_BE_SERVED = "Not to be served"


@dataclass(frozen=True)
class InsideSheet:
    """What of an application is for the force and its lawyers alone.

    Attributes
    ----------
    name
        The premises.
    what
        Which application it belongs to.
    left_out
        What was left out of it, and why.
    still_to_come
        Statements that are still to come.
    straight_why
        Why no early warning went before; empty where one did.
    deadlines
        Day, what is due, the rule, and why the day should not be relied on yet.
    given_on
        The day that the deadlines count from, in words.
    signed
        Who has signed as what, with the reference of the legal advice.
    marking, made_by
        Protective marking, and who wrote the application.
    """

    name: str
    what: str
    left_out: Sequence[str]
    still_to_come: Sequence[str]
    straight_why: str
    deadlines: Sequence[tuple[str, str, str, str]]
    given_on: str
    signed: Sequence[str]
    marking: str
    made_by: str


def write_inside_sheet(sheet: InsideSheet) -> bytes:
    """Write the sheet that stays inside as Word, marked on every page."""
    head = f"{sheet.marking} \u2014 {NOT_TO_BE_SERVED}"
    title = f"Inside sheet: {sheet.name}"
    document = new_document(Cover(title, head, f"Written by {sheet.made_by}."))
    document.add_heading("Inside sheet to an application", 0)
    text(document, f"{sheet.what}: {sheet.name}. This sheet stays with the force and its lawyers.")
    document.add_heading("What is left out, and why", 1)
    bullets(document, sheet.left_out, "Nothing is left out.")
    document.add_heading("Still to come", 1)
    bullets(document, sheet.still_to_come, "Nothing is still to come.")
    document.add_heading("Early warning", 1)
    text(document, sheet.straight_why or "One was given, or none is asked for.")
    document.add_heading("Signed by", 1)
    bullets(document, sheet.signed, "Not signed yet.")
    document.add_heading("Deadlines", 1)
    text(document, f"If the application is given on {sheet.given_on}:")
    table(document, {"By": 3, "What": 4.6, "Rule": 5.2, "Caution": 3.8}, sheet.deadlines)
    return content_of(document)
