"""Look at a file and read it apart, before anything of it is kept."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.errors import InputError
from hotspot.intake.fields.mapping import Mapping
from hotspot.intake.files.raw import Choices
from hotspot.intake.files.sandbox import SANDBOX
from hotspot.intake.places.lookups import ReferenceFiles
from hotspot.intake.rows.balance import Balance, Context, Question, Reading
from hotspot.intake.rows.packing import PackedReading, unpacked
from hotspot.intake.sources.registry import READERS, Look, look_at, read_packed
from hotspot.schema import SOURCES
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import datasets
from hotspot.store.mappings import kept_mappings
from hotspot.store.unit_of_work import reading


@dataclass(frozen=True)
class FileToRead:
    """A file and what its user calls it; the path may be called anything."""

    path: Path
    name: str


def look(
    workspace: Workspace,
    actor: Actor,
    source: str,
    file: FileToRead,
    choices: Choices | None = None,
) -> Look:
    """Look at a file: its columns with examples, and the mapping that its names propose.

    Raises
    ------
    InputError
        The file cannot be opened.
    """
    check_source(source)
    permit(workspace, actor, Operation.LOOK_AT_FILE)
    first_look: Look = SANDBOX.run(
        file.name,
        look_at,
        file.path,
        file.name,
        source,
        choices,
        _kept(workspace, source),
        size=file.path.stat().st_size,
    )
    with work_on(workspace, actor, Operation.LOOK_AT_FILE) as work:
        work.log(source, rows=first_look.rows, shape={"columns": len(first_look.columns)})
    return first_look


def preview(
    workspace: Workspace,
    actor: Actor,
    source: str,
    file: FileToRead,
    mapping: Mapping | None = None,
    cancelled: threading.Event | None = None,
) -> Reading:
    """Read a file without keeping anything: its balance, its questions, its points by reason.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    check_source(source)
    permit(workspace, actor, Operation.LOOK_AT_FILE)
    context = replace(context_of(workspace, source), wants_points=True)
    reading = read_apart(source, file, context, mapping, cancelled)
    outside = question_of_area(workspace, file.name, reading.balance)
    before = None
    with work_on(workspace, actor, Operation.LOOK_AT_FILE) as work:
        before = datasets.import_of_file(work.connection, source, file_sha256(file.path))
        work.log(source, rows=reading.balance.rows_in, shape=reading.balance.as_dict())
    notes = list(reading.notes)
    if before is not None:
        notes.insert(
            0, f"{file.name} was imported before, on {before:%d %B %Y}: it would add nothing."
        )
    return replace(
        reading,
        notes=tuple(notes),
        questions=(*reading.questions, *((outside,) if outside else ())),
    )


def read_apart(
    source: str,
    file: FileToRead,
    context: Context,
    mapping: Mapping | None,
    cancelled: threading.Event | None,
) -> Reading:
    """Read a file in a worker; the caller checks the permission.

    Raises
    ------
    InputError
        It cannot be read.
    """
    if mapping is not None and mapping.source != source:
        message = f"The mapping is for {mapping.source}, not for {source}."
        raise InputError(message)
    packed: PackedReading = SANDBOX.run(
        file.name,
        read_packed,
        source,
        file.path,
        context,
        mapping,
        file.name,
        size=file.path.stat().st_size,
        cancelled=cancelled,
    )
    return unpacked(packed)


def check_source(source: str) -> None:
    """Refuse a source that there is not."""
    if source not in READERS:
        message = f"There is no source '{source}'; choose one of: {', '.join(SOURCES)}."
        raise InputError(message)


def _kept(workspace: Workspace, source: str) -> tuple[Mapping, ...]:
    with reading(workspace.engine) as connection:
        return tuple(Mapping.model_validate(m) for m in kept_mappings(connection, source))


def context_of(workspace: Workspace, source: str) -> Context:
    """Return what readers need to know of a workspace."""
    return Context(
        workspace.area,
        workspace.keys.pseudonyms,
        ReferenceFiles(workspace.reference),
        takes_protected=workspace.settings.takes_protected_sources,
        kept=_kept(workspace, source),
        nobody=workspace.settings.nobody,
        today=None if workspace.settings.demo else date.today(),  # noqa: DTZ011 - a local day
    )


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises
    ------
    InputError
        It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}); check the path."
        raise InputError(message) from error


def question_of_area(workspace: Workspace, name: str, balance: Balance) -> Question | None:
    """Ask whether this is the right force, where many rows lie outside its area."""
    outside = balance.set_aside["out_of_area"]
    kept = ("default_coordinate", "coarse_location", "form_off", "role_off", "setting_off")
    located = balance.used + outside + sum(balance.set_aside[reason] for reason in kept)
    if not located or outside / located <= workspace.area.outside_limit:
        return None
    text = (
        f"{name}: {outside:,} of {located:,} located rows lie outside {workspace.area.name}. Is "
        "this your force?"
    )
    return Question("outside", text)
