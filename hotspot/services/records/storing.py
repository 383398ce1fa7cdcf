"""Keep what was read: what is new, known already, or was otherwise in an earlier import."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from hotspot.analysis.detection.cells import add_cells
from hotspot.errors import StoreError
from hotspot.intake.rows.balance import Balance, Reading, balance_of
from hotspot.schema import (
    RECORD_CELL,
    RECORD_RESOLUTION,
    SOURCES,
    Family,
)
from hotspot.services.records.list_versions import notes_of_vintage
from hotspot.services.workspace.folder import Workspace
from hotspot.store import datasets, outcomes
from hotspot.store.record_files import scan_records, write_records
from hotspot.store.unit_of_work import UnitOfWork

NEW, KNOWN, CHANGED = "new", "already_imported", "changed_since"


@dataclass(frozen=True)
class Kept:
    """What was kept of a file: the import's number, its balance sheet, and what to know."""

    import_id: int
    balance: Balance
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Sorted:
    """Rows to keep, `line` and `status` of those known before, and records that they replace."""

    new: pl.DataFrame
    known: pl.DataFrame
    replaced: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()


def keep(
    workspace: Workspace,
    work: UnitOfWork,
    source: str,
    values: dict[str, Any],
    reading: Reading,
    *,
    takes_changes: bool,
) -> Kept:
    """Write what is new of a reading, and account for the rest.

    Parameters
    ----------
    values
        Columns of the import's row that tell the file.
    takes_changes
        Whether rows that differ from an earlier import's take their place.
    """
    family = SOURCES[source].family
    if family in (Family.PREMISES, Family.PLACES):
        kind: datasets.Kind = "premises" if family is Family.PREMISES else "places"
        rows = _new_rows(work, kind, source, reading)
    elif family in (Family.SITES, Family.BOUNDARIES, Family.COUNTS):
        rows = _Sorted(
            reading.table, reading.table.select("line").clear().with_columns(status=None)
        )
    else:
        rows = _new_records(workspace, work, source, reading, takes_changes=takes_changes)
        notes = (*rows.notes, *notes_of_vintage(workspace, work, source, reading))
        rows = replace(rows, notes=notes)
    rejects = _rejects_of(reading, rows.known)
    balance = balance_of(reading.balance.rows_in, rejects)
    import_id = datasets.add_import(
        work.connection,
        source=source,
        **values,
        imported_at=work.now,
        imported_by=work.actor.name,
        balance=balance.as_dict(),
        notes=[*reading.notes, *rows.notes],
        completeness=reading.completeness,
        mapping=reading.mapping.model_dump() if reading.mapping else None,
    )
    datasets.add_rejects(work.connection, import_id, rejects)
    _write(workspace, work, source, import_id, rows)
    return Kept(import_id, balance, rows.notes)


def _write(
    workspace: Workspace, work: UnitOfWork, source: str, import_id: int, rows: _Sorted
) -> None:
    new, family = rows.new.drop("line"), SOURCES[source].family
    if family is Family.PREMISES:
        datasets.put_rows(work.connection, "premises", import_id, new)
    elif family is Family.PLACES:
        datasets.put_rows(work.connection, "places", import_id, new)
    elif family is Family.SITES:
        datasets.add_sites(work.connection, import_id, new)
    elif family is Family.BOUNDARIES:
        datasets.add_boundaries(work.connection, import_id, new)
    elif family is Family.COUNTS:
        outcomes.add_counts(work.connection, new.to_dicts(), work.actor.name, work.now, import_id)
    else:
        _write_records(workspace, work, import_id, new)
        datasets.supersede_records(work.connection, rows.replaced, import_id)


def _write_records(
    workspace: Workspace, work: UnitOfWork, import_id: int, new: pl.DataFrame
) -> None:
    if new.is_empty():
        return
    cells = add_cells(new, RECORD_RESOLUTION).rename({"cell": RECORD_CELL})
    try:
        files = write_records(workspace.records, import_id, cells, work.files)
    except (OSError, PolarsError) as error:
        message = (
            f"The records cannot be written ({str(error)[:80]}); nothing was imported. Check that "
            "the disk has room and that the workspace can be written."
        )
        raise StoreError(message) from error
    datasets.add_record_files(work.connection, import_id, files)


