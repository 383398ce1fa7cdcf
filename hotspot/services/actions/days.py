"""Know the day, propose working days, and refuse days that cannot be: for screens and services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from hotspot.disruption.counting import Moment, day_of
from hotspot.disruption.day_rules import fault_of_due, faults_of_event
from hotspot.disruption.measures import Measure
from hotspot.errors import FieldsError
from hotspot.services.workspace.folder import Workspace
from hotspot.services.workspace.measure_catalogue import calendar_of, measure_of

DUE_IN = timedelta(days=28)
"""How long an action is given, and how long until the next meeting, where nothing is said."""
NO_PREMISES = "{} is of premises: choose the ones it names."


def now() -> datetime:
    """Return the moment by which days are judged."""
    return datetime.now(UTC)


def today() -> date:
    """Return the local day."""
    return day_of(now())


def working_day(workspace: Workspace, day: date) -> date:
    """Return a day, or the first working day after it."""
    return calendar_of(workspace).last_of(day, 1)


def due_by_default(workspace: Workspace) -> date:
    """Return the due date that a form proposes: a working day in about four weeks."""
    return working_day(workspace, today() + DUE_IN)


def check_due(due_on: date, *, is_meant: bool) -> None:
    """Ask about a due date that has passed, unless somebody has said that it is meant.

    Raises
    ------
    FieldsError
        It has passed (field `due_on`, asked).
    """
    said = fault_of_due(due_on, today())
    if said and not is_meant:
        raise FieldsError({"due_on": said}, {"due_on"})


def check_event(
    workspace: Workspace, code: str, known: Mapping[str, Moment], event: str, moment: Moment
) -> None:
    """Refuse a day of an event that cannot be (see `day_rules.faults_of_event`).

    Raises
    ------
    FieldsError
        The day (field `on`) cannot be, or the time (field `at`) is missing.
    """
    faults = faults_of_event(measure_of(workspace, code), known, event, moment, now())
    if faults:
        raise FieldsError(faults)


def check_premises(measure: Measure, reference: object) -> None:
    """Refuse a notice without the premises that it names.

    Raises
    ------
    FieldsError
        It has none (field `premises`).
    """
    if measure.needs_premises and not reference:
        raise FieldsError({"premises": NO_PREMISES.format(measure.name)})


def check_owner(owner: str, agency: str) -> None:
    """Refuse an action that nobody does.

    Raises
    ------
    FieldsError
        It has no owner (field `owner`) or no agency (field `agency`).
    """
    faults = {}
    if not owner.strip():
        faults["owner"] = "The action has no owner; choose the person who will do it."
    if not agency.strip():
        faults["agency"] = "The action has no agency; choose the owner's agency."
    if faults:
        raise FieldsError(faults)
