"""Examine a workspace and its machine: what is well, what to look at, what is wrong."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from hotspot.access.actor import UserRole
from hotspot.access.log_filter import LogFilter
from hotspot.access.permissions import Operation
from hotspot.errors import HotspotError, InputError, StoreError
from hotspot.services.workspace.folder import Workspace, open_workspace
from hotspot.services.workspace.measure_catalogue import catalogue_of
from hotspot.services.workspace.network_drives import is_network_drive
from hotspot.store import accounts, audit, backup
from hotspot.store.unfinished import waiting
from hotspot.store.unit_of_work import reading

ROOM_WANTED = 1_000_000_000
DAYS_BETWEEN_BACKUPS = 7


class State(StrEnum):
    """How a finding stands."""

    WELL = "well"
    LOOK = "look"
    WRONG = "WRONG"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and what to do where it is not well."""

    state: State
    what: str
    detail: str


def examine(folder: Path) -> list[Finding]:
    """Look at everything; nothing is changed, and no record is shown."""
    try:
        workspace = open_workspace(folder)
    except HotspotError as error:
        return [Finding(State.WRONG, "workspace", str(error))]
    try:
        return [finding for look in _LOOKS for finding in _looked(look, workspace)]
    finally:
        workspace.engine.dispose()


def _looked(
    look: Callable[[Workspace], Iterator[Finding]], workspace: Workspace
) -> Iterator[Finding]:
    """Go on where one look finds a database that cannot be read."""
    try:
        yield from look(workspace)
    except StoreError as error:
        yield Finding(State.WRONG, look.__name__.strip("_").replace("_", " "), str(error))


def _database(workspace: Workspace) -> Iterator[Finding]:
    problems = backup.damage(workspace.engine)
    yield Finding(
        State.WRONG if problems else State.WELL,
        "database",
        f"damaged: {problems[0]}; restore a backup" if problems else "sound",
    )


def _log(workspace: Workspace) -> Iterator[Finding]:
    with reading(workspace.engine) as connection:
        problems = audit.verify(connection, workspace.keys.log)
        rows = audit.read_head(connection).audit_id
    detail = f"not whole: {problems[0]}" if problems else f"whole, {rows} rows"
    yield Finding(State.WRONG if problems else State.WELL, "log", detail)


def _measures(workspace: Workspace) -> Iterator[Finding]:
    try:
        catalogue = catalogue_of(workspace)
    except InputError as error:
        yield Finding(State.WRONG, "measures", str(error))
        return
    unchecked = sum(measure.checked_by is None for measure in catalogue.values())
    detail = f"{unchecked} of {len(catalogue)} not yet checked by your legal team"
    yield Finding(State.LOOK if unchecked else State.WELL, "measures", detail)


def _records(workspace: Workspace) -> Iterator[Finding]:
    listed = backup.listed_files(workspace.engine)
    broken = [name for name, digest in listed.items() if not _fits(workspace, name, digest)]
    detail = f"{len(broken)} of {len(listed)} files are lost or altered: {', '.join(broken[:3])}"
    yield Finding(
        State.WRONG if broken else State.WELL,
        "record files",
        f"{detail}; restore a backup" if broken else f"{len(listed)} files, each as it was written",
    )
    there = {
        path.relative_to(workspace.records).as_posix()
        for path in workspace.records.rglob("*")
        if path.is_file()
    }
    left = sorted(there - set(listed))
    if left:
        detail = f"{len(left)} that no import lists, left by one that was cut off; harmless"
        yield Finding(State.LOOK, "other files among the records", detail)


def _privacy(workspace: Workspace) -> Iterator[Finding]:
    """See that nobody but the owner may read anything: records, database, keys, all of it."""
    if os.name != "posix":
        yield Finding(State.LOOK, "who may read", "see the folder's own settings of access")
        return
    every = [workspace.folder, *workspace.folder.rglob("*")]
    loose = [path for path in every if _others_may(path)]
    shown = ", ".join(str(path.relative_to(workspace.folder)) for path in loose[:3])
    detail = f"others may reach {len(loose)} files ({shown}): chmod -R go= {workspace.folder}"
    yield Finding(
        State.WRONG if loose else State.WELL,
        "who may read",
        detail if loose else "the folder's owner alone",
    )


def _others_may(path: Path) -> bool:
    try:
        return bool(stat.S_IMODE(path.lstat().st_mode) & 0o077) and not path.is_symlink()
    except OSError:
        return False


def _left_over(workspace: Workspace) -> Iterator[Finding]:
    lists = waiting(workspace.unfinished)
    if lists:
        detail = (
            f"{lists} pieces of work go on, or were cut off and left files; the next import or "
            "start of the server takes those away"
        )
        yield Finding(State.LOOK, "unfinished work", detail)


def _people(workspace: Workspace) -> Iterator[Finding]:
    with reading(workspace.engine) as connection:
        known = [a for a in accounts.list_accounts(connection) if not a.is_disabled]
    admins = [a for a in known if UserRole.ADMINISTRATOR in a.roles]
    auditors = [a for a in known if UserRole.AUDITOR in a.roles]
    if not admins:
        yield Finding(State.LOOK, "accounts", "no administrator: hotspot user add")
    elif not auditors:
        yield Finding(
            State.LOOK, "accounts", "no auditor: nobody but the command line reads the log"
        )
    else:
        yield Finding(State.WELL, "accounts", f"{len(known)} may sign in")


def _place(workspace: Workspace) -> Iterator[Finding]:
    is_remote = is_network_drive(workspace.folder) and not workspace.settings.database_url
    detail = (
        "on a network drive: SQLite cannot lock there and will lose writes; move it to this "
        "machine's own disk and keep backups on the share"
    )
    yield Finding(
        State.WRONG if is_remote else State.WELL, "place", detail if is_remote else "a local disk"
    )
    free = shutil.disk_usage(workspace.folder).free
    yield Finding(
        State.WELL if free >= ROOM_WANTED else State.LOOK,
        "room on the disk",
        f"{free / 1e9:.1f} GB free",
    )


def _backups(workspace: Workspace) -> Iterator[Finding]:
    if workspace.settings.database_url:
        return
    wanted = LogFilter(operations=(Operation.BACK_UP.value,))
    with reading(workspace.engine) as connection:
        rows, _ = audit.read_log(connection, wanted, 1)
    if rows.empty:
        yield Finding(State.LOOK, "backups", "none yet: hotspot backup FILE -w FOLDER")
        return
    days = (datetime.now(UTC) - rows["at"].iloc[0]).days
    is_fresh = days <= DAYS_BETWEEN_BACKUPS
    yield Finding(State.WELL if is_fresh else State.LOOK, "backups", f"the last {days} days ago")


def _fits(workspace: Workspace, name: str, digest: str) -> bool:
    try:
        with (workspace.records / name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


_LOOKS: tuple[Callable[[Workspace], Iterator[Finding]], ...] = (
    _database,
    _log,
    _records,
    _measures,
    _privacy,
    _left_over,
    _people,
    _place,
    _backups,
)
