"""Say what is noted in a disruption meeting, and which actions it asks after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from hotspot.disruption.entries import Entry

MACE = "MACE"
KINDS = {
    MACE: "MACE (child exploitation)",
    "CSAF": "CSAF (child sexual abuse forum)",
    "MARAC": "MARAC (domestic abuse)",
    "CSP": "CSP (community safety partnership)",
    "tasking": "Tasking",
    "licensing": "Licensing",
    "other": "Other",
}
"""What a meeting can be."""
ATTENDANCE, NOTE, UPDATE, READ_BACK = "attendance", "note", "update", "read back"
"""Kinds of entries in the journal of a meeting."""
ON_TRACK, DONE, EXTENDED = "on track", "done", "extended"
ANSWERS = {ON_TRACK: "On track", DONE: "Done", EXTENDED: "More time"}
"""What an owner can say of an action, each one key."""


class Attendance(Entry):
    """Who was there, for whom: this is the record of the disclosure."""

    name: str = Field(min_length=1, max_length=100)
    agency: str = Field(min_length=1, max_length=100)


class Note(Entry):
    """Something said that is to stand in the minutes."""

    text: str = Field(min_length=1, max_length=2000)


class Update(Entry):
    """What an owner said of an action.

    Attributes
    ----------
    action_id, measure, place, owner
        The action as the meeting saw it.
    answer
        One of `ANSWERS`.
    said
        In a line.
    due_on, was_due
        When it is due now, and was before.
    """

    action_id: int
    measure: str
    place: str
    owner: str
    answer: str
    said: str = Field(default="", max_length=300)
    due_on: date
    was_due: date


class ReadBack(Entry):
    """That what was agreed was read out, and whether all agreed."""

    agreed: bool


def order_of(
    action: Mapping[Any, Any], first_said: Mapping[int, Update], held_on: date
) -> tuple[bool, bool, date, int]:
    """Return the order in which an action is asked after: late ones first, then by their day.

    It is the order that the meeting began with: an answer moves nothing.

    Parameters
    ----------
    first_said
        The first answer that this meeting heard about each action.
    """
    number = int(action["action_id"])
    said = first_said.get(number)
    due = said.was_due if said else action["due_on"]
    was_open = said is not None or not action["is_closed"]
    return (not (was_open and due < held_on), not was_open, due, number)
