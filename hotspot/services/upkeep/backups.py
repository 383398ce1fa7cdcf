"""Back a workspace up into one file while it is used, and restore it into a clean folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation, require
from hotspot.errors import InputError, StoreError
from hotspot.services.workspace.folder import Workspace, open_workspace, work_on
from hotspot.services.workspace.measure_catalogue import OVERLAY
from hotspot.store import backup as store
from hotspot.store.database import open_database, sqlite_url

MANIFEST = "manifest.json"
DATABASE = "hotspot.db"
_PLAIN = ("workspace.json", "area.geojson", "basemap.geojson", OVERLAY)
_CHUNK = 1 << 20


@dataclass(frozen=True)
class BackupReport:
    """What a backup holds, or what a restored workspace was checked against.

    Attributes
    ----------
    files
        Number of files.
    rows
        Rows of each table.
    log_rows, log_seal
        The end of the log.
    """

    files: int
    rows: dict[str, int]
    log_rows: int
    log_seal: str


def back_up(workspace: Workspace, actor: Actor, target: Path) -> BackupReport:
    """Write a backup of everything a workspace is: database, records, settings and keys.

    The row of the log comes first, so the backup holds it. The database is copied as it stands at
    one instant; record files never change, so copying those that it lists is enough.

    Raises
    ------
    StoreError
        The target exists or cannot be written, or the database is a server's.
    """
    if target.exists():
        message = f"{target} exists already; a backup never replaces another. Choose a new name."
        raise StoreError(message)
    with work_on(workspace, actor, Operation.BACK_UP) as work:
        work.log("backup", shape={"demo": workspace.settings.demo}, recipients=target.name)
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".hotspot-") as scratch:
            report = _write(workspace, Path(scratch), unfinished)
        unfinished.replace(target)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        message = f"The backup cannot be written to {target} ({error.strerror}); nothing was kept."
        raise StoreError(message) from error
    return report


def restore(actor: Actor, source: Path, folder: Path) -> BackupReport:
    """Restore a backup into a new or empty folder, after checking every file in it.

    Raises
    ------
    InputError
        The file is no backup, or a file in it was altered.
    StoreError
        The folder is not empty or cannot be written.
    """
    require(actor, Operation.RESTORE)
    if folder.exists() and any(folder.iterdir()):
        message = f"{folder} is not empty; restore into a new folder."
        raise StoreError(message)
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".hotspot-"))
    try:
        manifest = _unpack(source, scratch)
        if folder.exists():
            folder.rmdir()
        scratch.replace(folder)
    except OSError as error:
        message = f"{folder} cannot be written ({error.strerror}); nothing was restored."
        raise StoreError(message) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    workspace = open_workspace(folder)
    with work_on(workspace, actor, Operation.RESTORE) as work:
        shape = {"log_rows": manifest["log"]["rows"], "files": len(manifest["files"])}
        work.log("restore", shape=shape)
    workspace.engine.dispose()
    return _report(manifest)


def _write(workspace: Workspace, scratch: Path, target: Path) -> BackupReport:
    copy = scratch / DATABASE
    store.copy_database(workspace.engine, copy)
    engine = open_database(sqlite_url(copy), scratch)
    try:
        head, rows = store.head_of(engine), store.count_rows(engine)
        listed = store.listed_files(engine)
    finally:
        engine.dispose()
    store.settle(copy)
    paths = {DATABASE: copy}
    plain = {name: workspace.folder / name for name in _PLAIN}
    paths |= {name: path for name, path in plain.items() if path.exists()}
    paths |= {f"records/{name}": workspace.records / name for name in listed}
    secrets = workspace.folder / "secrets"
    paths |= {f"secrets/{path.name}": path for path in sorted(secrets.iterdir())}
    manifest = {
        "hotspot_backup": 1,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "rows": rows,
        "log": {"rows": head.audit_id, "seal": head.seal},
        "files": {name: _digest(path) for name, path in paths.items()},
    }
    with os.fdopen(os.open(target, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
            for name, path in paths.items():
                archive.write(path, name)
        file.flush()
        os.fsync(file.fileno())
    return _report(manifest)


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup, file by file as its manifest lists them; refuse anything else."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
            files: dict[str, str] = manifest["files"]
            if manifest["hotspot_backup"] != 1 or set(archive.namelist()) != {MANIFEST, *files}:
                message = f"{source.name} is no whole backup of Hotspot: its list does not fit."
                raise InputError(message)
            for name, digest in files.items():
                _unpack_one(archive, name, digest, folder)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, FileNotFoundError) as error:
        if isinstance(error, InputError):
            raise
        message = f"{source.name} is no backup of Hotspot ({error}); nothing was restored."
        raise InputError(message) from error
    return manifest


def _unpack_one(archive: zipfile.ZipFile, name: str, digest: str, folder: Path) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        message = f"The backup names a file outside its folder ({name[:80]}); it is not restored."
        raise InputError(message)
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode = 0o600 if path.parts[0] == "secrets" else 0o644
    with (
        archive.open(name) as packed,
        os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file,
    ):
        shutil.copyfileobj(packed, file, _CHUNK)
    if _digest(target) != digest:
        message = f"{name} in the backup was altered or damaged; nothing was restored."
        raise InputError(message)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _report(manifest: dict[str, Any]) -> BackupReport:
    log = manifest["log"]
    return BackupReport(len(manifest["files"]), manifest["rows"], log["rows"], log["seal"])
