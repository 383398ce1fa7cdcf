"""Read and write what was imported: files, rows that were not used, records' files, registers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal

import pandas as pd
import polars as pl
from sqlalchemy import Connection, Select, and_, delete, func, insert, or_, select, update

from hotspot.errors import NotFoundError
from hotspot.schema import BOUNDARIES, PLACES, PREMISES, SITES
from hotspot.store.reading import account_in, frame, last_number, new_number
from hotspot.store.record_files import RecordFile, Replaced
from hotspot.store.tables import datasets as tables

Kind = Literal["premises", "places"]
_TABLES = {"premises": tables.premises, "places": tables.places}
_COLUMNS = {"premises": PREMISES, "places": PLACES}
_REFERENCES = {"premises": "premises_ref", "places": "place_ref"}
_BATCH = 20_000
_STANDS = tables.imports.c.withdrawn_at.is_(None)

# imports -----------------------------------------------------------------------------------


def add_import(connection: Connection, **values: Any) -> int:  # noqa: ANN401 - columns
    """Write an import's row and return its number."""
    return new_number(connection.execute(insert(tables.imports).values(**values)))


def last_import(connection: Connection) -> int:
    """Return the greatest number of an import; 0 where there is none."""
    return last_number(connection, tables.imports.c.import_id)


def list_imports(connection: Connection) -> pd.DataFrame:
    """Read all imports, the newest first, withdrawn ones too."""
    return frame(connection, select(tables.imports).order_by(tables.imports.c.import_id.desc()))


def has_import(connection: Connection, source: str) -> bool:
    """Tell whether anything of a source was ever imported."""
    query = select(tables.imports.c.import_id).where(tables.imports.c.source == source)
    return connection.execute(query.limit(1)).first() is not None


def import_of_file(connection: Connection, source: str, sha256: str) -> datetime | None:
    """Tell when a file was imported before, if that import stands."""
    query = select(func.max(tables.imports.c.imported_at)).where(
        tables.imports.c.source == source, tables.imports.c.sha256 == sha256, _STANDS
    )
    imported_at: datetime | None = connection.execute(query).scalar_one()
    return imported_at


def withdraw_import(connection: Connection, import_id: int, **values: Any) -> None:  # noqa: ANN401
    """Mark an import as withdrawn: what came with it no longer counts.

    Raises
    ------
    NotFoundError
        There is no such import, or it is withdrawn already.
    """
    marked = connection.execute(
        update(tables.imports)
        .where(tables.imports.c.import_id == import_id, _STANDS)
        .values(withdrawn_by_id=account_in(connection), **values)
    )
    if marked.rowcount == 0:
        message = f"There is no import {import_id} that stands; look at the list of datasets again."
        raise NotFoundError(message)
    by = tables.superseded_records.c.by_import
    connection.execute(delete(tables.superseded_records).where(by == import_id))


def add_rejects(connection: Connection, import_id: int, rejects: pl.DataFrame) -> None:
    """Keep lines and column of the rows that were set aside or rejected, one row a reason."""
    rows = [
        {
            "import_id": import_id,
            "reason": reason,
            "column": str(column)[:200],
            "rows": part.height,
            "lines": _spans(part["line"]),
        }
        for (reason, column), part in rejects.select(
            "line", "reason", pl.col("column").fill_null("")
        )
        .partition_by("reason", "column", as_dict=True)
        .items()
    ]
    if rows:
        connection.execute(insert(tables.rejects), rows)


def rejects_of(connection: Connection, import_id: int, reason: str | None = None) -> pd.DataFrame:
    """Read the rows of an import that were not used: `line`, `reason`, `column`, by line."""
    query = select(tables.rejects).where(tables.rejects.c.import_id == import_id)
    query = query if reason is None else query.where(tables.rejects.c.reason == reason)
    parts = [
        pd.DataFrame({"line": _lines(row.lines), "reason": row.reason, "column": row.column})
        for row in connection.execute(query)
    ]
    if not parts:
        return pd.DataFrame(columns=["line", "reason", "column"])
    return pd.concat(parts).sort_values("line", ignore_index=True)


def _spans(lines: pl.Series) -> str:
    """Write lines as spans: "2-5,9"."""
    ordered = lines.cast(pl.Int64).unique().sort()
    run = ordered - pl.int_range(len(ordered), eager=True)
    ends = (
        pl.DataFrame({"line": ordered, "run": run})
        .group_by("run", maintain_order=True)
        .agg(first=pl.col("line").first(), last=pl.col("line").last())
    )
    alone = pl.col("first") == pl.col("last")
    first, last = (pl.col(name).cast(pl.String) for name in ("first", "last"))
    spans = ends.select(pl.when(alone).then(first).otherwise(first + "-" + last))
    return ",".join(spans.to_series().to_list())


def _lines(spans: str) -> list[int]:
    lines: list[int] = []
    for span in spans.split(","):
        first, _, last = span.partition("-")
        lines.extend(range(int(first), int(last or first) + 1))
    return lines


# records -----------------------------------------------------------------------------------


def add_record_files(connection: Connection, import_id: int, files: list[RecordFile]) -> None:
    """List record files, which makes them count."""
    if files:
        rows = [{"import_id": import_id, **asdict(file)} for file in files]
        connection.execute(insert(tables.record_files), rows)


def list_record_files(connection: Connection, sources: list[str] | None = None) -> pd.DataFrame:
    """List the record files that count, with the columns of their table."""
    files = tables.record_files
    joined = files.join(tables.imports, files.c.import_id == tables.imports.c.import_id)
    query = select(files).select_from(joined).where(_STANDS).order_by(files.c.path)
    if sources is not None:
        query = query.where(files.c.source.in_(sources))
    return frame(connection, query)


