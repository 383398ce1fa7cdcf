"""Note about premises: incidents linked by hand, engagement, decisions, which entries are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.surroundings.premises_matching import match_registers
from hotspot.disruption.entries import checked
from hotspot.disruption.premises import (
    DECISION,
    ENGAGEMENT,
    INCIDENT,
    MAX_LINE,
    SAME,
    Decision,
    Engagement,
    IncidentLink,
    SamePremises,
)
from hotspot.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from hotspot.services.premises.book import Book, Place, every_premises, lies_with, rows_of
from hotspot.services.workspace.audit_names import places_of_premises, premises_place
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import journals
from hotspot.store.unit_of_work import UnitOfWork, reading


def link_incident(
    workspace: Workspace, actor: Actor, place: Place, values: Mapping[str, Any]
) -> int:
    """Link an incident to premises by hand (see `disruption.premises.IncidentLink`).

    Raises
    ------
    InputError
        A field is missing or cannot be so, or the day has not come yet.
    ConflictError
        The incident is linked to them already.
    NotFoundError
        No register has the premises.
    """
    link = checked(IncidentLink, values)
    _check_past(link.on_day)
    with work_on(workspace, actor, Operation.ASSESS_PREMISES) as work:
        book = _known(work, place)
        for _, body in book.of(place, INCIDENT):
            is_same = (link.record and body["record"] == link.record) or (
                str(body["reference"]).casefold() == link.reference.casefold()
            )
            if is_same:
                message = f"{link.reference} is linked to these premises already."
                raise ConflictError(message)
        return _note(work, place, INCIDENT, link.model_dump(mode="json"))


def note_engagement(
    workspace: Workspace, actor: Actor, place: Place, values: Mapping[str, Any]
) -> int:
    """Note what was done with a business (see `disruption.premises.Engagement`).

    Raises
    ------
    InputError
        A field is missing or cannot be so, or the day has not come yet.
    NotAllowedError
        A council's licensing officer notes it of premises in the council's own districts only.
    NotFoundError
        No register has the premises.
    """
    entry = checked(Engagement, values)
    _check_past(entry.on_day)
    with work_on(workspace, actor, Operation.NOTE_ENGAGEMENT) as work:
        book = _known(work, place)
        if not lies_with(workspace, work, book, place):
            message = "These premises do not lie in your districts."
            raise NotAllowedError(message)
        return _note(work, place, ENGAGEMENT, entry.model_dump(mode="json"))


def decide(workspace: Workspace, actor: Actor, place: Place, decision: str, reason: str) -> int:
    """Write whether premises are for assessment, with the reason.

    Raises
    ------
    InputError
        There is no such decision, or no reason is given.
    NotFoundError
        No register has the premises.
    """
    entry = checked(Decision, {"decision": decision, "reason": reason})
    with work_on(workspace, actor, Operation.ASSESS_PREMISES) as work:
        _known(work, place)
        return _note(work, place, DECISION, entry.model_dump(mode="json"))


def confirm_same(
    workspace: Workspace, actor: Actor, pairs: Sequence[tuple[Place, Place]], *, is_same: bool
) -> None:
    """Say of pairs of entries whether they are the same premises; none is overwritten.

    Raises
    ------
    InputError
        Two are of one register.
    NotFoundError
        A register does not have them.
    """
    if any(place[0] == other[0] for place, other in pairs):
        message = "Only entries of different registers can be the same premises."
        raise InputError(message)
    with work_on(workspace, actor, Operation.ASSESS_PREMISES) as work:
        book = Book(work.connection)
        for place, other in pairs:
            _check_known(book, place)
            _check_known(book, other)
            entry = SamePremises(other_source=other[0], other_ref=other[1], is_same=is_same)
            about = premises_place(*place)
            journals.add_entry(
                work.connection, about, SAME, entry.model_dump(mode="json"), actor.name, work.now
            )
        work.log(
            "entries of registers that are one",
            rows=len(pairs),
            shape={"same": is_same},
            places={premises_place(*one) for pair in pairs for one in pair},
        )


def withdraw_entry(
    workspace: Workspace, actor: Actor, place: Place, entry_id: int, why: str
) -> None:
    """Take an entry about premises back; it stays stored, with who took it back and why.

    Raises
    ------
    InputError
        No reason is given.
    NotFoundError
        There is no such entry about them that stands.
    """
    if not why.strip():
        message = "Say why it is taken back; the reason stays with it."
        raise InputError(message)
    with work_on(workspace, actor, Operation.ASSESS_PREMISES) as work:
        book = _known(work, place)
        kinds = (INCIDENT, ENGAGEMENT, DECISION)
        if entry_id not in {number for kind in kinds for number, _ in book.of(place, kind)}:
            message = "There is no such entry about these premises."
            raise NotFoundError(message)
        journals.withdraw_entry(
            work.connection, entry_id, actor.name, work.now, why.strip()[:MAX_LINE]
        )
        work.log(
            f"entry {entry_id} about premises",
            rows=1,
            shape={"withdrawn": True},
            places={premises_place(*place)},
        )


def likely_same(workspace: Workspace, actor: Actor) -> pd.DataFrame:
    """List the pairs of entries that may be the same premises, and of which nobody has said so.

    Returns
    -------
    DataFrame
        See `premises_matching.match_registers`.
    """
    with reading(workspace.engine) as connection:
        matches = match_registers(every_premises(connection))
    with work_on(workspace, actor, Operation.COMPARE_PREMISES) as work:
        said = Book(work.connection).said_of_pairs()
        pairs = [
            tuple(
                sorted(
                    [(row["source"], row["premises_ref"]), (row["other_source"], row["other_ref"])]
                )
            )
            for row in matches.to_dict("records")
        ]
        unsaid = np.array([pair not in said for pair in pairs], dtype=bool)
        left = matches[unsaid].reset_index(drop=True)  # an empty list would choose no column
        work.log(
            "entries of registers that may be one", rows=len(left), places=places_of_premises(left)
        )
    return left


def _known(work: UnitOfWork, place: Place) -> Book:
    book = Book(work.connection)
    _check_known(book, place)
    return book


def _check_known(book: Book, place: Place) -> None:
    if rows_of(book, [place]).empty:
        message = "No register has these premises; look them up again."
        raise NotFoundError(message)


def _note(work: UnitOfWork, place: Place, kind: str, body: dict[str, Any]) -> int:
    about = premises_place(*place)
    number = journals.add_entry(work.connection, about, kind, body, work.actor.name, work.now)
    work.log(f"{kind} of premises", rows=1, places={about})
    return number


def _check_past(day: date) -> None:
    if day > date.today():  # noqa: DTZ011 - a day on the users' calendar
        message = f"{day:%d %B %Y} has not come yet; check the day."
        raise InputError(message)
