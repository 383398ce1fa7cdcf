"""Keep the calendar of school holidays: entered by analysts, withdrawn, never changed."""

from __future__ import annotations

from datetime import date

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.errors import InputError
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import calendars

MAX_NAME = 100
_LONGEST_DAYS = 100


def enter_holiday(workspace: Workspace, actor: Actor, name: str, first: date, last: date) -> int:
    """Enter a school holiday of the force's area, and give its number.

    Parameters
    ----------
    first, last
        First and last day without school, the weekends beside it included.

    Raises
    ------
    InputError
        It has no name, ends before it begins, is longer than a holiday, or is there already.
    """
    name = " ".join(name.split())[:MAX_NAME]
    if not name:
        message = "Name the holiday, for example: Summer 2026."
        raise InputError(message)
    if not 0 <= (last - first).days < _LONGEST_DAYS:
        message = (
            f"{first:%d %B %Y} to {last:%d %B %Y} is no school holiday: give its first and last "
            f"day, at most {_LONGEST_DAYS} days."
        )
        raise InputError(message)
    with work_on(workspace, actor, Operation.ENTER_HOLIDAYS) as work:
        there = calendars.list_holidays(work.connection)
        if ((there["first_on"] == first) & (there["last_on"] == last)).any():
            message = "This holiday is entered already."
            raise InputError(message)
        number = calendars.add_holiday(
            work.connection,
            name=name,
            first_on=first,
            last_on=last,
            entered_by=actor.name,
            entered_at=work.now,
        )
        work.log(f"school holiday {number}", rows=1, shape={"days": (last - first).days + 1})
    return number


def withdraw_holiday(workspace: Workspace, actor: Actor, holiday_id: int) -> None:
    """Withdraw a school holiday that was entered wrongly; it stays stored.

    Raises
    ------
    NotFoundError
        There is no such holiday that stands.
    """
    with work_on(workspace, actor, Operation.ENTER_HOLIDAYS) as work:
        calendars.withdraw_holiday(work.connection, holiday_id, actor.name, work.now)
        work.log(f"school holiday {holiday_id} withdrawn", rows=1)


def list_holidays(workspace: Workspace, actor: Actor) -> pd.DataFrame:
    """List the school holidays that stand, by day."""
    with work_on(workspace, actor, Operation.VIEW_QUALITY) as work:
        holidays = calendars.list_holidays(work.connection)
        work.log("school holidays", rows=len(holidays))
    return holidays
