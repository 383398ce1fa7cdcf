"""Applications for review: written, signed by two others, and read as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.applications import (
    FORMS,
    MEASURES,
    SIGNS_AS,
    PackText,
    Signatory,
    Signature,
    check_pack_words,
    check_signatory,
)
from hotspot.disruption.clocks import Deadline, events_of
from hotspot.disruption.entries import checked
from hotspot.disruption.measures import gates_in_the_way
from hotspot.disruption.premises import GROUNDS, PACK, SIGNATURE
from hotspot.errors import InputError, NotFoundError
from hotspot.services.actions.gates import register_facts
from hotspot.services.premises.assessments import Card, card_in
from hotspot.services.premises.book import Book, Place
from hotspot.services.workspace.audit_names import premises_place
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.services.workspace.measure_catalogue import deadlines_of, measure_of
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
INTERIM_STEPS = (
    "Modification of the conditions of the premises licence",
    "Exclusion of the sale of alcohol by retail from the scope of the licence",
    "Removal of the designated premises supervisor from the licence",
    "Suspension of the licence",
)
"""The interim steps of s.53B(3) Licensing Act 2003."""


@dataclass(frozen=True)
class Pack:
    """An application as it was last saved.

    Attributes
    ----------
    number, text, written_by
        Its entry, what was written, and by whom.
    writers
        Who wrote on it since one of its kind was last final.
    signatures
        Each signature that was put to it, the oldest first.
    signed
        Who signed it as what, with the reference of the advice; one signature is void once
        anything was saved or linked after it.
    is_current
        Whether it still holds all incidents and engagement that stand.
    """

    number: int
    text: PackText
    written_by: str
    writers: tuple[Signatory, ...]
    signatures: tuple[Signatory, ...]
    signed: dict[str, str]
    is_current: bool

    @property
    def is_signed(self) -> bool:
        """Tell whether all have signed what stands."""
        return self.is_current and set(self.signed) == set(SIGNS_AS)

    @property
    def signed_by(self) -> str:
        """Name who signs for the applicant; empty where nobody has."""
        names = [one.name for one in self.signatures if one.signed_as == "police"]
        return names[-1] if names and self.is_current else ""


def read_pack(workspace: Workspace, actor: Actor, place: Place, form: str = "51") -> Pack | None:
    """Return the application about premises as it was last saved; None where there is none."""
    with work_on(workspace, actor, Operation.VIEW_ASSESSMENTS) as work:
        _, pack = pack_in(work, place, form)
        work.log(
            "application for review", rows=int(pack is not None), places={premises_place(*place)}
        )
    return pack


def save_pack(workspace: Workspace, actor: Actor, place: Place, values: Mapping[str, Any]) -> int:
    """Save what is written for an application; signatures of what was before are void.

    Raises
    ------
    InputError
        A field is missing, a word has no place in an application, the law does not give it for
        these premises, or no early warning is recorded and no reason is given for going without.
    NotFoundError
        No register has the premises.
    """
    with work_on(workspace, actor, Operation.WRITE_PACK) as work:
        card = _card(work, place)
        own = {"rests_on": _rests_on(card), "account": actor.account_id}
        pack = checked(PackText, {**values, **own})
        check_pack_words(pack)
        _check_licence(workspace, card, pack)
        if pack.form == "51" and card.warned_on is None and not pack.straight_why:
            message = (
                "No early warning is recorded. Send one first, or say why the application is made "
                "without: grave matters allow it."
            )
            raise InputError(message)
        about = premises_place(*card.place)
        number = journals.add_entry(
            work.connection, about, PACK, pack.model_dump(mode="json"), actor.name, work.now
        )
        shape = {"incidents": len(card.incidents), "form": pack.form}
        work.log("application for review", rows=1, shape=shape, places={about})
    return number


def sign_pack(
    workspace: Workspace, actor: Actor, place: Place, number: int, signs_as: str, reference: str
) -> None:
    """Sign the application that was last saved: somebody else than its writers has read it.

    Raises
    ------
    InputError
        It is not the last one, something was linked since, or legal services' reference is missing.
    NotAllowedError
        A writer cannot sign, and nobody can sign for the police and for legal services.
    NotFoundError
        There is none.
    """
    values = {"pack": number, "signs_as": signs_as, "reference": reference}
    entry = checked(Signature, {**values, "account": actor.account_id})
    if entry.signs_as == "legal" and not entry.reference:
        message = "Give the reference of the advice of legal services."
        raise InputError(message)
    with work_on(workspace, actor, Operation.SIGN_PACK) as work:
        card = _card(work, place)
        standing = [pack for form in FORMS if (pack := pack_in(work, place, form)[1]) is not None]
        found_pack(standing[0] if standing else None)
        pack = next((one for one in standing if one.number == number), None)
        if pack is None or not pack.is_current:
            message = "Something was saved or linked since; save the application again, then sign."
            raise InputError(message)
        signer = Signatory(actor.name, actor.account_id, entry.signs_as)
        check_signatory(signer, pack.writers, pack.signatures)
        about = premises_place(*card.place)
        body = entry.model_dump(mode="json")
        journals.add_entry(work.connection, about, SIGNATURE, body, actor.name, work.now)
        work.log("application for review", rows=1, shape={"signed as": signs_as}, places={about})


def may_sign(actor: Actor, pack: Pack) -> list[str]:
    """Return as what somebody may still sign an application: nothing for its writers."""
    if actor.account_id is None:
        return []
    roles = []
    for signs_as in SIGNS_AS:
        signer = Signatory(actor.name, actor.account_id, signs_as)
        others = [one for one in pack.signatures if one.signed_as != signs_as]
        if not any(signer.is_same_as(one) for one in (*pack.writers, *others)):
            roles.append(signs_as)
    return roles


def deadline_sheet(workspace: Workspace, pack: PackText) -> list[Deadline]:
    """Return the deadlines of an application given on its day."""
    code = MEASURES[pack.form]
    first = events_of(measure_of(workspace, code).clock)[0]
    return deadlines_of(workspace, code, {first: pack.given_on})


def pack_in(work: UnitOfWork, place: Place, form: str) -> tuple[Card, Pack | None]:
    """Return the card of premises, and the application about them as it was last saved.

    Raises
    ------
    NotFoundError
        No register has the premises.
    """
    book = Book(work.connection)
    card = card_in(book, actions.list_actions(work.connection).head(0), place, work.now.date())
    packs = [
        (int(entry["entry_id"]), str(entry["recorded_by"]), PackText.model_validate(entry["body"]))
        for entry in book.entries_of(place, PACK)
    ]
    packs = [one for one in packs if one[2].form == form]
    if not packs:
        return card, None
    signatures: dict[int, list[tuple[Signatory, str]]] = {}
    for entry in reversed(book.entries_of(place, SIGNATURE)):
        body = Signature.model_validate(entry["body"])
        who = Signatory(str(entry["recorded_by"]), body.account, body.signs_as)
        signatures.setdefault(body.pack, []).append((who, body.reference))
    number, written_by, text = packs[0]
    own = signatures.get(number, [])
    return card, Pack(
        number,
        text,
        written_by,
        _writers(packs, signatures),
        tuple(who for who, _ in own),
        {who.signed_as: ", ".join(filter(None, (who.name, said))) for who, said in own},
        text.rests_on == _rests_on(card),
    )


def found_pack(pack: Pack | None) -> Pack:
    """Return an application that is written.

    Raises
    ------
    NotFoundError
        There is none.
    """
    if pack is None:
        message = "No application is written about these premises yet."
        raise NotFoundError(message)
    return pack


def _card(work: UnitOfWork, place: Place) -> Card:
    none = actions.list_actions(work.connection).head(0)
    return card_in(Book(work.connection), none, place, work.now.date())


def _writers(
    packs: list[tuple[int, str, PackText]],
    signatures: Mapping[int, list[tuple[Signatory, str]]],
) -> tuple[Signatory, ...]:
    """Return who wrote on the newest of some applications since one was last final."""
    writers: list[Signatory] = []
    for at, (number, name, text) in enumerate(packs):
        signed_as = {who.signed_as for who, _ in signatures.get(number, [])}
        if at > 0 and signed_as == set(SIGNS_AS):
            break
        writers.append(Signatory(name, text.account))
    return tuple(dict.fromkeys(writers))


def _check_licence(workspace: Workspace, card: Card, pack: PackText) -> None:
    """Refuse a summary review of premises that are not licensed for the sale of alcohol."""
    facts = register_facts(card.registers.iloc[0])
    measure = measure_of(workspace, MEASURES[pack.form])
    for gate in gates_in_the_way(measure, facts, [gate.when for gate in measure.gates]):
        if gate.level == "error":
            raise InputError(gate.words)


def _rests_on(card: Card) -> tuple[int, ...]:
    grounds = [number for number, link in card.incidents if link.where in GROUNDS]
    return tuple(sorted([*grounds, *(number for number, _ in card.engagements)]))
