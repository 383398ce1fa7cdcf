"""List what was imported with its balance sheets, hand out the rows not used, withdraw mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.tabular import write_table
from hotspot.errors import InputError, NotFoundError
from hotspot.intake.rows.balance import REASONS
from hotspot.schema import SOURCE_LABELS
from hotspot.services.workspace.exports import ExportFile, file_name, heading_of
from hotspot.services.workspace.folder import MAX_REASON, Workspace, work_on
from hotspot.store import datasets, retention
from hotspot.store import hotspots as stored_hotspots
from hotspot.store.unit_of_work import Connection, reading

Part = tuple[str, str, int]
"""Source, month and import of a file of records."""


@dataclass(frozen=True)
class Withdrawal:
    """What withdrawing an import did.

    Attributes
    ----------
    import_again
        (number, file) of later imports that left rows out as known from before, which may have
        been known from this one: import those files again.
    hotspots
        Numbers of registered hotspots that were registered with its records.
    """

    import_again: tuple[tuple[int, str], ...]
    hotspots: tuple[int, ...]


def list_datasets(workspace: Workspace, actor: Actor) -> pd.DataFrame:
    """List the imports, the newest first, each with its balance sheet, notes and completeness."""
    with work_on(workspace, actor, Operation.VIEW_DATASETS) as work:
        imports = datasets.list_imports(work.connection)
        work.log("datasets", rows=len(imports))
    return imports.assign(label=imports["source"].map(SOURCE_LABELS).fillna(imports["source"]))


def export_unused(
    workspace: Workspace,
    actor: Actor,
    import_id: int,
    form: FileForm,
    reason: str,
    group: str | None = None,
) -> ExportFile:
    """Write the rows of an import that were not used: line, column and reason, never content.

    Parameters
    ----------
    group
        One reason code; `None` for all.

    Raises
    ------
    NotFoundError
        There is no such import.
    """
    with work_on(workspace, actor, Operation.EXPORT_UNUSED, reason) as work:
        every = datasets.list_imports(work.connection)
        chosen = every[every["import_id"] == import_id]
        if chosen.empty:
            message = f"There is no import {import_id}."
            raise NotFoundError(message)
        rows = datasets.rejects_of(work.connection, import_id, group)
        table = pd.DataFrame(
            {
                "Line": rows["line"],
                "Reason code": rows["reason"],
                "Why": "The row " + rows["reason"].map(REASONS).fillna(""),
                "Column": rows["column"].fillna(""),
            }
        )
        name = str(chosen["file_name"].iloc[0])
        what = f"Rows of {name} (import {import_id}) that are not used"
        heading = heading_of(workspace, what, actor, actor.name)
        content = write_table(table, form, heading)
        work.log(
            f"import {import_id}",
            rows=len(rows),
            shape={"reason": group or "all"},
            recipients=actor.name,
        )
    name = file_name(workspace, f"unused-rows-{import_id}", form)
    return ExportFile(name, form, content)


def withdraw_import(workspace: Workspace, actor: Actor, import_id: int, why: str) -> Withdrawal:
    """Withdraw a wrong import: its rows count no longer, its balance sheet stays.

    Raises
    ------
    InputError
        No reason is given.
    NotFoundError
        There is no such import that stands.
    """
    if not why.strip():
        message = "Say why the import is withdrawn; it stays in the list with the reason."
        raise InputError(message)
    with work_on(workspace, actor, Operation.WITHDRAW_IMPORT) as work:
        every = datasets.list_imports(work.connection)
        datasets.withdraw_import(
            work.connection,
            import_id,
            withdrawn_at=work.now,
            withdrawn_by=actor.name,
            withdrawn_why=why.strip()[:MAX_REASON],
        )
        source = every.loc[every["import_id"] == import_id, "source"].iloc[0]
        later = every[
            (every["import_id"] > import_id)
            & (every["source"] == source)
            & every["withdrawn_at"].isna()
            & every["balance"].map(lambda sheet: "already_imported" in sheet["set_aside"])
        ]
        used = stored_hotspots.imports_of_hotspots(work.connection)
        hotspots = tuple(number for number, imports in used.items() if import_id in imports)
        work.log(f"import {import_id}", rows=1, shape={"source": source, "why": why[:MAX_REASON]})
    again = tuple(zip(later["import_id"].tolist(), later["file_name"].tolist(), strict=True))
    return Withdrawal(again, hotspots)


def changes_under(workspace: Workspace, hotspot_id: int) -> list[str]:
    """Say which records that a hotspot was registered with were withdrawn or erased since."""
    with reading(workspace.engine) as connection:
        used = stored_hotspots.imports_of_hotspots(connection).get(hotspot_id, [])
        return losses_of(connection, set(used))


def losses_of(
    connection: Connection, imports: set[int], parts: set[Part] | None = None
) -> list[str]:
    """Say which records of some imports were withdrawn or erased.

    Parameters
    ----------
    parts
        Only these months of them (see `part_of`); all by default.
    """
    every = datasets.list_imports(connection)
    gone = every[every["import_id"].isin(imports) & every["withdrawn_at"].notna()]
    said = [
        f"{SOURCE_LABELS.get(row['source'], row['source'])} (import {row['import_id']}) were "
        f"withdrawn on {row['withdrawn_at']:%d %B %Y}."
        for row in gone.to_dict("records")
    ]
    erased = retention.list_erasures(connection)
    mine = [
        row
        for row in erased.to_dict("records")
        if row["import_id"] in imports and (parts is None or part_of(row) in parts)
    ]
    lost = pd.DataFrame(mine, columns=erased.columns)
    for (source, rule), part in lost.groupby(["source", "rule"]):
        said.append(
            f"{SOURCE_LABELS.get(str(source), str(source))}: source erased on "
            f"{part['erased_at'].max():%d %B %Y} ({rule}); {int(part['rows'].sum()):,} records "
            "were erased."
        )
    return said


def part_of(file: Mapping[Any, Any]) -> Part:
    """Tell one month of an import: its file may be written again under another name."""
    return str(file["source"]), str(file["month"]), int(file["import_id"])
