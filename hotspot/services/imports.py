"""Import files: all of them or none, with a balance sheet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.cells import add_cells
from hotspot.errors import InputError, NotAllowedError, OutsideAreaError
from hotspot.intake import (
    food_hygiene,
    incidents,
    licensing_register,
    missing,
    points_of_interest,
    police_uk,
)
from hotspot.intake.balance import REASONS, Balance, Context, Reading
from hotspot.intake.sandbox import SANDBOX
from hotspot.intake.sniffing import check_size
from hotspot.schema import PLACE_SOURCES, PREMISES_SOURCES, RECORD_CELL, RECORD_RESOLUTION, SOURCES
from hotspot.services.workspace import Workspace, display_name, permit, work_on
from hotspot.settings import SAMPLE_FOLDER
from hotspot.store import repository
from hotspot.store.record_files import scan_records, write_records
from hotspot.store.unit_of_work import UnitOfWork

READERS: dict[str, Callable[[Path, Context], Reading]] = {
    module.SOURCE: module.read
    for module in (
        missing,
        incidents,
        police_uk,
        food_hygiene,
        licensing_register,
        points_of_interest,
    )
}


REASONS_TEXT = REASONS
"""Why rows were set aside or rejected, in words."""


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    source
        Name of the source.
    balance
        Balance sheet of all files together.
    files
        (file name, balance sheet) of each.
    notes
        Decisions that the readers took.
    """

    source: str
    balance: Balance
    files: list[tuple[str, Balance]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values, as `hotspot import --json` prints them."""
        files = [{"file": name, **balance.as_dict()} for name, balance in self.files]
        return {
            "source": self.source,
            **self.balance.as_dict(),
            "files": files,
            "notes": self.notes,
        }


def import_files(
    workspace: Workspace,
    actor: Actor,
    source: str,
    paths: list[Path],
    *,
    outside_ok: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> ImportReport:
    """Import files of one source in one transaction, which opens once all of them are read.

    Parameters
    ----------
    source
        One of `schema.SOURCES`.
    outside_ok
        Import even where more rows lie outside the area than its limit allows.
    progress
        Called with a line of text for each file.

    Raises
    ------
    InputError
        A file or the source cannot be used; nothing is imported.
    OutsideAreaError
        Too many rows lie outside the area: is this your force?
    NotAllowedError
        The actor may not import, or the workspace is the demonstration.
    """
    if source not in READERS:
        message = f"There is no source '{source}'; choose one of: {', '.join(SOURCES)}."
        raise InputError(message)
    if not paths:
        message = "No file was given; name at least one."
        raise InputError(message)
    permit(workspace, actor, Operation.IMPORT)
    context = Context(workspace.area, workspace.keys.pseudonyms)
    read = []
    for path in paths:
        progress(f"reading {display_name(path)}")
        digest = _digest(path)
        check_size(path)
        _refuse_in_demo(workspace, path, digest)
        reading = SANDBOX.run(display_name(path), READERS[source], path, context)
        if not outside_ok:
            _ask_about_area(workspace, path, reading.balance)
        read.append((path, digest, reading))
    report = ImportReport(source, Balance())
    with work_on(workspace, actor, Operation.IMPORT) as work:
        for path, digest, reading in read:
            balance = _keep(workspace, work, source, path, digest, reading)
            report.files.append((display_name(path), balance))
            report.notes.extend(reading.notes)
            report = replace(report, balance=report.balance + balance)
        counts = report.balance.as_dict()
        work.log(source, rows=report.balance.rows_in, shape={"files": len(paths), **counts})
    return report


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}); check the path."
        raise InputError(message) from error


def _refuse_in_demo(workspace: Workspace, path: Path, digest: str) -> None:
    """Let nothing but the sample's own files into a demonstration."""
    if not workspace.settings.demo:
        return
    sample = SAMPLE_FOLDER / path.name
    if not sample.is_file() or _digest(sample) != digest:
        message = (
            "This workspace is the demonstration and holds invented data only. Make one of your "
            "own with: hotspot init FOLDER --area NAME|FILE"
        )
        raise NotAllowedError(message)


def _ask_about_area(workspace: Workspace, path: Path, balance: Balance) -> None:
    outside = balance.set_aside["out_of_area"]
    located = balance.used + outside + balance.set_aside["default_coordinate"]
    if located and outside / located > workspace.area.outside_limit:
        message = (
            f"{display_name(path)}: {outside:,} of {located:,} located rows lie outside "
            f"{workspace.area.name}. Is this your force? Nothing was imported; to import all the "
            "same, add --outside-ok."
        )
        raise OutsideAreaError(message)


def _keep(
    workspace: Workspace, work: UnitOfWork, source: str, path: Path, digest: str, reading: Reading
) -> Balance:
    """Write what is new of a reading and return its balance sheet."""
    kind: repository.Kind | None = None
    if source in (*PREMISES_SOURCES, *PLACE_SOURCES):
        kind = "premises" if source in PREMISES_SOURCES else "places"
        new, balance = _new_rows(work, kind, source, reading)
    else:
        new, balance = _new_records(workspace, work, source, reading)
    import_id = repository.add_import(
        work.connection,
        source=source,
        file_name=display_name(path),
        sha256=digest,
        imported_at=work.now,
        imported_by=work.actor.name,
        balance=balance.as_dict(),
        notes=list(reading.notes),
    )
    repository.add_rejects(work.connection, import_id, reading.rejects)
    if kind is not None:
        repository.put_rows(work.connection, kind, import_id, new)
    elif new.height:
        cells = add_cells(new, RECORD_RESOLUTION).rename({"cell": RECORD_CELL})
        files = write_records(workspace.records, import_id, cells)
        repository.add_record_files(work.connection, import_id, files)
    return balance


def _new_records(
    workspace: Workspace, work: UnitOfWork, source: str, reading: Reading
) -> tuple[pl.DataFrame, Balance]:
    """Leave out records that are stored already; count them by that reason."""
    files = repository.list_record_files(work.connection, [source])
    known = scan_records(workspace.records, files["path"].tolist()).select("record_id").collect()
    is_known = reading.table["record_id"].is_in(known["record_id"].implode())
    return reading.table.filter(~is_known), _move_known(reading, is_known)


def _new_rows(
    work: UnitOfWork,
    kind: repository.Kind,
    source: str,
    reading: Reading,
) -> tuple[pl.DataFrame, Balance]:
    """Leave out premises or places that are stored already word for word."""
    known = repository.known_rows(work.connection, kind, source)
    columns = known.columns
    marked = reading.table.join(
        known.with_columns(known=pl.lit(value=True)), on=columns, how="left", nulls_equal=True
    )
    is_known = marked["known"].is_not_null()
    return reading.table.filter(~is_known), _move_known(reading, is_known)


def _move_known(reading: Reading, is_known: pl.Series) -> Balance:
    """Count rows known from before as `already_imported` instead of what they were."""
    balance = replace(reading.balance, set_aside=reading.balance.set_aside.copy())
    known = reading.table.filter(is_known)
    reasons = (
        known["set_aside"] if "set_aside" in known.columns else pl.Series([None] * known.height)
    )
    for reason in reasons.to_list():
        if reason is None:
            balance.used -= 1
        else:
            balance.set_aside[reason] -= 1
    balance.set_aside["already_imported"] += known.height
    balance.set_aside = +balance.set_aside
    return balance
