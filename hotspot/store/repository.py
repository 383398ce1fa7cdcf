"""Read and write what the database keeps, in the words of the domain."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import polars as pl
from shapely import from_wkt
from sqlalchemy import (
    Column,
    Connection,
    CursorResult,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from hotspot.disruption.actions import ActionState, RecordAction
from hotspot.errors import ConflictError, NotFoundError
from hotspot.schema import PLACES, PREMISES, WGS84
from hotspot.store import tables
from hotspot.store.record_files import RecordFile


@dataclass(frozen=True)
class ActionEvent:
    """What happened to an action: appended, never changed."""

    at: datetime
    actor: str
    event: str
    note: str


# imports -----------------------------------------------------------------------------------


def add_import(connection: Connection, **values: Any) -> int:  # noqa: ANN401 - columns
    """Write an import's row and return its number."""
    result = connection.execute(insert(tables.imports).values(**values))
    return _new_number(result)


def has_import(connection: Connection, source: str) -> bool:
    """Tell whether anything of a source was ever imported."""
    query = select(tables.imports.c.import_id).where(tables.imports.c.source == source)
    return connection.execute(query.limit(1)).first() is not None


def add_rejects(connection: Connection, import_id: int, rejects: pl.DataFrame) -> None:
    """Keep line and reason of each row that was set aside or rejected."""
    rows = [{"import_id": import_id, **row} for row in rejects.select("line", "reason").to_dicts()]
    if rows:
        connection.execute(insert(tables.rejects), rows)


def add_record_files(connection: Connection, import_id: int, files: list[RecordFile]) -> None:
    """List record files, which makes them count."""
    if files:
        rows = [{"import_id": import_id, **asdict(file)} for file in files]
        connection.execute(insert(tables.record_files), rows)


def list_record_files(connection: Connection, sources: list[str] | None = None) -> pd.DataFrame:
    """List record files: `path`, `source`, `month`, `rows`, `sha256`."""
    query = select(tables.record_files).order_by(tables.record_files.c.path)
    if sources is not None:
        query = query.where(tables.record_files.c.source.in_(sources))
    return _frame(connection, query)


Kind = Literal["premises", "places"]
_TABLES = {"premises": tables.premises, "places": tables.places}
_COLUMNS = {"premises": PREMISES, "places": PLACES}
_REFERENCES = {"premises": "premises_ref", "places": "place_ref"}

# premises and places -----------------------------------------------------------------------


def known_rows(connection: Connection, kind: Kind, source: str) -> pl.DataFrame:
    """Read all stored premises or places of a source."""
    table, columns = _TABLES[kind], _COLUMNS[kind]
    query = select(*(table.c[name] for name in columns)).where(table.c.source == source)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return pl.DataFrame(rows, schema=columns)


def put_rows(connection: Connection, kind: Kind, import_id: int, rows: pl.DataFrame) -> None:
    """Write premises or places, replacing those of the same reference."""
    values = [{**row, "import_id": import_id} for row in rows.to_dicts()]
    if not values:
        return
    table, reference = _TABLES[kind], _REFERENCES[kind]
    connection.execute(
        delete(table).where(
            table.c.source == bindparam("b_source"), table.c[reference] == bindparam("b_reference")
        ),
        [{"b_source": row["source"], "b_reference": row[reference]} for row in values],
    )
    connection.execute(insert(table), values)


def all_rows(connection: Connection, kind: Kind) -> pd.DataFrame:
    """Read all premises or places, by source and reference."""
    table, columns = _TABLES[kind], _COLUMNS[kind]
    query = select(*(table.c[name] for name in columns))
    return _frame(connection, query.order_by(*table.primary_key.columns))


# hotspots and actions ----------------------------------------------------------------------


def add_hotspot(connection: Connection, **values: Any) -> int:  # noqa: ANN401 - columns
    """Register a hotspot and return its number."""
    result = connection.execute(insert(tables.hotspots).values(**values))
    return _new_number(result)