def every_record_file(connection: Connection) -> pd.DataFrame:
    """List all record files, those of withdrawn imports too."""
    return frame(connection, select(tables.record_files).order_by(tables.record_files.c.path))


def replace_record_file(connection: Connection, path: str, new: RecordFile) -> None:
    """List a record file anew, after it was written with other pseudonyms."""
    files = tables.record_files
    connection.execute(
        update(files).where(files.c.path == path).values(path=new.path, sha256=new.sha256)
    )


def remove_record_file(connection: Connection, path: str) -> None:
    """List a record file no longer."""
    connection.execute(delete(tables.record_files).where(tables.record_files.c.path == path))


def supersede_records(
    connection: Connection, records: Iterable[tuple[int, int]], by_import: int
) -> None:
    """Note that records (import, record) are replaced by a later import; they stay stored."""
    rows = [
        {"import_id": import_id, "record_id": f"{record_id:016x}", "by_import": by_import}
        for import_id, record_id in records
    ]
    for start in range(0, len(rows), _BATCH):
        connection.execute(insert(tables.superseded_records), rows[start : start + _BATCH])


def replaced_records(connection: Connection, as_of: int | None = None) -> Replaced:
    """Read which records were replaced: numbers of records by import.

    `as_of` is the last import whose replacements count; all of them by default.
    """
    columns = tables.superseded_records.c
    replaced: Replaced = {}
    query = select(columns.import_id, columns.record_id)
    query = query if as_of is None else query.where(columns.by_import <= as_of)
    for import_id, record_id in connection.execute(query):
        replaced.setdefault(int(import_id), set()).add(int(record_id, 16))
    return replaced


def count_changes(connection: Connection) -> int:
    """Count what changes the records without a new import: withdrawals and erasures."""
    withdrawn = select(func.count()).select_from(tables.imports).where(~_STANDS)
    erased = select(func.count()).select_from(tables.erasures)
    return int(connection.execute(withdrawn).scalar_one()) + int(
        connection.execute(erased).scalar_one()
    )


# premises and places -----------------------------------------------------------------------


def put_rows(connection: Connection, kind: Kind, import_id: int, rows: pl.DataFrame) -> None:
    """Write premises or places; the latest import that stands is what a reference says."""
    values = [{**row, "import_id": import_id} for row in rows.select(*_COLUMNS[kind]).to_dicts()]
    if values:
        connection.execute(insert(_TABLES[kind]), values)


def known_rows(connection: Connection, kind: Kind, source: str) -> pl.DataFrame:
    """Read the premises or places of a source as they stand."""
    query = current_rows(kind).where(_TABLES[kind].c.source == source)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return pl.DataFrame(rows, schema=_COLUMNS[kind])


def all_rows(connection: Connection, kind: Kind, on: date | None = None) -> pd.DataFrame:
    """Read all premises or places as they stand, by source and reference.

    `on` is the day on which a licence must not have ended: today by default.
    """
    table = _TABLES[kind]
    query = current_rows(kind).order_by(table.c.source, table.c[_REFERENCES[kind]])
    if kind == "premises":
        ends = tables.premises.c.ends_on
        on = on or date.today()  # noqa: DTZ011 - a day on the users' calendar
        query = query.where(or_(ends.is_(None), ends >= on))
    return frame(connection, query)


def current_rows(kind: Kind) -> Select[Any]:
    """Build the query of premises or places: of each reference the latest that stands."""
    table, reference = _TABLES[kind], _REFERENCES[kind]
    latest = (
        select(table.c.source, table.c[reference], func.max(table.c.import_id).label("import_id"))
        .join(tables.imports, and_(tables.imports.c.import_id == table.c.import_id, _STANDS))
        .group_by(table.c.source, table.c[reference])
        .subquery()
    )
    columns = [table.c[name] for name in _COLUMNS[kind]]
    return select(*columns).join(
        latest,
        and_(
            latest.c.source == table.c.source,
            latest.c[reference] == table.c[reference],
            latest.c.import_id == table.c.import_id,
        ),
    )


# sites and boundaries ----------------------------------------------------------------------


def add_sites(connection: Connection, import_id: int, sites: pl.DataFrame) -> None:
    """Write sensitive sites."""
    rows = [{**row, "import_id": import_id} for row in sites.select(*SITES).to_dicts()]
    if rows:
        connection.execute(insert(tables.sites), rows)


def list_sites(connection: Connection, imports: list[int] | None = None) -> pd.DataFrame:
    """Read the sensitive sites of the imports that stand, or of some, each place and kind once."""
    columns = [tables.sites.c[name] for name in SITES]
    joined = tables.sites.join(
        tables.imports, tables.sites.c.import_id == tables.imports.c.import_id
    )
    wanted = _STANDS if imports is None else tables.sites.c.import_id.in_(imports)
    return frame(connection, select(*columns).select_from(joined).where(wanted).distinct())


def add_boundaries(connection: Connection, import_id: int, rows: pl.DataFrame) -> None:
    """Write boundaries."""
    values = [{**row, "import_id": import_id} for row in rows.select(*BOUNDARIES).to_dicts()]
    if values:
        connection.execute(insert(tables.boundaries), values)


def list_boundaries(connection: Connection, layer: str | None = None) -> pd.DataFrame:
    """Read the boundaries of the imports that stand, of each code the latest."""
    table = tables.boundaries
    joined = table.join(tables.imports, table.c.import_id == tables.imports.c.import_id)
    query = select(table).select_from(joined).where(_STANDS).order_by(table.c.import_id)
    query = query if layer is None else query.where(table.c.layer == layer)
    return frame(connection, query).drop_duplicates(["layer", "code"], keep="last")
