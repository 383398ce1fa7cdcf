"""Say what an action is: a measure against a hotspot, with an owner and a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hotspot.disruption.ladders import CLOSED, ActionState
from hotspot.disruption.measures import OBJECTIVES
from hotspot.errors import InputError

MAX_NOTE = 2000


EVENTS = {
    "breached": "Breached",
    "appealed": "Appealed against",
    "extended": "Extended or varied",
    "intimidation": "Intimidation of a victim or witness reported",
}
"""What can happen to an action without moving it; each as often as it does."""
RESULTS = {
    "notices": "Notices and orders served",
    "stops": "Stops",
    "intelligence": "Intelligence reports",
    "arrests": "Arrests",
    "seizures": "Seizures",
    "referrals": "Referrals of children",
    "visits": "Visits",
    "tests_passed": "Tests passed",
    "tests_failed": "Tests failed",
    "attended": "People who attended",
    "reached": "People reached",
}
"""What is counted when an action is done."""
_MOST = 100_000


def checked_results(results: Mapping[str, int]) -> dict[str, int]:
    """Return the results that are more than nothing.

    Raises
    ------
    InputError
        One is no result of the list, or no count.
    """
    for name, count in results.items():
        if name not in RESULTS or not 0 <= count <= _MOST:
            message = f"'{name}: {count}' is no result; give counts from 0 to {_MOST:,}."
            raise InputError(message)
    return {name: count for name, count in results.items() if count}


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
    family_views
        What children and families of the area said that shapes it, in a line that names nobody.
    sharing_agreement
        Reference of the information sharing agreement under which agencies share about it.
    reference
        What a court, an authority or another system calls it.
    is_proposed
        Whether it is only proposed; agreed otherwise.
    declined_why
        Why it was decided against, where it was: it is kept with its rationale and not done.
    meeting_id
        The meeting that agreed it or decided against it, if one did.
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
    family_views: str = ""
    sharing_agreement: str = ""
    confirmed: tuple[str, ...] = ()
    is_proposed: bool = False
    declined_why: str = ""
    meeting_id: int | None = None

    @property
    def state(self) -> ActionState:
        """Return the state in which it is recorded."""
        if self.declined_why.strip():
            return ActionState.DECLINED
        return ActionState.PROPOSED if self.is_proposed else ActionState.AGREED

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