def _rejects_of(reading: Reading, known: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are not used: those of the reader, and those known from before."""
    if known.is_empty():
        return reading.rejects
    before = reading.rejects.join(known, on="line", how="anti")
    column = pl.lit(None, pl.String).alias("column")
    also = known.select(pl.col("line"), pl.col("status").alias("reason"), column)
    return pl.concat([before, also.cast(before.schema)]).sort("line")


def _new_records(
    workspace: Workspace, work: UnitOfWork, source: str, reading: Reading, *, takes_changes: bool
) -> _Sorted:
    """Leave out records that are stored already, and see which of them differ now."""
    files = datasets.list_record_files(work.connection, [source])
    table = reading.table
    nothing = table.select("line").clear().with_columns(status=pl.lit(None, pl.String))
    if files.empty or table.is_empty():
        return _Sorted(table, nothing)
    replaced = datasets.replaced_records(work.connection)
    stored = pl.concat(
        [
            scan_records(workspace.records, part, replaced)
            .select("record_id", "content_id", "reference_id", import_id=pl.lit(int(str(number))))
            .collect()
            for number, part in files.groupby("import_id")
        ]
    )
    before = stored.select("record_id", pl.col("content_id").alias("before"), "import_id")
    marked = table.join(before, on="record_id", how="left", maintain_order="left")
    is_known = pl.col("import_id").is_not_null()
    differs = is_known & pl.col("before").is_not_null() & (pl.col("before") != pl.col("content_id"))
    status = pl.when(differs).then(pl.lit(CHANGED)).when(is_known).then(pl.lit(KNOWN))
    marked = marked.with_columns(status=status)
    changed = marked.filter(pl.col("status") == CHANGED)
    gone = _gone(stored, table)
    if takes_changes:
        takes = pl.col("status").is_null() | (pl.col("status") == CHANGED)
        old = [*changed.select("import_id", "record_id").iter_rows(), *gone]
        notes = _notes_of(changed.height, len(gone), taken=True)
        known = marked.filter(pl.col("status") == KNOWN).select("line", "status")
        return _Sorted(marked.filter(takes).select(table.columns), known, tuple(old), notes)
    known = marked.filter(pl.col("status").is_not_null()).select("line", "status")
    notes = _notes_of(changed.height, len(gone), taken=False)
    return _Sorted(
        marked.filter(pl.col("status").is_null()).select(table.columns), known, (), notes
    )


def _gone(stored: pl.DataFrame, table: pl.DataFrame) -> list[tuple[int, int]]:
    """Find stored records whose reference is in the file while they themselves are not."""
    references = table["reference_id"].drop_nulls().unique()
    same_reference = stored.filter(pl.col("reference_id").is_in(references.implode()))
    gone = same_reference.join(table.select("record_id"), on="record_id", how="anti")
    return list(gone.select("import_id", "record_id").iter_rows())


def _notes_of(changed: int, gone: int, *, taken: bool) -> tuple[str, ...]:
    notes = []
    if changed and taken:
        notes.append(f"{changed:,} rows took the place of an earlier import's; both are kept.")
    elif changed:
        notes.append(
            f"{changed:,} rows have the reference of an earlier import's but other content. The "
            "earlier ones stand; take the changes (--take-changes) if this file is corrected."
        )
    if gone and taken:
        notes.append(
            f"{gone:,} records of references in this file are not in it now, and no longer count."
        )
    elif gone:
        notes.append(
            f"{gone:,} stored records have references of this file but are not in it. They still "
            "count; take the changes (--take-changes) if the file was issued anew and is whole."
        )
    return tuple(notes)


def _new_rows(work: UnitOfWork, kind: datasets.Kind, source: str, reading: Reading) -> _Sorted:
    """Leave out premises or places that are stored already word for word."""
    known = datasets.known_rows(work.connection, kind, source)
    columns = known.columns
    table = reading.table
    notes: tuple[str, ...] = ()
    if kind == "places" or source == "licensing":
        table, notes = _with_own_references(table, known, kind)
    marked = table.join(
        known.with_columns(status=pl.lit(KNOWN)), on=columns, how="left", nulls_equal=True
    )
    before = marked.filter(pl.col("status").is_not_null()).select("line", "status")
    return _Sorted(marked.filter(pl.col("status").is_null()).drop("status"), before, (), notes)


_REGISTER_OF = {"premises": "authority", "places": "kind"}
"""The column that says whose a reference is: another authority's licence 1 is another licence."""
_REFERENCE_OF = {"premises": "premises_ref", "places": "place_ref"}
_FAR_LAT, _FAR_LNG = 0.01, 0.015
"""Degrees, about 1 km: a place of another name so far off is another place of the same number."""


def _with_own_references(
    table: pl.DataFrame, known: pl.DataFrame, kind: datasets.Kind
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Tell apart what only shares a reference: the one that came first keeps it as it is.

    Within a file the first by name of its register does, so that the order of rows tells nothing.
    """
    reference, register = _REFERENCE_OF[kind], _REGISTER_OF[kind]
    plain = pl.col(register).str.to_lowercase().str.strip_chars()
    columns = [reference, "name", "lat", "lng"]
    parts = [
        part.select(*columns, owner=plain, at=pl.lit(at)) for at, part in enumerate((known, table))
    ]
    first = pl.concat(parts).drop_nulls("owner").sort("at", "owner", "name")
    first = first.unique(reference, keep="first", maintain_order=True).drop("at")
    marked = table.join(first, on=reference, how="left", maintain_order="left", suffix="_first")
    is_other = plain != pl.col("owner")
    own, what = pl.format("{} ({})", reference, register), register
    if kind == "places":
        away = ((pl.col("lat") - pl.col("lat_first")).abs() > _FAR_LAT) | (
            (pl.col("lng") - pl.col("lng_first")).abs() > _FAR_LNG
        )
        is_other |= (pl.col("name") != pl.col("name_first")) & away
        own, what = pl.format("{} ({}, {})", reference, register, "name"), "kind and name"
    own = own.str.slice(0, 100)
    is_other = is_other.fill_null(value=False) | own.is_in(known[reference].implode())
    count = int(marked.select(is_other.sum()).item())
    marked = marked.with_columns(pl.when(is_other).then(own).otherwise(reference).alias(reference))
    said = f"{count:,} references are in use elsewhere; here each has its {what} behind it."
    return marked.select(table.columns), (said,) if count else ()
