"""Keep uploaded files under generated names while they wait to be imported."""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from typing import BinaryIO

from hotspot.errors import InputError, StoreError
from hotspot.intake.files.sniffing import MAX_FILE_BYTES
from hotspot.services.records.previews import FileToRead
from hotspot.services.workspace.folder import Workspace, display_name

KEPT_SECONDS = 12 * 3600
_CHUNK = 1 << 20


def keep_upload(workspace: Workspace, name: str, content: BinaryIO) -> FileToRead:
    """Write an upload into the workspace under a generated name that tells nothing of it.

    Raises
    ------
    InputError
        It is larger than any file that is read.
    StoreError
        The disk is full or cannot be written; nothing is left.
    """
    clear_uploads(workspace)
    workspace.uploads.mkdir(mode=0o700, exist_ok=True)
    path = workspace.uploads / uuid.uuid4().hex
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            written = 0
            while part := content.read(_CHUNK):
                written += len(part)
                if written > MAX_FILE_BYTES:
                    break
                file.write(part)
    except OSError as error:
        path.unlink(missing_ok=True)
        message = f"The file cannot be kept ({error.strerror}). Check that the disk has room."
        raise StoreError(message) from error
    if written > MAX_FILE_BYTES:
        path.unlink()
        message = f"At most {MAX_FILE_BYTES / 1e6:,.0f} MB are read; split the file."
        raise InputError(message)
    return FileToRead(path, display_name(Path(name)))


def drop_upload(file: FileToRead) -> None:
    """Remove an upload that was imported or given up."""
    file.path.unlink(missing_ok=True)


def clear_uploads(workspace: Workspace, older_than: float = KEPT_SECONDS) -> None:
    """Remove uploads that nobody came back for."""
    if workspace.uploads.exists():
        for path in workspace.uploads.iterdir():
            if path.stat().st_mtime < time.time() - older_than:
                path.unlink(missing_ok=True)
