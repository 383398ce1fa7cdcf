"""Erase raw records when their time is over, unless they are held; aggregates and actions stay."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.schema import TIME_ZONE
from hotspot.services.hotspots.runs import forget_counts
from hotspot.services.hotspots.snapshots import snapshots_using
from hotspot.services.records.datasets import part_of
from hotspot.services.upkeep.holds import hold_on
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.settings import WorkspaceSettings
from hotspot.store import datasets, retention, snapshots
from hotspot.store import hotspots as stored_hotspots
from hotspot.store.record_files import UNDATED, remove_file, set_aside, unlisted_files
from hotspot.store.unit_of_work import UnitOfWork, reading

SOON_DAYS = 60
_DUE, _SOON, _HELD, _LATER = "due", "due soon", "held", "not due"
_CUT_OFF_SECONDS = 3600.0


@dataclass(frozen=True)
class Purge:
    """What a purge erased, or would erase.

    Attributes
    ----------
    files
        `source`, `month`, `rows`, `due_on` of each file of records.
    held
        The same of files that are due and stay, with `why`.
    hotspots
        Numbers of registered hotspots whose records these were; they and their actions stay.
    snapshots
        Names of the snapshots made of these records; they stay, and are then shown as frozen.
    old_snapshots
        Names of the snapshots that are erased because their own time is over.
    is_dry
        Whether nothing was erased.
    """

    files: pd.DataFrame
    held: pd.DataFrame
    hotspots: tuple[int, ...]
    snapshots: tuple[str, ...]
    old_snapshots: tuple[str, ...]
    is_dry: bool

    @property
    def rows(self) -> int:
        """Count the records."""
        return int(self.files["rows"].sum())


def due_on(month: str, months_kept: int) -> date:
    """Return the day from which the records of a month are kept no longer.

    They are kept for so many months after the end of their own: with 13, September 2025 goes on
    1 November 2026.
    """
    years, number = divmod(int(month[:4]) * 12 + int(month[5:7]) + months_kept, 12)
    return date(years, number + 1, 1)


def months_kept(settings: WorkspaceSettings, source: str) -> int:
    """Return how many months a source is kept."""
    return settings.retention_months.get(source, settings.retention_months.get("default", 13))


def review_queue(workspace: Workspace, actor: Actor, today: date | None = None) -> pd.DataFrame:
    """List the months of records by when they are due, each with its state and what holds it."""
    with work_on(workspace, actor, Operation.VIEW_RETENTION) as work:
        queue = _queue(workspace, work, today or _today())
        work.log("retention", rows=len(queue))
    keys = ["source", "month", "due_on", "state", "why"]
    grouped = queue.groupby(keys).agg(rows=("rows", "sum")).reset_index()
    return grouped.sort_values(["due_on", "source"], ignore_index=True)


def holds_and_erasures(workspace: Workspace, actor: Actor) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List all holds and everything that was erased."""
    with work_on(workspace, actor, Operation.VIEW_RETENTION) as work:
        held = retention.list_holds(work.connection)
        erased = retention.list_erasures(work.connection)
        work.log("holds and erasures", rows=len(held) + len(erased))
    return held, erased


def what_is_due(workspace: Workspace, actor: Actor, today: date | None = None) -> Purge:
    """Say what a purge would erase; a look, and logged as one."""
    with work_on(workspace, actor, Operation.VIEW_RETENTION) as work:
        plan = _find(workspace, work, today or _today())[0]
        work.log("what is due", rows=plan.rows)
    return plan


def purge(workspace: Workspace, actor: Actor, *, is_dry: bool, today: date | None = None) -> Purge:
    """Erase the records whose time is over, file by file, each with a row that says so.

    The rows of the balance sheets, the registers, hotspots and actions stay: none of them holds a
    record of a child.

    Raises
    ------
    StoreError
        A file cannot be removed. It counts no longer, and the next purge removes it.
    """
    with work_on(workspace, actor, Operation.PURGE) as work:
        plan, old = _find(workspace, work, today or _today())
        due = plan.files
        if not is_dry:
            _erase(workspace, work, due)
            rule = f"kept for {workspace.settings.snapshot_months} months"
            for number in old:
                snapshots.erase_snapshot(work.connection, number, work.now, rule)
        shape = {
            "is_dry": is_dry,
            "files": len(due),
            "held": len(plan.held),
            "snapshots": len(old),
        }
        work.log("records past their time", rows=plan.rows, shape=shape)
    if not is_dry:
        for path in due["path"]:
            remove_file(workspace.records, path)
        forget_counts()
        sweep(workspace, actor, older_than=_CUT_OFF_SECONDS)
    return replace(plan, is_dry=is_dry)


