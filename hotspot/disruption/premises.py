"""Say what is noted about premises for assessment, and when premises are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import Field, field_validator

from hotspot.disruption.entries import Entry

MAX_LINE, MAX_TEXT = 300, 4000
WHERE = {
    "at": "At the premises",
    "outside": "Immediately outside",
    "nearby": "Nearby: context, never grounds",
}
"""How an incident is linked to premises."""
GROUNDS = frozenset({"at", "outside"})
IN_HOURS = {
    "yes": "Within licensed hours",
    "no": "Outside licensed hours",
    "not known": "Not known",
}
LICENSING_OBJECTIVES = {
    "crime": "The prevention of crime and disorder",
    "safety": "Public safety",
    "nuisance": "The prevention of public nuisance",
    "children": "The protection of children from harm",
}
"""The four of s.4(2) Licensing Act 2003."""
ENGAGEMENTS = {
    "early warning": "Early warning letter",
    "letter": "Other letter",
    "meeting": "Meeting with the operator",
    "visit": "Visit",
    "training": "Training given (Makesafe and the like)",
    "test passed": "Test purchase or awareness test: passed",
    "test failed": "Test purchase or awareness test: failed",
    "supervisor changed": "Designated premises supervisor changed",
    "other": "Other",
}
"""What is done with a business."""
DECISIONS = {
    "listed": "For assessment",
    "declined": "Looked at; not for assessment",
    "ended": "No longer for assessment",
}
INCIDENT, ENGAGEMENT, DECISION, SAME, PACK, SIGNATURE = (
    "incident",
    "engagement",
    "decision",
    "same premises",
    "pack",
    "signature",
)
"""Kinds of entries in the journal of premises."""
RESPONSIBLE_AUTHORITIES = (
    "Chief officer of police",
    "Fire and rescue authority",
    "Licensing authority",
    "Health and safety enforcing authority",
    "Planning authority",
    "Environmental health (pollution and nuisance)",
    "Child protection body",
    "Trading standards",
    "Director of public health",
    "Home Office (immigration)",
)
"""Those to whom copies go with the holder's, the same day (s.13(4) Licensing Act 2003; whether
another applies to the premises is for the applicant to check)."""

Objective = Literal["crime", "safety", "nuisance", "children"]


class IncidentLink(Entry):
    """An incident that a person has linked to premises.

    Attributes
    ----------
    reference
        Crime or log reference.
    on_day
        When it happened.
    what
        What happened, in a line that names nobody.
    where
        One of `WHERE`; "nearby" is context and never counts as grounds.
    in_hours
        One of `IN_HOURS`.
    objectives
        Licensing objectives that it touches.
    statement_needed
        Whether an officer's statement is still needed.
    record
        The stored record it was linked from; empty where it was typed in.
    """

    reference: str = Field(min_length=1, max_length=60)
    on_day: date
    what: str = Field(min_length=1, max_length=MAX_LINE)
    where: Literal["at", "outside", "nearby"]
    in_hours: Literal["yes", "no", "not known"] = "not known"
    objectives: tuple[Objective, ...] = ()
    statement_needed: bool = False
    record: str = ""


class Engagement(Entry):
    """What was done with a business.

    Attributes
    ----------
    kind
        One of `ENGAGEMENTS`.
    on_day
        When.
    said
        What was agreed or found, in a line that names nobody.
    follow_up_on
        When it is to be looked at again.
    """

    kind: str
    on_day: date
    said: str = Field(max_length=MAX_LINE)
    follow_up_on: date | None = None

    @field_validator("kind")
    @classmethod
    def _is_known(cls, kind: str) -> str:
        if kind not in ENGAGEMENTS:
            message = f"choose one of: {', '.join(ENGAGEMENTS)}"
            raise ValueError(message)
        return kind


class Decision(Entry):
    """An officer's decision whether premises are for assessment, with its reason."""

    decision: Literal["listed", "declined", "ended"]
    reason: str = Field(min_length=1, max_length=MAX_LINE)


class SamePremises(Entry):
    """Whether an entry of another register is the same premises: said by a person."""

    other_source: str
    other_ref: str
    is_same: bool


def is_listed(
    incidents: Sequence[tuple[int, IncidentLink]], decision: tuple[int, Decision] | None
) -> bool:
    """Tell whether premises are for assessment.

    Parameters
    ----------
    incidents
        Number and link of each incident that stands.
    decision
        Number and text of the latest decision, if there is one.

    Returns
    -------
    bool
        Where an incident is linked as at or immediately outside, or an officer wrote a reason;
        never for lying in or near a hotspot. A decision to end it holds until something newer is
        linked.
    """
    newest = max((number for number, link in incidents if link.where in GROUNDS), default=0)
    if decision is None or decision[0] < newest:
        return newest > 0
    return decision[1].decision == "listed" or (decision[1].decision == "declined" and newest > 0)
