"""Applications for review: written, signed by two, and handed out as Word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disclosure.application import Application, write_application
from hotspot.disclosure.forms import FileForm
from hotspot.disruption.clocks import Deadline
from hotspot.disruption.entries import checked
from hotspot.disruption.premises import (
    ENGAGEMENTS,
    GROUNDS,
    IN_HOURS,
    LICENSING_OBJECTIVES,
    PACK,
    RESPONSIBLE_AUTHORITIES,
    SIGNATURE,
    WHERE,
    PackText,
    Signature,
    check_pack_words,
)
from hotspot.errors import InputError, NotAllowedError, NotFoundError
from hotspot.services.hotspots.disclosures import named
from hotspot.services.premises.assessments import Card, card_in
from hotspot.services.premises.book import Book, Place
from hotspot.services.workspace.audit_names import premises_place
from hotspot.services.workspace.exports import ExportFile, file_name
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.services.workspace.measure_catalogue import deadlines_of
from hotspot.store import actions, journals
from hotspot.store.unit_of_work import UnitOfWork

CONDITIONS = (
    "CCTV that covers all public parts, kept for 31 days and given to an officer on request",
    "Door supervisors, licensed by the Security Industry Authority, on Friday and Saturday nights",
    "Challenge 25, with a log of refusals",
    "An incident log at the premises, shown to an officer on request",
    "Training of all staff in safeguarding children, again every six months, with records",
    "Nobody under 18 on the premises after 21:00 without an adult",
    "Shorter hours for licensable activities",
)
"""Conditions that are often sought; each is changed to the case before it is used."""
SIGNS_AS = {"police": "Police", "legal": "Legal services"}
DrawPlan = Callable[[str, float, float], bytes]
"""Draws a basemap (GeoJSON text) with one place (longitude, latitude) on it, as PNG."""


@dataclass(frozen=True)
class Pack:
    """An application as it was last saved.

    Attributes
    ----------
    number, text, written_by
        Its entry, what was written, and by whom.
    signed
        Who signed it as what; one signature is void once anything was saved or linked after it.
    is_current
        Whether it still holds all incidents and engagement that stand.
    """

    number: int
    text: PackText
    written_by: str
    signed: dict[str, str]
    is_current: bool

    @property
    def is_signed(self) -> bool:
        """Tell whether all have signed what stands."""
        return self.is_current and set(self.signed) == set(SIGNS_AS)


def read_pack(workspace: Workspace, actor: Actor, place: Place) -> Pack | None:
    """Give the application about premises as it was last saved; null where there is none."""
    with work_on(workspace, actor, Operation.VIEW_ASSESSMENTS) as work:
        _, pack = _read(work, place)
        work.log(
            "application for review", rows=int(pack is not None), places={premises_place(*place)}
        )
    return pack


def save_pack(workspace: Workspace, actor: Actor, place: Place, values: Mapping[str, Any]) -> int:
    """Save what is written for an application; signatures of what was before are void.

    Raises
    ------
    InputError
        A field is missing, a word has no place in an application, or no early warning is recorded
        and no reason is given for going without.
    NotFoundError
        No register has the premises.
    """
    with work_on(workspace, actor, Operation.WRITE_PACK) as work:
        card, _ = _read(work, place)
        pack = checked(PackText, {**values, "rests_on": _rests_on(card)})
        check_pack_words(pack)
        if card.warned_on is None and not pack.straight_why:
            message = (
                "No early warning is recorded. Send one first, or say why the application is made "
                "without: grave matters allow it."
            )
            raise InputError(message)
        about = premises_place(*card.place)
        number = journals.add_entry(
            work.connection, about, PACK, pack.model_dump(mode="json"), actor.name, work.now
        )
        work.log(
            "application for review",
            rows=1,
            shape={"incidents": len(card.incidents)},
            places={about},
        )
    return number


def sign_pack(
    workspace: Workspace, actor: Actor, place: Place, number: int, signs_as: str, reference: str
) -> None:
    """Sign the application that was last saved: somebody else than its writer has read it.

    Raises
    ------
    InputError
        It is not the last one, something was linked since, or legal services' reference is missing.
    NotAllowedError
        The writer cannot sign.
    NotFoundError
        There is none.
    """
    entry = checked(Signature, {"pack": number, "signs_as": signs_as, "reference": reference})
    if entry.signs_as == "legal" and not entry.reference:
        message = "Give the reference of the advice of legal services."
        raise InputError(message)
    with work_on(workspace, actor, Operation.SIGN_PACK) as work:
        card, last = _read(work, place)
        pack = _found(last)
        if pack.number != number or not pack.is_current:
            message = "Something was saved or linked since; save the application again, then sign."
            raise InputError(message)
        if pack.written_by == actor.name:
            message = "An application is signed by somebody else than its writer."
            raise NotAllowedError(message)
        about = premises_place(*card.place)
        body = entry.model_dump(mode="json")
        journals.add_entry(work.connection, about, SIGNATURE, body, actor.name, work.now)
        work.log("application for review", rows=1, shape={"signed as": signs_as}, places={about})


def export_pack(
    workspace: Workspace,
    actor: Actor,
    place: Place,
    *,
    recipients: str,
    reason: str,
    draw_plan: DrawPlan | None = None,
) -> ExportFile:
    """Make the application as a Word document for named recipients; log the disclosure.

    Raises
    ------
    NotFoundError
        Nothing is written yet.
    InputError
        No recipient is named, or no reason where the force asks for one.
    """
    recipients = named(recipients)
    with work_on(workspace, actor, Operation.EXPORT_PACK, reason) as work:
        card, last = _read(work, place)
        pack = _found(last)
        about = premises_place(*card.place)
        work.log(
            "application for review",
            rows=1,
            shape={"signed": pack.is_signed},
            places={about},
            recipients=recipients,
        )
    made = _application(workspace, card, pack)
    located = card.registers.dropna(subset=["lng", "lat"])
    plan = None
    if draw_plan is not None and len(located):
        at = float(located["lng"].iloc[0]), float(located["lat"].iloc[0])
        plan = draw_plan(workspace.basemap, *at)
    name = file_name(
        workspace, "application" if pack.is_signed else "application-draft", FileForm.WORD
    )
    return ExportFile(name, FileForm.WORD, write_application(made, plan), (about,), recipients)


def deadline_sheet(workspace: Workspace, pack: PackText) -> list[Deadline]:
    """Give the deadlines of an application given on its day."""
    return deadlines_of(workspace, "LA51", {"given": pack.given_on})


def _read(work: UnitOfWork, place: Place) -> tuple[Card, Pack | None]:
    """Give the card of premises, and the application about them as it was last saved."""
    book = Book(work.connection)
    none = actions.list_actions(work.connection).head(0)
    card = card_in(book, none, place, work.now.date())
    packs = book.entries_of(place, PACK)
    if not packs:
        return card, None
    number = int(packs[0]["entry_id"])
    signed = {
        str(entry["body"]["signs_as"]): ", ".join(
            filter(None, (entry["recorded_by"], entry["body"]["reference"]))
        )
        for entry in reversed(book.entries_of(place, SIGNATURE))
        if entry["body"]["pack"] == number
    }
    text = PackText.model_validate(packs[0]["body"])
    is_current = text.rests_on == _rests_on(card)
    return card, Pack(number, text, str(packs[0]["recorded_by"]), signed, is_current)


def _found(pack: Pack | None) -> Pack:
    if pack is None:
        message = "No application is written about these premises yet."
        raise NotFoundError(message)
    return pack


def _rests_on(card: Card) -> tuple[int, ...]:
    grounds = [number for number, link in card.incidents if link.where in GROUNDS]
    return tuple(sorted([*grounds, *(number for number, _ in card.engagements)]))


def _application(workspace: Workspace, card: Card, pack: Pack) -> Application:
    licence = card.registers.iloc[0]
    grounds = sorted(
        (link for _, link in card.incidents if link.where in GROUNDS), key=lambda one: one.on_day
    )
    nearby = any(link.where not in GROUNDS for _, link in card.incidents)
    left_out = [*pack.text.left_out]
    if nearby:
        left_out.append("What happened nearby: it is not at or immediately outside the premises.")
    left_out += [
        f"{link.reference}: an officer's statement is still to come."
        for link in grounds
        if link.statement_needed
    ]
    deadlines = sorted(deadline_sheet(workspace, pack.text), key=lambda one: one.due_on)
    until = f", until {licence['open_until']}" if licence["open_until"] else ""
    return Application(
        name=str(licence["name"]),
        address=str(licence["address"] or ""),
        postcode=str(licence["postcode"] or ""),
        licence=str(licence["premises_ref"]),
        licensed_for=f"{licence['activities'] or 'not known'}{until}",
        applicant=pack.text.applicant,
        holder=pack.text.holder,
        objectives=[(n, key in pack.text.objectives) for key, n in LICENSING_OBJECTIVES.items()],
        grounds=pack.text.grounds,
        before=pack.text.before,
        incidents=[
            (one.on_day, one.reference, WHERE[one.where], IN_HOURS[one.in_hours], one.what)
            for one in grounds
        ],
        engagement=[
            (one.on_day, ENGAGEMENTS[one.kind], one.said)
            for _, one in sorted(card.engagements, key=lambda pair: pair[1].on_day)
        ],
        steps=pack.text.steps,
        statements=pack.text.statements,
        served_on=[f"The holder: {pack.text.holder}", *RESPONSIBLE_AUTHORITIES],
        left_out=left_out,
        given_on=pack.text.given_on,
        deadlines=[(f"{d.due_on.day} {d.due_on:%B %Y}", d.says, d.rule) for d in deadlines],
        signed=[f"{SIGNS_AS[key]}: {who}" for key, who in sorted(pack.signed.items())]
        if pack.is_current
        else [],
        is_signed=pack.is_signed,
        marking=workspace.settings.marking,
        made_by=pack.written_by,
    )
