"""Say what an action is: a measure against a hotspot, with an owner and a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hotspot.disruption.measures import OBJECTIVES
from hotspot.errors import InputError

MAX_NOTE = 2000


class ActionState(StrEnum):
    """Where an action stands."""

    AGREED = "agreed"
    UNDERWAY = "underway"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


CLOSED = frozenset({ActionState.COMPLETED, ActionState.WITHDRAWN})

AGENCIES = (
    "Staffordshire Police",
    "Stoke-on-Trent City Council",
    "Staffordshire County Council",
    "District or borough council",
    "Staffordshire Fire and Rescue",
    "Trading Standards",
    "Children's services",
    "Health",
    "Probation or youth justice",
    "British Transport Police",
    "Housing provider",
    "Schools",
    "Other",
)


@dataclass(frozen=True)
class RecordAction:
    """The command to record an action.

    Attributes
    ----------
    command_id
        Made when the form was drawn, so that sending it twice records one action.
    measure_code
        Code of the catalogue.
    owner, agency
        Who does it.
    due_on
        The day by which it is to be done.
    note
        Free text about the place or the measure; never about a child.
    premises
        (source, reference) of the premises it is directed at, if any.
    objective
        Heading of the strategy that it serves; empty for that of the measure.
    necessity, victim_impact
        Why it is necessary and proportionate, and what it means for the child, a line each.
    reference
        What a court, an authority or another system calls it.
    confirmed
        Gates of the measure of which a person has said that they do not stand in its way.
    """

    command_id: str
    measure_code: str
    owner: str
    agency: str
    due_on: date
    note: str = ""
    premises: tuple[str, str] | None = None
    objective: str = ""
    necessity: str = ""
    victim_impact: str = ""
    reference: str = ""
    confirmed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an action that nobody could follow up."""
        if not self.owner.strip():
            message = "The action has no owner; name the person who will do it."
            raise InputError(message)
        if not self.agency.strip():
            message = "The action has no agency; choose the owner's agency."
            raise InputError(message)
        if self.objective and self.objective not in OBJECTIVES:
            message = f"'{self.objective}' is no objective; choose one of: {', '.join(OBJECTIVES)}."
            raise InputError(message)
        if len(self.note) > MAX_NOTE:
            message = f"The note has {len(self.note)} characters; keep it under {MAX_NOTE}."
            raise InputError(message)


def is_overdue(state: str, due_on: date, today: date) -> bool:
    """Tell whether an open action's day has passed."""
    return state not in CLOSED and due_on < today