def registered_hotspots(connection: Connection) -> gpd.GeoDataFrame:
    """Read the registered hotspots: `hotspot_id`, `cells`, `geometry` (WGS84)."""
    query = select(tables.hotspots.c.hotspot_id, tables.hotspots.c.cells, tables.hotspots.c.outline)
    frame = _frame(connection, query.order_by(tables.hotspots.c.hotspot_id))
    shapes = from_wkt(frame.pop("outline").to_numpy(dtype=object))
    return gpd.GeoDataFrame(frame, geometry=list(shapes), crs=WGS84)


def action_of_command(connection: Connection, command_id: str) -> tuple[int, int] | None:
    """Find the numbers of action and hotspot that a command has recorded, if it was carried out."""
    columns = tables.actions.c
    query = select(columns.action_id, columns.hotspot_id).where(columns.command_id == command_id)
    row = connection.execute(query).one_or_none()
    return (int(row[0]), int(row[1])) if row else None


def add_action(
    connection: Connection, action: RecordAction, hotspot_id: int, actor: str, at: datetime
) -> int:
    """Write an action and its first event; return its number."""
    source, reference = action.premises or (None, None)
    result = connection.execute(
        insert(tables.actions).values(
            command_id=action.command_id,
            hotspot_id=hotspot_id,
            premises_source=source,
            premises_ref=reference,
            measure_code=action.measure_code,
            owner=action.owner.strip(),
            agency=action.agency.strip(),
            due_on=action.due_on,
            note=action.note.strip(),
            state=ActionState.AGREED.value,
            version=1,
            recorded_at=at,
            recorded_by=actor,
        )
    )
    action_id = _new_number(result)
    event = ActionEvent(at, actor, "recorded", action.note)
    _add_event(connection, action_id, event, ActionState.AGREED)
    return action_id


def change_action_state(
    connection: Connection,
    action_id: int,
    version: int,
    state: ActionState,
    event: ActionEvent,
) -> None:
    """Move an action to a state, provided that it is still at the version that was seen.

    Raises
    ------
    NotFoundError
        There is no such action.
    ConflictError
        Someone has changed the action since it was read.
    """
    table = tables.actions
    changed = connection.execute(
        update(table)
        .where(table.c.action_id == action_id, table.c.version == version)
        .values(state=state.value, version=version + 1)
    )
    if changed.rowcount == 0:
        query = select(table.c.state).where(table.c.action_id == action_id)
        found = connection.execute(query).scalar_one_or_none()
        if found is None:
            message = f"There is no action {action_id}."
            raise NotFoundError(message)
        message = (
            f"Someone else has just changed action {action_id}: it is now '{found}'. Look again."
        )
        raise ConflictError(message)
    _add_event(connection, action_id, event, state)


def list_actions(connection: Connection) -> pd.DataFrame:
    """Read actions with the name and place of their premises, the soonest due first."""
    action, place = tables.actions, tables.premises
    joined = action.outerjoin(
        place,
        (place.c.source == action.c.premises_source)
        & (place.c.premises_ref == action.c.premises_ref),
    )
    at = (place.c.lng.label("premises_lng"), place.c.lat.label("premises_lat"))
    query = select(action, place.c.name.label("premises_name"), *at).select_from(joined)
    return _frame(connection, query.order_by(action.c.due_on, action.c.action_id))


def last_import(connection: Connection) -> int:
    """Give the greatest number of an import; 0 where there is none."""
    return _last(connection, tables.imports.c.import_id)


def last_action_event(connection: Connection) -> int:
    """Give the greatest number of an event of an action; 0 where there is none."""
    return _last(connection, tables.action_events.c.event_id)


def audit_rows(connection: Connection) -> pd.DataFrame:
    """Read the log, oldest first."""
    return _frame(connection, select(tables.audit).order_by(tables.audit.c.audit_id))


def _last(connection: Connection, column: Column[int]) -> int:
    return int(connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one())


def _add_event(
    connection: Connection, action_id: int, event: ActionEvent, state: ActionState
) -> None:
    connection.execute(
        insert(tables.action_events).values(action_id=action_id, state=state.value, **asdict(event))
    )


def _new_number(result: CursorResult[Any]) -> int:
    """Give the number that the database gave to the row just written."""
    (number,) = result.inserted_primary_key or (0,)
    return int(number)


def _frame(connection: Connection, query: Select[Any]) -> pd.DataFrame:
    result = connection.execute(query)
    return pd.DataFrame(result.all(), columns=list(result.keys()))
