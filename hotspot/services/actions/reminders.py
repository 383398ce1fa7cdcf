"""Say what falls due: deadlines, days that were entered, actions, and looks at the effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation, Scope
from hotspot.disruption.clocks import Deadline
from hotspot.disruption.ladders import CLOSED, ActionState
from hotspot.schema import TIME_ZONE
from hotspot.services.actions.lists import for_others, in_words, narrowed
from hotspot.services.hotspots.disclosures import named
from hotspot.services.workspace.audit_names import places_of_actions
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.services.workspace.measure_catalogue import open_deadlines
from hotspot.store import actions, moments
from hotspot.store.unit_of_work import UnitOfWork

SOON = timedelta(days=14)
LOOK_AFTER = timedelta(days=56)
"""How long after an action is completed its effect is looked at: eight weeks."""
COLUMNS = (
    "due_on",
    "says",
    "is_late",
    "action_id",
    "hotspot",
    "measure_code",
    "measure",
    "reference",
    "owner",
    "agency",
)
DUE, LOOK = "The action is due", "Look at the effect"


def list_reminders(
    workspace: Workspace, actor: Actor, today: date, within: timedelta = SOON
) -> pd.DataFrame:
    """List what falls due in the next days, and what is late, the soonest first.

    Returns
    -------
    DataFrame
        `COLUMNS`: a row for each open deadline, entered day, due day and look at the effect of the
        actions that the actor may see.
    """
    with work_on(workspace, actor, Operation.VIEW_ACTIONS) as work:
        reminders, listed = reminders_in(workspace, work, today, within)
        work.log("reminders", rows=len(reminders), places=places_of_actions(listed))
        if work.scope is not Scope.ALL:
            reminders = _for_others(work, reminders, listed)
    return reminders


def _for_others(work: UnitOfWork, reminders: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Name hotspots as shared views do, and keep references from naming what is withheld."""
    told = for_others(work.connection, listed).set_index("action_id")
    said = {name: reminders["action_id"].map(told[name]) for name in ("hotspot", "reference")}
    return reminders.assign(**{name: column.fillna("") for name, column in said.items()})


def digest(
    workspace: Workspace,
    actor: Actor,
    today: date,
    recipients: str,
    reason: str,
    within: timedelta = SOON,
) -> str:
    """Write what falls due as plain text, for the force to mail by its own means; log it.

    It names measures, references, owners and days; no premises, no note and no person beside the
    owners.

    Raises
    ------
    InputError
        No recipient is named, or no reason where the force asks for one.
    """
    recipients = named(recipients)
    with work_on(workspace, actor, Operation.EXPORT_ACTIONS, reason) as work:
        reminders, listed = reminders_in(workspace, work, today, within)
        places = places_of_actions(listed[listed["action_id"].isin(reminders["action_id"])])
        work.log("digest", rows=len(reminders), places=places, recipients=recipients)
        reminders = _for_others(work, reminders, listed)
    lines = [
        workspace.settings.marking,
        f"{workspace.settings.name}: due until {_day(today + within)}, as of {_day(today)}",
        "",
    ]
    for agency, part in reminders.groupby("agency", sort=True):
        lines += [str(agency), *(_line(row) for row in part.to_dict("records")), ""]
    return "\n".join(
        [*lines, "Nothing is due." if reminders.empty else workspace.settings.handling]
    )


def _line(row: Mapping[Any, Any]) -> str:
    late = "LATE  " if row["is_late"] else "      "
    what = " ".join(filter(None, (str(row["measure_code"]), str(row["reference"]))))
    day = f"{row['due_on']:%d %b %Y}"
    where = f"action {row['action_id']}" + (f" at {row['hotspot']}" if row["hotspot"] else "")
    return f"  {late}{day}  {row['says']} \u2014 {what}, {where}, {row['owner']}"


def reminders_in(
    workspace: Workspace, work: UnitOfWork, today: date, within: timedelta
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what falls due within an operation that logs it, and the actions it was read from."""
    listed = narrowed(workspace, work, actions.list_actions(work.connection))
    kept = in_words(workspace, work, listed, today)
    happened = moments.list_moments(work.connection)
    completed = _completed_on(actions.list_moves(work.connection))
    rows = []
    for row in kept.to_dict("records"):
        number = int(row["action_id"])
        days = _days(workspace, row, happened.get(number, {}), completed.get(number), today)
        rows += [
            {"due_on": day, "says": says, "is_late": day < today}
            | {name: row[name] for name in COLUMNS[3:]}
            for day, says in days
            if day <= today + within
        ]
    reminders = pd.DataFrame(rows, columns=list(COLUMNS))
    return reminders.sort_values(["due_on", "action_id"], ignore_index=True), listed


def _days(
    workspace: Workspace,
    row: Mapping[Any, Any],
    happened: dict[str, str],
    completed_on: date | None,
    today: date,
) -> Iterator[tuple[date, str]]:
    """Return the days of one action and what is due on each."""
    if row["state"] == ActionState.COMPLETED and completed_on is not None:
        yield completed_on + LOOK_AFTER, LOOK
    if row["state"] in CLOSED:
        return
    yield row["due_on"], DUE
    deadlines: list[Deadline] = open_deadlines(workspace, str(row["measure_code"]), happened, today)
    yield from ((one.due_on, one.says) for one in deadlines)


def _completed_on(moves: pd.DataFrame) -> dict[int, date]:
    """Return the local day on which each action was last completed."""
    ended = moves[moves["state"] == ActionState.COMPLETED].groupby("action_id")["at"].last()
    zone = ZoneInfo(TIME_ZONE)
    return {int(str(number)): at.astimezone(zone).date() for number, at in ended.items()}


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
