"""Hold records beyond their time: legal holds until they are lifted, extensions until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.errors import InputError
from hotspot.schema import RECORD_SOURCES
from hotspot.services.hotspots.runs import last_day_of
from hotspot.services.workspace.folder import MAX_REASON, Workspace, work_on
from hotspot.store import retention

ALL_SOURCES = ""


@dataclass(frozen=True)
class Hold:
    """A hold to be placed.

    Attributes
    ----------
    source
        Source, or `ALL_SOURCES`.
    first_month, last_month
        Months (YYYY-MM), both included.
    why
        Reason, or the case that needs the records.
    is_legal
        A legal hold stands until it is lifted; an extension keeps records until a day.
    until
        The day of an extension's end.
    """

    source: str
    first_month: str
    last_month: str
    why: str
    is_legal: bool = True
    until: date | None = None


def place_hold(workspace: Workspace, actor: Actor, hold: Hold) -> int:
    """Keep records beyond their time, and give the hold's number.

    Raises
    ------
    InputError
        The months or the reason are missing, or an extension has no end.
    """
    _check(hold)
    with work_on(workspace, actor, Operation.HOLD_RECORDS) as work:
        number = retention.add_hold(
            work.connection,
            source=hold.source,
            first_month=hold.first_month,
            last_month=hold.last_month,
            why=hold.why.strip()[:MAX_REASON],
            is_legal=hold.is_legal,
            until=hold.until,
            placed_by=actor.name,
            placed_at=work.now,
        )
        shape = {"months": [hold.first_month, hold.last_month], "is_legal": hold.is_legal}
        work.log(f"hold {number} on {hold.source or 'all sources'}", rows=1, shape=shape)
    return number


def lift_hold(workspace: Workspace, actor: Actor, hold_id: int) -> None:
    """Lift a hold; what is due goes with the next purge.

    Raises
    ------
    NotFoundError
        There is no such hold that stands.
    """
    with work_on(workspace, actor, Operation.HOLD_RECORDS) as work:
        retention.lift_hold(work.connection, hold_id, actor.name, work.now)
        work.log(f"hold {hold_id} lifted", rows=1)


def hold_on(holds: pd.DataFrame, source: str, month: str, today: date) -> str:
    """Say which of some standing holds keeps a month of a source; empty where none does."""
    for hold in holds.to_dict("records"):
        covers = hold["source"] in (ALL_SOURCES, source)
        in_months = hold["first_month"] <= month <= hold["last_month"]
        runs = hold["is_legal"] or (hold["until"] is not None and hold["until"] >= today)
        if covers and in_months and runs:
            until = "until it is lifted" if hold["is_legal"] else f"until {hold['until']:%d %B %Y}"
            return f"{hold['why']} ({until}; hold {hold['hold_id']})"
    return ""


def _check(hold: Hold) -> None:
    problem = None
    for month in (hold.first_month, hold.last_month):
        try:
            last_day_of(month)
        except (ValueError, IndexError):
            problem = f"'{month}' is no month; write it as 2026-10."
    if problem is None and hold.first_month > hold.last_month:
        problem = "The first month is after the last; swap them."
    elif problem is None and not hold.why.strip():
        problem = "Say why the records are held, or which case needs them."
    elif problem is None and not hold.is_legal and hold.until is None:
        problem = "Say until when the records are kept."
    elif problem is None and hold.source not in (ALL_SOURCES, *RECORD_SOURCES):
        problem = f"'{hold.source}' is no source of records."
    if problem is not None:
        raise InputError(problem)
