"""Read JSON that is no map as a table: lists of records, Overpass answers, the police API."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from hotspot.errors import InputError
from hotspot.intake.files.json_files import LINES, json_text, parse_json
from hotspot.intake.files.json_pages import refuse_a_page
from hotspot.intake.files.osm_files import extract_of_elements, table_of
from hotspot.intake.files.raw import RawTable, tidy
from hotspot.intake.files.sniffing import MAX_COLUMNS

_POLICE = {
    "persistent_id": "Crime ID",
    "month": "Month",
    "category": "Crime type",
    "location.longitude": "Longitude",
    "location.latitude": "Latitude",
    "location.street.name": "Location",
    "outcome_status.category": "Last outcome category",
}
"""Names that the police API's street crimes have in the files of data.police.uk."""
_PLAIN_KINDS = {
    "violent-crime": "Violence and sexual offences",
    "criminal-damage-arson": "Criminal damage and arson",
    "theft-from-the-person": "Theft from the person",
    "possession-of-weapons": "Possession of weapons",
    "anti-social-behaviour": "Anti-social behaviour",
}
_DEPTH = 4


def read_json_table(content: bytes, name: str) -> RawTable | None:
    """Read JSON that is a list of records, or an Overpass answer; `None` where it is neither.

    Raises
    ------
    InputError
        It is no JSON, or holds no record.
    """
    text = json_text(content, name)
    if '"Feature' in text[:4096] or '"Topology"' in text[:4096]:
        return None
    parsed = _parsed(text, name)
    if isinstance(parsed, dict) and isinstance(parsed.get("elements"), list):
        refuse_a_page(parsed, len(parsed["elements"]), name)
        return _overpass(parsed["elements"], name)
    if isinstance(parsed, dict):
        parsed = _within(parsed, name)
    if not isinstance(parsed, list):
        return None
    records = [_named(_flat(one)) for one in parsed if isinstance(one, dict)]
    if not records or len(records) < len(parsed):
        message = f"{name} is a list of something else than records. Export it again."
        raise InputError(message)
    columns = list(dict.fromkeys(key for record in records for key in record))
    if len(columns) > MAX_COLUMNS:
        message = f"{name} has {len(columns)} columns; at most {MAX_COLUMNS} are read."
        raise InputError(message)
    if {"category", "month", "location.longitude"} <= set(columns):
        records = [_as_in_files(record) for record in records]
        columns = list(dict.fromkeys(key for record in records for key in record))
    data = {column: [record.get(column) for record in records] for column in columns}
    rows = tidy(pl.DataFrame(data, schema=dict.fromkeys(columns, pl.String)))
    rows = rows.with_columns(
        line=pl.int_range(1, 1 + pl.len(), dtype=pl.UInt32),
        blank=pl.all_horizontal(pl.all().is_null()),
        footer=pl.lit(value=False),
        ragged=pl.lit(value=False),
    )
    return RawTable(name, tuple(columns), rows, 0)


def _parsed(text: str, name: str) -> Any:  # noqa: ANN401 - whatever the file holds
    """Parse a whole text, or each of its lines where its ending says so."""
    if name.lower().endswith(LINES):
        return [
            parse_json(line.strip("\x1e \r"), f"{name}, line {n}")
            for n, line in enumerate(text.split("\n"), 1)
            if line.strip("\x1e \r")
        ]
    return parse_json(text, name)


def _within(answer: dict[str, Any], name: str) -> list[Any] | None:
    """Return the one list of records in the answer of an API; `None` where there is not one.

    Raises
    ------
    InputError
        The answer says of itself that it is one page of more.
    """
    beside = {"links", "fields"} if isinstance(answer.get("features"), list) else {"links"}
    lists = [
        value
        for key, value in answer.items()
        if key not in beside  # an ArcGIS server names its columns in `fields`
        and isinstance(value, list)
        and value
        and all(isinstance(one, dict) for one in value)
    ]
    if len(lists) != 1 or "type" in answer:
        return None
    refuse_a_page(answer, len(lists[0]), name)
    return lists[0]


def _named(record: dict[str, str | None]) -> dict[str, str | None]:
    """Call an ArcGIS server's attributes and points as its tables do."""
    if not {"geometry.x", "geometry.y"} <= record.keys():
        return record
    points = {"geometry.x": "X", "geometry.y": "Y"}
    return {points.get(k, k.removeprefix("attributes.")): v for k, v in record.items()}


def _overpass(elements: list[Any], name: str) -> RawTable:
    try:
        return table_of(extract_of_elements(elements), name)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        message = f"{name} is not readable as an Overpass answer ({error!r:.60}). Extract it again."
        raise InputError(message) from error


def _flat(record: dict[str, Any], before: str = "", depth: int = _DEPTH) -> dict[str, str | None]:
    """Write a record flat: what is nested gets the names above it, parted by points."""
    fields: dict[str, str | None] = {}
    for key, value in record.items():
        if isinstance(value, dict) and depth:
            fields |= _flat(value, f"{before}{key}.", depth - 1)
        elif isinstance(value, list | dict):
            fields[f"{before}{key}"] = json.dumps(value)
        else:
            fields[f"{before}{key}"] = None if value is None else str(value)
    return fields


def _as_in_files(record: dict[str, str | None]) -> dict[str, str | None]:
    renamed = {_POLICE.get(key, key): value for key, value in record.items() if key != "id"}
    kind = renamed.get("Crime type") or ""
    plain = kind.replace("-", " ").capitalize()
    return renamed | {"Crime type": _PLAIN_KINDS.get(kind, plain) or None}
