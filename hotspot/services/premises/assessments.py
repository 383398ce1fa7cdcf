"""Premises for assessment: which they are and why, by what a person linked or wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.ladders import CLOSED
from hotspot.disruption.premises import (
    DECISION,
    ENGAGEMENT,
    ENGAGEMENTS,
    GROUNDS,
    INCIDENT,
    Decision,
    Engagement,
    IncidentLink,
    is_listed,
)
from hotspot.errors import NotFoundError
from hotspot.schema import SOURCE_LABELS, how_many
from hotspot.services.actions.lists import in_words
from hotspot.services.premises.book import Book, Place, lies_with, name_of, rows_of
from hotspot.services.workspace.audit_names import premises_place
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import actions as stored_actions
from hotspot.store import datasets, journals
from hotspot.store.unit_of_work import reading

CAVEAT = "For assessment means that a person will look. It says nothing about what a business did."
LISTED = [
    "source",
    "premises_ref",
    "name",
    "kind",
    "address",
    "authority",
    "open_until",
    "next_due",
    "next_says",
    "why",
]
_SHOWN_AT_DOOR = 3


@dataclass(frozen=True)
class Card:
    """All that is kept of premises for assessment.

    Attributes
    ----------
    place
        Source and reference under which they are listed: the licensing register's, if it has them.
    registers
        Their entries in the registers that a person has said to be the same.
    incidents, engagements, decisions
        Number and text of each entry that stands, the newest first.
    actions
        Actions directed at them (see `action_lists.in_words`).
    why
        Why they are listed, sentences; empty where they are not.
    """

    place: Place
    registers: pd.DataFrame
    incidents: list[tuple[int, IncidentLink]]
    engagements: list[tuple[int, Engagement]]
    decisions: list[tuple[int, Decision]]
    actions: pd.DataFrame
    why: list[str]

    @property
    def is_listed(self) -> bool:
        """Tell whether they are for assessment."""
        return is_listed(self.incidents, self.decisions[0] if self.decisions else None)

    @property
    def warned_on(self) -> date | None:
        """Return the day of the last early warning; None where there was none."""
        days = [one.on_day for _, one in self.engagements if one.kind == "early warning"]
        return max(days, default=None)


def list_assessments(workspace: Workspace, actor: Actor, today: date | None = None) -> pd.DataFrame:
    """List the premises for assessment in `LISTED`, the next deadline first.

    Premises are listed with an incident that a person linked as at or immediately outside them, or
    with a reason that an officer wrote; never for lying in or near a hotspot, and never by count.
    """
    today = today or date.today()  # noqa: DTZ011 - a day on the users' calendar
    with work_on(workspace, actor, Operation.VIEW_ASSESSMENTS) as work:
        book = Book(work.connection)
        acting = in_words(workspace, work, stored_actions.list_actions(work.connection), today)
        cards = [card_in(book, acting, place, today) for place in book.places()]
        listed = [card for card in cards if card.is_listed]
        work.log("premises for assessment", rows=len(listed), places=_places(listed))
    rows = [_row(card) for card in listed]
    assessments = pd.DataFrame(rows, columns=LISTED)
    return assessments.sort_values(["next_due", "name"], na_position="last", ignore_index=True)


def card_of(workspace: Workspace, actor: Actor, place: Place, today: date | None = None) -> Card:
    """Return all that is kept of premises.

    Raises
    ------
    NotFoundError
        No register has them.
    """
    today = today or date.today()  # noqa: DTZ011 - a day on the users' calendar
    with work_on(workspace, actor, Operation.VIEW_ASSESSMENTS) as work:
        book = Book(work.connection)
        acting = in_words(workspace, work, stored_actions.list_actions(work.connection), today)
        card = card_in(book, acting, place, today)
        work.log("premises for assessment", rows=1, places=_places([card]))
    return card


def at_the_door(card: Card) -> list[str]:
    """Say what may be shown to a business: its licence, and what was done and agreed with it.

    Incidents, records, hotspots, actions to come and why they are listed are no part of it.
    """
    licence = card.registers.iloc[0]
    parts = [f"{SOURCE_LABELS[licence['source']]} {licence['premises_ref']}", licence["activities"]]
    if licence["open_until"]:
        parts.append(f"until {licence['open_until']}")
    done = [
        f"{one.on_day:%d %b %Y}, {ENGAGEMENTS[one.kind].lower()}: {one.said}"
        for _, one in card.engagements
        if one.kind != "other"
    ][:_SHOWN_AT_DOOR]
    return ["; ".join(part for part in parts if part), *done]


def engagements_of(workspace: Workspace, actor: Actor) -> pd.DataFrame:
    """List what was done with the businesses of a council's own districts, the newest first.

    Returns
    -------
    DataFrame
        `on_day`, `premises`, `kind`, `said`, `follow_up_on`: nothing of police records.
    """
    with work_on(workspace, actor, Operation.VIEW_PAPERS) as work:
        book = Book(work.connection)
        mine = [place for place in book.places() if lies_with(workspace, work, book, place)]
        rows = [
            (
                e["on_day"],
                name_of(book, place),
                ENGAGEMENTS[str(e["kind"])],
                e["said"],
                e["follow_up_on"],
            )
            for place in mine
            for _, e in book.of(place, ENGAGEMENT)
        ]
        work.log(
            "engagement with premises",
            rows=len(rows),
            places={premises_place(*place) for place in mine},
        )
    columns = ["on_day", "premises", "kind", "said", "follow_up_on"]
    engagements = pd.DataFrame(rows, columns=columns).sort_values("on_day", ascending=False)
    return engagements.reset_index(drop=True)


def version_of(workspace: Workspace) -> str:
    """Return a text that changes whenever a journal, an action or a register did."""
    with reading(workspace.engine) as connection:
        parts = (
            *journals.last_entry(connection),
            stored_actions.last_action_event(connection),
            datasets.last_import(connection),
        )
    return "-".join(str(part) for part in parts)


def card_in(book: Book, acting: pd.DataFrame, place: Place, today: date) -> Card:
    """Make the card of premises from a journal that was read.

    Raises
    ------
    NotFoundError
        No register has them.
    """
    group = book.group_of(place)
    registers = rows_of(book, group)
    if registers.empty:
        message = "No register has these premises; look them up again."
        raise NotFoundError(message)
    order = {one: number for number, one in enumerate(group)}
    pairs = list(zip(registers["source"], registers["premises_ref"], strict=True))
    registers = registers.iloc[sorted(range(len(pairs)), key=lambda n: order[pairs[n]])]
    own = [
        pair in order
        for pair in zip(acting["premises_source"], acting["premises_ref"], strict=True)
    ]
    card = Card(
        pairs_first(registers),
        registers.reset_index(drop=True),
        [(n, IncidentLink.model_validate(b)) for n, b in book.of(place, INCIDENT)],
        [(n, Engagement.model_validate(b)) for n, b in book.of(place, ENGAGEMENT)],
        [(n, Decision.model_validate(b)) for n, b in book.of(place, DECISION)],
        acting[own].reset_index(drop=True),
        [],
    )
    card.why.extend(_reasons(card, today))
    return card


def pairs_first(registers: pd.DataFrame) -> Place:
    """Return source and reference of the first of some entries."""
    return str(registers["source"].iloc[0]), str(registers["premises_ref"].iloc[0])


def _reasons(card: Card, today: date) -> list[str]:
    """Say why premises are listed, and what is known of them, in words."""
    reasons = []
    for where, words in (("at", "at"), ("outside", "immediately outside")):
        days = [link.on_day for _, link in card.incidents if link.where == where]
        if days:
            reasons.append(
                f"{len(days)} {'incident' if len(days) == 1 else 'incidents'} {words} "
                f"since {min(days):%d %b %Y}"
            )
    if card.decisions and card.decisions[0][1].decision == "listed":
        reasons.append(f"an officer's reason: {card.decisions[0][1].reason}")
    nearby = sum(link.where not in GROUNDS for _, link in card.incidents)
    if nearby:
        reasons.append(f"{nearby} nearby (context)")
    licence = card.registers.iloc[0]
    if licence["open_until"]:
        reasons.append(f"licensed to {licence['open_until']}")
    visits = [e.on_day for _, e in card.engagements if e.kind == "visit"]
    last = f"last visit {(today - max(visits)).days} days ago" if visits else "no visit recorded"
    trained = any(e.kind == "training" for _, e in card.engagements)
    changes = sum(
        e.kind == "supervisor changed" and (today - e.on_day).days <= 365
        for _, e in card.engagements
    )
    reasons += [last, "training given" if trained else "no training recorded"]
    if changes:
        reasons.append(f"supervisor changed {how_many(changes, 'time')} in 12 months")
    return reasons


def _row(card: Card) -> tuple[object, ...]:
    first = card.registers.iloc[0]
    dues = [
        (due, f"{row['measure']}: {row['next_says'] or 'due'}")
        for row in card.actions.to_dict("records")
        if row["state"] not in CLOSED
        for due in [min(d for d in (row["due_on"], row["next_due"]) if pd.notna(d))]
    ]
    after = {e.follow_up_on for _, e in card.engagements if e.follow_up_on}
    newest = max((e.on_day for _, e in card.engagements), default=None)
    dues += [(day, "Look again, as agreed") for day in after if newest is None or day > newest]
    due, says = min(dues, default=(None, ""))
    return (*card.place, *(first[name] for name in LISTED[2:7]), due, says, "; ".join(card.why))


def _places(cards: Iterable[Card]) -> set[str]:
    return {
        premises_place(source, reference)
        for card in cards
        for source, reference in zip(
            card.registers["source"], card.registers["premises_ref"], strict=True
        )
    }
