"""Erase raw records when their time is over, unless they are held; aggregates and actions stay."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.errors import InputError
from hotspot.schema import RECORD_SOURCES, TIME_ZONE
from hotspot.services.datasets import part_of
from hotspot.services.runs import forget_counts, last_day_of
from hotspot.services.snapshots import snapshots_using
from hotspot.services.workspace import MAX_REASON, Workspace, work_on
from hotspot.settings import WorkspaceSettings
from hotspot.store import datasets, repository, retention
from hotspot.store.record_files import UNDATED, remove_file, unlisted_files
from hotspot.store.unit_of_work import UnitOfWork, reading

SOON_DAYS = 60
ALL_SOURCES = ""
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
    is_dry
        Whether nothing was erased.
    """

    files: pd.DataFrame
    held: pd.DataFrame
    hotspots: tuple[int, ...]
    snapshots: tuple[str, ...]
    is_dry: bool

    @property
    def rows(self) -> int:
        """Count the records."""
        return int(self.files["rows"].sum())


@dataclass(frozen=True)
class Hold:
    """A hold to be placed.

    Attributes
    ----------
    source
        Source, or `ALL_SOURCES`.
    first_month, last_month
        Months (YYYY-MM), both included.
    why
        Reason, or the case that needs the records.
    is_legal
        A legal hold stands until it is lifted; an extension keeps records until a day.
    until
        The day of an extension's end.
    """

    source: str
    first_month: str
    last_month: str
    why: str
    is_legal: bool = True
    until: date | None = None


def due_on(month: str, months_kept: int) -> date:
    """Give the day from which the records of a month are kept no longer.

    They are kept for so many months after the end of their own: with 13, September 2025 goes on
    1 November 2026.
    """
    years, number = divmod(int(month[:4]) * 12 + int(month[5:7]) + months_kept, 12)
    return date(years, number + 1, 1)


def months_kept(settings: WorkspaceSettings, source: str) -> int:
    """Give how many months a source is kept."""
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


def place_hold(workspace: Workspace, actor: Actor, hold: Hold) -> int:
    """Keep records beyond their time, and give the hold's number.

    Raises
    ------
    InputError
        The months or the reason are missing, or an extension has no end.
    """
    _check(hold)
    with work_on(workspace, actor, Operation.HOLD_RECORDS) as work:
        number = retention.add_hold(
            work.connection, source=hold.source, first_month=hold.first_month,
            last_month=hold.last_month, why=hold.why.strip()[:MAX_REASON],
            is_legal=hold.is_legal, until=hold.until, placed_by=actor.name, placed_at=work.now,
        )  # fmt: skip
        shape = {"months": [hold.first_month, hold.last_month], "is_legal": hold.is_legal}
        work.log(f"hold {number} on {hold.source or 'all sources'}", rows=1, shape=shape)
    return number


def lift_hold(workspace: Workspace, actor: Actor, hold_id: int) -> None:
    """Lift a hold; what is due goes with the next purge.

    Raises
    ------
    NotFoundError
        There is no such hold that stands.
    """
    with work_on(workspace, actor, Operation.HOLD_RECORDS) as work:
        retention.lift_hold(work.connection, hold_id, actor.name, work.now)
        work.log(f"hold {hold_id} lifted", rows=1)


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
        queue = _queue(workspace, work, today or _today())
        due, held = queue[queue["state"] == _DUE], queue[queue["is_overdue"]]
        used = snapshots_using(work.connection, {part_of(f) for f in due.to_dict("records")})
        found = Purge(due, held, _hotspots_of(work, due), used, is_dry)
        if not is_dry:
            _erase(workspace, work, due)
        shape = {"is_dry": is_dry, "files": len(due), "held": len(held)}
        work.log("records past their time", rows=found.rows, shape=shape)
    if not is_dry:
        for path in due["path"]:
            remove_file(workspace.records, path)
        forget_counts()
        sweep(workspace, older_than=_CUT_OFF_SECONDS)
    return found


def sweep(workspace: Workspace, *, older_than: float) -> int:
    """Remove files of records and uploads that no import lists: what was cut off left them.

    Parameters
    ----------
    older_than
        Seconds: younger ones may belong to an import that is at work.
    """
    with reading(workspace.engine) as connection:
        listed = set(datasets.every_record_file(connection)["path"])
    old = time.time() - older_than
    removed = 0
    for path in unlisted_files(workspace.records, listed):
        if (workspace.records / path).stat().st_mtime <= old:
            remove_file(workspace.records, path)
            removed += 1
    for upload in workspace.uploads.glob("*") if workspace.uploads.exists() else ():
        if upload.stat().st_mtime <= old:
            upload.unlink(missing_ok=True)
            removed += 1
    return removed


def _erase(workspace: Workspace, work: UnitOfWork, due: pd.DataFrame) -> None:
    rows: list[dict[str, Any]] = []
    for file in due.to_dict("records"):
        months = months_kept(workspace.settings, file["source"])
        rows.append({
            "path": file["path"], "source": file["source"], "month": file["month"],
            "import_id": int(file["import_id"]), "rows": int(file["rows"]),
            "sha256": file["sha256"], "rule": f"kept for {months} months",
            "erased_by": work.actor.name, "erased_at": work.now,
        })  # fmt: skip
        datasets.remove_record_file(work.connection, file["path"])
    retention.add_erasures(work.connection, rows)


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
        why = _hold_on(standing, str(file.source), month, today)
        days.append(day)
        reasons.append(why if day <= today else "")
        late = _HELD if why else _DUE
        states.append(
            late if day <= today else _SOON if (day - today).days <= SOON_DAYS else _LATER
        )
    queue = files.assign(due_on=days, state=states, why=reasons)
    return queue.assign(is_overdue=queue["state"] == _HELD)


def _hold_on(holds: pd.DataFrame, source: str, month: str, today: date) -> str:
    for hold in holds.to_dict("records"):
        covers = hold["source"] in (ALL_SOURCES, source)
        in_months = hold["first_month"] <= month <= hold["last_month"]
        runs = hold["is_legal"] or (hold["until"] is not None and hold["until"] >= today)
        if covers and in_months and runs:
            until = "until it is lifted" if hold["is_legal"] else f"until {hold['until']:%d %B %Y}"
            return f"{hold['why']} ({until}; hold {hold['hold_id']})"
    return ""


def _hotspots_of(work: UnitOfWork, due: pd.DataFrame) -> tuple[int, ...]:
    gone = set(due["import_id"].tolist())
    used = repository.imports_of_hotspots(work.connection)
    return tuple(number for number, imports in used.items() if gone & set(imports))


def _check(hold: Hold) -> None:
    problem = None
    for month in (hold.first_month, hold.last_month):
        try:
            last_day_of(month)
        except (ValueError, IndexError):
            problem = f"'{month}' is no month; write it as 2026-10."
    if problem is None and hold.first_month > hold.last_month:
        problem = "The first month is after the last; swap them."
    elif problem is None and not hold.why.strip():
        problem = "Say why the records are held, or which case needs them."
    elif problem is None and not hold.is_legal and hold.until is None:
        problem = "Say until when the records are kept."
    elif problem is None and hold.source not in (ALL_SOURCES, *RECORD_SOURCES):
        problem = f"'{hold.source}' is no source of records."
    if problem is not None:
        raise InputError(problem)


def _today() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(TIME_ZONE)).date()
