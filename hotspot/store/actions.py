"""Keep actions and what happened to each: events are appended, never changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select, update

from hotspot.access.actor import Actor
from hotspot.disruption.actions import RecordAction
from hotspot.disruption.ladders import ActionState
from hotspot.errors import ConflictError, NotFoundError
from hotspot.store.accounts import account_shown_as
from hotspot.store.datasets import current_rows
from hotspot.store.reading import frame, last_number, new_number
from hotspot.store.tables import core


@dataclass(frozen=True)
class ActionEvent:
    """What happened to an action: appended, never changed."""

    at: datetime
    actor: str
    event: str
    note: str


def action_of_command(connection: Connection, command_id: str) -> tuple[int, int] | None:
    """Find the numbers of action and hotspot that a command has recorded, if it was carried out."""
    columns = core.actions.c
    query = select(columns.action_id, columns.hotspot_id).where(columns.command_id == command_id)
    row = connection.execute(query).one_or_none()
    return (int(row[0]), int(row[1])) if row else None


def add_action(
    connection: Connection,
    action: RecordAction,
    hotspot_id: int,
    measure_version: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Write an action and its first event; return its number.

    Whose it is is the account that its owner's name means now, and stays so.
    """
    source, reference = action.premises or (None, None)
    state = action.state
    result = connection.execute(
        insert(core.actions).values(
            command_id=action.command_id,
            hotspot_id=hotspot_id,
            premises_source=source,
            premises_ref=reference,
            measure_code=action.measure_code,
            owner=action.owner.strip(),
            owner_id=account_shown_as(connection, action.owner, actor),
            agency=action.agency.strip(),
            due_on=action.due_on,
            note=action.note.strip(),
            state=state.value,
            version=1,
            recorded_at=at,
            recorded_by=actor.name,
            measure_version=measure_version,
            objective=action.objective,
            necessity=action.necessity.strip(),
            victim_impact=action.victim_impact.strip(),
            reference=action.reference.strip(),
            family_views=action.family_views.strip(),
            sharing_agreement=action.sharing_agreement.strip(),
            confirmed=list(action.confirmed),
            meeting_id=action.meeting_id,
        )
    )
    action_id = new_number(result)
    event = ActionEvent(at, actor.name, "recorded", action.declined_why.strip() or action.note)
    _add_event(connection, action_id, event, state)
    return action_id


def change_action(
    connection: Connection,
    action_id: int,
    version: int,
    event: ActionEvent,
    **values: Any,  # noqa: ANN401 - columns
) -> None:
    """Change columns of an action, provided that it is still at the version that was seen.

    Without any, only the event is written and the version steps on.

    Raises
    ------
    NotFoundError
        There is no such action.
    ConflictError
        Someone has changed the action since it was read.
    """
    table = core.actions
    changed = connection.execute(
        update(table)
        .where(table.c.action_id == action_id, table.c.version == version)
        .values(version=version + 1, **values)
    )
    query = select(table.c.state).where(table.c.action_id == action_id)
    state = connection.execute(query).scalar_one_or_none()
    if state is None:
        message = f"There is no action {action_id}."
        raise NotFoundError(message)
    if changed.rowcount == 0:
        message = (
            f"Someone else has just changed action {action_id}: it is now '{state}'. Look again."
        )
        raise ConflictError(message)
    _add_event(connection, action_id, event, ActionState(state))


def list_action_events(connection: Connection, action_id: int) -> pd.DataFrame:
    """Read the events of an action, the oldest first."""
    table = core.action_events.c
    query = select(table.at, table.actor, table.event, table.state, table.note)
    return frame(connection, query.where(table.action_id == action_id).order_by(table.event_id))


def list_moves(connection: Connection) -> pd.DataFrame:
    """Read when actions went from one state to another: `action_id`, `at`, `state`, `note`."""
    table = core.action_events.c
    query = select(table.action_id, table.at, table.state, table.note)
    moved = table.event == "state changed"
    return frame(connection, query.where(moved).order_by(table.event_id))


def list_actions(connection: Connection) -> pd.DataFrame:
    """Read actions with the name and place of their premises, the soonest due first."""
    action, place = core.actions, current_rows("premises").subquery()
    joined = action.outerjoin(
        place,
        (place.c.source == action.c.premises_source)
        & (place.c.premises_ref == action.c.premises_ref),
    )
    at = (place.c.lng.label("premises_lng"), place.c.lat.label("premises_lat"))
    query = select(action, place.c.name.label("premises_name"), *at).select_from(joined)
    return frame(connection, query.order_by(action.c.due_on, action.c.action_id))


def last_action_event(connection: Connection) -> int:
    """Return the greatest number of an event of an action; 0 where there is none."""
    return last_number(connection, core.action_events.c.event_id)


def _add_event(
    connection: Connection, action_id: int, event: ActionEvent, state: ActionState
) -> None:
    connection.execute(
        insert(core.action_events).values(action_id=action_id, state=state.value, **asdict(event))
    )
