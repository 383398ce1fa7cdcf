"""Keep uploaded files under generated names while they wait to be imported."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from hotspot.errors import InputError, StoreError
from hotspot.intake.files.sniffing import MAX_FILE_BYTES
from hotspot.services.records.previews import FileToRead
from hotspot.services.workspace.folder import Workspace, display_name

KEPT_SECONDS = 12 * 3600
MAX_TOGETHER_BYTES = 2_000_000_000
"""What all files that wait in a workspace may take of its disk."""
_CHUNK = 1 << 20
_ONE_AT_A_TIME = threading.Lock()


def keep_upload(workspace: Workspace, name: str, content: BinaryIO) -> FileToRead:
    """Write an upload into the workspace under a generated name that tells nothing of it.

    Raises
    ------
    InputError
        It is larger than any file that is read, or too much waits to be imported already.
    StoreError
        The disk is full or cannot be written; nothing is left.
    """
    clear_uploads(workspace)
    workspace.uploads.mkdir(mode=0o700, exist_ok=True)
    path = workspace.uploads / uuid.uuid4().hex
    with _ONE_AT_A_TIME:  # two that come at once would each find the same room
        room = MAX_TOGETHER_BYTES - sum(one.st_size for _, one in _waiting(workspace))
        most = min(MAX_FILE_BYTES, max(0, room))
        try:
            written = _write(path, content, most)
        except OSError as error:
            path.unlink(missing_ok=True)
            message = f"The file cannot be kept ({error.strerror}). Check that the disk has room."
            raise StoreError(message) from error
    if written > most:
        path.unlink()
        message = f"At most {MAX_FILE_BYTES / 1e6:,.0f} MB are read; split the file."
        if most < MAX_FILE_BYTES:
            message = (
                f"Files that wait to be imported take all of {MAX_TOGETHER_BYTES / 1e6:,.0f} MB. "
                "Import yours or give them up; what nobody comes back for goes after 12 hours."
            )
        raise InputError(message)
    return FileToRead(path, display_name(Path(name)))


def _write(path: Path, content: BinaryIO, most: int) -> int:
    """Write so many bytes and no more; return how many there are, or more than that."""
    written = 0
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        while part := content.read(_CHUNK):
            written += len(part)
            if written > most:
                break
            file.write(part)
    return written


def drop_upload(file: FileToRead) -> None:
    """Remove an upload that was imported or given up."""
    file.path.unlink(missing_ok=True)


def clear_uploads(workspace: Workspace, older_than: float = KEPT_SECONDS) -> None:
    """Remove uploads that nobody came back for."""
    if workspace.uploads.exists():
        for path, one in _waiting(workspace):
            if one.st_mtime < time.time() - older_than:
                path.unlink(missing_ok=True)


def _waiting(workspace: Workspace) -> Iterator[tuple[Path, os.stat_result]]:
    """List the uploads that are there; another session may take one away meanwhile."""
    for path in workspace.uploads.iterdir():
        with suppress(FileNotFoundError):
            yield path, path.stat()