def _find(workspace: Workspace, work: UnitOfWork, today: date) -> tuple[Purge, dict[int, str]]:
    """Find what is due, without erasing it; and the names of old snapshots by their numbers."""
    queue = _queue(workspace, work, today)
    due, held = queue[queue["state"] == _DUE], queue[queue["is_overdue"]]
    used = snapshots_using(work.connection, {part_of(file) for file in due.to_dict("records")})
    old = _old_snapshots(workspace, work, today)
    names = tuple(old.values())
    return Purge(due, held, _hotspots_of(work, due), used, names, is_dry=True), old


def sweep(workspace: Workspace, actor: Actor, *, older_than: float) -> int:
    """Set aside files of records that no import lists, and remove uploads that nobody wants.

    A file that the database does not know may be what a cut-off import left, or all that is left of
    records whose database was lost: it goes to `quarantine`, and the log says so. Uploads have
    names of ours and are copies.

    Parameters
    ----------
    older_than
        Seconds: younger ones may belong to an import that is at work.
    """
    with reading(workspace.engine) as connection:
        listed = set(datasets.every_record_file(connection)["path"])
    old = time.time() - older_than
    unknown = [
        path
        for path in unlisted_files(workspace.records, listed)
        if (workspace.records / path).stat().st_mtime <= old
    ]
    if unknown:
        quarantine = workspace.folder / "quarantine" / f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
        with work_on(workspace, actor, Operation.PURGE) as work:
            for path in unknown:
                set_aside(workspace.records, path, quarantine)
            work.log("files in quarantine", rows=len(unknown), shape={"folder": quarantine.name})
    removed = 0
    for upload in workspace.uploads.glob("*") if workspace.uploads.exists() else ():
        if upload.stat().st_mtime <= old:
            upload.unlink(missing_ok=True)
            removed += 1
    return removed + len(unknown)


def _erase(workspace: Workspace, work: UnitOfWork, due: pd.DataFrame) -> None:
    rows: list[dict[str, Any]] = []
    for file in due.to_dict("records"):
        months = months_kept(workspace.settings, file["source"])
        rows.append(
            {
                "path": file["path"],
                "source": file["source"],
                "month": file["month"],
                "import_id": int(file["import_id"]),
                "rows": int(file["rows"]),
                "sha256": file["sha256"],
                "rule": f"kept for {months} months",
                "erased_by": work.actor.name,
                "erased_at": work.now,
            }
        )
        datasets.remove_record_file(work.connection, file["path"])
    retention.add_erasures(work.connection, rows)


def _old_snapshots(workspace: Workspace, work: UnitOfWork, today: date) -> dict[int, str]:
    """Name the snapshots whose time is over, by number, and whose records nothing holds."""
    holds = retention.list_holds(work.connection)
    standing = holds[holds["lifted_at"].isna()]
    names = {}
    for row in snapshots.list_snapshots(work.connection).to_dict("records"):
        day = due_on(f"{row['taken_at']:%Y-%m}", workspace.settings.snapshot_months)
        months = {(file["source"], file["month"]) for file in row["files"]}
        is_held = any(hold_on(standing, *month, today) for month in months)
        if day <= today and row["erased_at"] is None and not is_held:
            names[int(row["snapshot_id"])] = str(row["name"])
    return names


def _queue(workspace: Workspace, work: UnitOfWork, today: date) -> pd.DataFrame:
    """List every file of records with when it is due, and what keeps it."""
    files = datasets.every_record_file(work.connection)
    imported = (
        datasets.list_imports(work.connection).set_index("import_id")["imported_at"].to_dict()
    )
    holds = retention.list_holds(work.connection)
    standing = holds[holds["lifted_at"].isna()]
    days, states, reasons = [], [], []
    for file in files.itertuples():
        month = str(file.month)
        if month == UNDATED:
            month = f"{imported[file.import_id]:%Y-%m}"
        day = due_on(month, months_kept(workspace.settings, str(file.source)))
        why = hold_on(standing, str(file.source), month, today)
        days.append(day)
        reasons.append(why if day <= today else "")
        late = _HELD if why else _DUE
        states.append(
            late if day <= today else _SOON if (day - today).days <= SOON_DAYS else _LATER
        )
    queue = files.assign(due_on=days, state=states, why=reasons)
    return queue.assign(is_overdue=queue["state"] == _HELD)


def _hotspots_of(work: UnitOfWork, due: pd.DataFrame) -> tuple[int, ...]:
    gone = set(due["import_id"].tolist())
    used = stored_hotspots.imports_of_hotspots(work.connection)
    return tuple(number for number, imports in used.items() if gone & set(imports))


def _today() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(TIME_ZONE)).date()
