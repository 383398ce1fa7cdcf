"""Read the catalogue of measures as the force uses it, and compute deadlines by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from hotspot.disruption.clocks import (
    ClockStep,
    Deadline,
    compute_deadlines,
    events_of,
    starts_of,
    waiting_steps,
)
from hotspot.disruption.counting import Moment
from hotspot.disruption.ladders import Stage
from hotspot.disruption.measures import (
    Catalogue,
    Measure,
    load_catalogue,
    overlay_catalogue,
)
from hotspot.disruption.real_dates import DATES, deadlines_with_dates
from hotspot.disruption.working_days import KNOWN_UNTIL, WorkingCalendar
from hotspot.errors import InputError
from hotspot.schema import TIME_ZONE
from hotspot.services.workspace.folder import Workspace

OVERLAY = "measures.yaml"
"""The force's own file in the workspace's folder (see `overlay_catalogue`)."""


def catalogue_of(workspace: Workspace | None) -> Catalogue:
    """Read the catalogue with the force's own file laid over it; without a workspace, ours alone.

    No record is read, so nothing is logged.

    Raises
    ------
    InputError
        The force's file cannot be used.
    """
    if workspace is None:
        return load_catalogue()
    path = workspace.folder / OVERLAY
    return _read(path, path.stat().st_mtime_ns if path.exists() else 0)


def premises_routes(workspace: Workspace | None) -> list[Measure]:
    """Return the measures that are routes against premises, the mildest first."""
    routes = [one for one in catalogue_of(workspace).values() if one.premises_route]
    return sorted(routes, key=lambda one: one.premises_route)


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> Catalogue:
    del changed
    return overlay_catalogue(path)


def measure_of(workspace: Workspace | None, code: str) -> Measure:
    """Return a measure by its code.

    Raises
    ------
    InputError
        There is no such measure.
    """
    measure = catalogue_of(workspace).get(code)
    if measure is None:
        message = f"Measure '{code}' is not in the catalogue; see: hotspot measures."
        raise InputError(message)
    return measure


def stages_of(workspace: Workspace | None, code: str) -> tuple[Stage, ...]:
    """Return a measure's own ladder; nothing where it goes up the common one."""
    measure = catalogue_of(workspace).get(code)
    return measure.stages if measure is not None else ()


def calendar_of(workspace: Workspace | None) -> WorkingCalendar:
    """Return the working days, with the bank holidays that the force has added."""
    extra = workspace.settings.bank_holidays if workspace is not None else ()
    known = workspace.settings.bank_holidays_until if workspace is not None else None
    calendar = WorkingCalendar().with_days(extra)
    return WorkingCalendar(calendar.bank_holidays, max(known or KNOWN_UNTIL, KNOWN_UNTIL))


def deadlines_of(
    workspace: Workspace | None, code: str, happened: Mapping[str, Moment]
) -> list[Deadline]:
    """Compute the deadlines of a measure (see `clocks.compute_deadlines`).

    Days that were entered lead (see `real_dates.deadlines_with_dates`).

    Raises
    ------
    InputError
        There is no such measure, it has no deadlines, or an event cannot be.
    """
    measure = measure_of(workspace, code)

    def compute(known: Mapping[str, Moment]) -> list[Deadline]:
        calendar = calendar_of(workspace)
        is_checked = measure.checked_by is not None
        return compute_deadlines(measure.clock, known, calendar, is_checked=is_checked)

    if not set(happened) & set(DATES):
        return compute(happened)
    return deadlines_with_dates(measure.clock, happened, compute)


def waiting_for(
    workspace: Workspace | None, code: str, happened: Mapping[str, Moment]
) -> list[ClockStep]:
    """List the deadlines of a measure that have no day until something is known to have happened.

    Raises
    ------
    InputError
        There is no such measure.
    """
    return waiting_steps(measure_of(workspace, code).clock, happened)


def deadlines_by(
    workspace: Workspace | None, code: str, moments: Mapping[str, str]
) -> list[Deadline]:
    """Compute the deadlines of an action from what is kept of it; none where none can be known.

    Raises
    ------
    InputError
        An event cannot be.
    """
    clock = measure_of(workspace, code).clock
    events = events_of(clock)
    known = {name: moment_of(when) for name, when in moments.items() if name in {*events, *DATES}}
    is_begun = bool(set(starts_of(clock)) & set(known))
    return deadlines_of(workspace, code, known) if is_begun or set(known) & set(DATES) else []


def open_deadlines(
    workspace: Workspace | None, code: str, happened: Mapping[str, str], today: date
) -> list[Deadline]:
    """Return the deadlines that are still open, the nearest first; none where none is known.

    One that leads to an event that somebody brings about is open until that has happened, however
    late; any other until its day has passed.
    """
    measure = catalogue_of(workspace).get(code)
    if measure is None:
        return []
    try:
        deadlines = deadlines_by(workspace, code, happened)
    except InputError:  # the force's own file has another clock by now
        return []
    steps = {step.step: step for step in measure.clock}
    still_open = [one for one in deadlines if _is_open(steps.get(one.step), one, happened, today)]
    return sorted(still_open, key=lambda one: one.due_on)


def next_deadline(
    workspace: Workspace | None, code: str, happened: Mapping[str, str], today: date
) -> Deadline | None:
    """Return the nearest deadline that is still open; None where none is known."""
    return next(iter(open_deadlines(workspace, code, happened, today)), None)


def _is_open(
    step: ClockStep | None, deadline: Deadline, happened: Mapping[str, str], today: date
) -> bool:
    if step is not None and step.happens_as in happened:
        return False
    is_awaited = step is not None and step.happens_as is not None and not step.by_itself
    return is_awaited or deadline.due_on >= today


def moment_of(text: str) -> Moment:
    """Read a day (2026-11-02) or a local moment (2026-11-02T14:30).

    Raises
    ------
    InputError
        It is neither.
    """
    try:
        if len(text) == len("2026-11-02"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"'{text}' is no day or moment; write 2026-11-02 or 2026-11-02T14:30."
        raise InputError(message) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(TIME_ZONE))


def moment_words(text: str) -> str:
    """Write a stored day or moment as people read it."""
    moment = moment_of(text)
    at = f", {moment:%H:%M}" if isinstance(moment, datetime) else ""
    return f"{moment.day} {moment:%B %Y}{at}"


def moment_at(day: date, at: time | None) -> Moment:
    """Put a day and a local time together."""
    return day if at is None else datetime.combine(day, at, ZoneInfo(TIME_ZONE))
