"""Import files: looked at, read apart, asked about, then all of them or none, with a balance."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.errors import (
    InputError,
    NotAllowedError,
    OutsideAreaError,
    QuestionError,
    StoreError,
)
from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.files.sniffing import check_size
from hotspot.intake.rows.balance import Balance, Context, Reading, accepted_instead
from hotspot.services.records.previews import (
    FileToRead,
    check_source,
    context_of,
    file_sha256,
    question_of_area,
    read_apart,
)
from hotspot.services.records.storing import Kept, keep
from hotspot.services.workspace.folder import (
    Workspace,
    display_name,
    permit,
    sweep_leftovers,
    work_on,
)
from hotspot.services.workspace.keys import check_of
from hotspot.settings import SAMPLE_FOLDER
from hotspot.store import datasets
from hotspot.store.facts import PSEUDONYM_CHECK, read_fact, write_fact
from hotspot.store.mappings import keep_mapping
from hotspot.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ImportPlan:
    """How files are to be imported.

    Attributes
    ----------
    mapping
        What each column means; `None` for the mapping that was kept, or the proposed one.
    accepted
        Codes of the questions to which the user has said yes.
    takes_changes
        Whether rows that differ from an earlier import's take their place (both are kept).
    supersedes
        Number of an import that is withdrawn with this one.
    """

    mapping: Mapping | None = None
    accepted: frozenset[str] = frozenset()
    takes_changes: bool = False
    supersedes: int | None = None


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
    import_ids
        Numbers of the imports, one a file.
    """

    source: str
    balance: Balance
    files: list[tuple[str, Balance]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    import_ids: list[int] = field(default_factory=list)

    @property
    def accepted_instead(self) -> str:
        """Say what would be used, where no row is; empty where rows are or were known before."""
        return accepted_instead(self.balance)

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values, as `hotspot import --json` prints them."""
        files = [{"file": name, **balance.as_dict()} for name, balance in self.files]
        return {
            "source": self.source,
            **self.balance.as_dict(),
            "files": files,
            "imports": self.import_ids,
            "notes": self.notes,
        }


@dataclass(frozen=True)
class _FileRead:
    """A file with its digest and what was read of it."""

    file: FileToRead
    sha256: str
    reading: Reading


def import_files(  # noqa: PLR0913 - what, how, and how it is followed
    workspace: Workspace,
    actor: Actor,
    source: str,
    files: Sequence[Path | FileToRead],
    plan: ImportPlan | None = None,
    *,
    outside_ok: bool = False,
    progress: Callable[[str], None] = lambda _: None,
    cancelled: threading.Event | None = None,
) -> ImportReport:
    """Import files of one source in one transaction, which opens once all of them are read.

    Parameters
    ----------
    source
        One of `schema.SOURCES`.
    outside_ok
        The same as accepting the question "outside".
    progress
        Called with a line of text for each step.
    cancelled
        Set by another thread to give up; nothing is left behind.

    Raises
    ------
    InputError
        A file or the source cannot be used, or it was given up; nothing is imported.
    QuestionError
        Something must be answered first.
    NotAllowedError
        The actor may not import, or the workspace is the demonstration.
    """
    plan = plan or ImportPlan()
    accepted = plan.accepted | ({"outside"} if outside_ok else set())
    check_source(source)
    if not files:
        message = "No file was given; name at least one."
        raise InputError(message)
    permit(workspace, actor, Operation.IMPORT)
    context = context_of(workspace, source)
    read: list[_FileRead] = []
    for given in files:
        file = given if isinstance(given, FileToRead) else FileToRead(given, display_name(given))
        progress(f"reading {file.name}")
        one = _read_one(workspace, context, source, file, plan.mapping, cancelled)
        _ask(workspace, file.name, one.reading, accepted)
        read.append(one)
    report = ImportReport(source, Balance())
    sweep_leftovers(workspace)
    with work_on(workspace, actor, Operation.IMPORT) as work:
        _check_keys(workspace, work)
        for one in read:
            _refuse_if_cancelled(cancelled)
            progress(f"keeping {one.file.name}")
            report = _keep_one(workspace, work, report, one, takes_changes=plan.takes_changes)
        if plan.supersedes is not None:
            _withdraw(work, plan.supersedes, report.import_ids[0])
        shape = {
            "files": len(files),
            "imports": report.import_ids,
            **report.balance.as_dict(),
        }
        work.log(source, rows=report.balance.rows_in, shape=shape)
        _refuse_if_cancelled(cancelled)
    return report


def _read_one(
    workspace: Workspace,
    context: Context,
    source: str,
    file: FileToRead,
    mapping: Mapping | None,
    cancelled: threading.Event | None,
) -> _FileRead:
    """Read a file apart from this process, and its digest meanwhile."""
    check_size(file.path, file.name)
    if workspace.settings.demo:
        _refuse_in_demo(file)
    with ThreadPoolExecutor(1) as beside:
        sha256 = beside.submit(file_sha256, file.path)
        reading = read_apart(source, file, context, mapping, cancelled)
    return _FileRead(file, sha256.result(), reading)


def _keep_one(
    workspace: Workspace,
    work: UnitOfWork,
    report: ImportReport,
    one: _FileRead,
    *,
    takes_changes: bool,
) -> ImportReport:
    """Keep the rows of a file and the mapping it was read by; give the report with it."""
    values = {"file_name": one.file.name, "sha256": one.sha256}
    kept = keep(workspace, work, report.source, values, one.reading, takes_changes=takes_changes)
    mapping = one.reading.mapping
    if mapping is not None:
        who = work.actor.name
        keep_mapping(work.connection, report.source, mapping.model_dump(), who, work.now)
    return _added(report, one.file.name, kept, one.reading)


def _withdraw(work: UnitOfWork, old: int, new: int) -> None:
    """Withdraw an import because another takes its place."""
    datasets.withdraw_import(
        work.connection,
        old,
        withdrawn_at=work.now,
        withdrawn_by=work.actor.name,
        withdrawn_why="superseded",
        superseded_by=new,
    )


def _check_keys(workspace: Workspace, work: UnitOfWork) -> None:
    """Refuse to write pseudonyms under other keys than those in the database."""
    check = check_of(workspace.keys.pseudonyms)
    known = read_fact(work.connection, PSEUDONYM_CHECK)
    if known is None:
        write_fact(work.connection, PSEUDONYM_CHECK, check)
    elif known != check:
        message = (
            "The key of the pseudonyms was changed while this program ran; nothing was imported. "
            "Start it again."
        )
        raise StoreError(message)


def _added(report: ImportReport, name: str, kept: Kept, reading: Reading) -> ImportReport:
    report.files.append((name, kept.balance))
    report.notes.extend([*reading.notes, *kept.notes])
    report.import_ids.append(kept.import_id)
    return replace(report, balance=report.balance + kept.balance)


def _refuse_in_demo(file: FileToRead) -> None:
    """Let nothing but the sample's own files into a demonstration."""
    own = {file_sha256(sample) for sample in SAMPLE_FOLDER.iterdir() if sample.is_file()}
    if file_sha256(file.path) not in own:
        message = (
            f"{file.name} is not part of the invented sample. This workspace is the demonstration "
            "and holds invented data only. Make one of your own with: hotspot init FOLDER --area "
            "NAME|FILE"
        )
        raise NotAllowedError(message)


def _refuse_if_cancelled(cancelled: threading.Event | None) -> None:
    if cancelled is not None and cancelled.is_set():
        message = "The import was given up; nothing was imported."
        raise InputError(message)


def _ask(workspace: Workspace, name: str, reading: Reading, accepted: frozenset[str]) -> None:
    outside = question_of_area(workspace, name, reading.balance)
    if outside is not None and "outside" not in accepted:
        message = f"{outside.text} Nothing was imported; to import all the same, add --outside-ok."
        raise OutsideAreaError(message, ("outside",))
    open_ones = [q for q in reading.questions if q.code not in accepted]
    if open_ones:
        texts = " ".join(question.text for question in open_ones)
        codes = tuple(question.code for question in open_ones)
        how = " ".join(f"--accept {code}" for code in codes)
        message = f"{texts} Nothing was imported; to say yes, add {how}."
        raise QuestionError(message, codes)
