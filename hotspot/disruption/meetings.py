"""Say what is noted in a disruption meeting, and which actions it asks after."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from hotspot.disruption.entries import Entry

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
    due_on
        When it is due now.
    """

    action_id: int
    measure: str
    place: str
    owner: str
    answer: str
    said: str = Field(default="", max_length=300)
    due_on: date


class ReadBack(Entry):
    """That what was agreed was read out, and whether all agreed."""

    agreed: bool


def order_of(action: dict[Any, Any]) -> tuple[bool, bool, date]:
    """Give the order in which actions are asked after: late ones first, then by their day."""
    is_open = not action["is_closed"]
    return (not (is_open and action["is_overdue"]), not is_open, action["due_on"])
