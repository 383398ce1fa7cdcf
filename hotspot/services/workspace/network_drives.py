"""Tell whether a folder lies on a network drive, where SQLite must not keep a database."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path, PurePosixPath

NETWORK_TYPES = frozenset(
    {"cifs", "smb3", "smbfs", "nfs", "nfs4", "afs", "ncpfs", "9p", "fuse.sshfs", "davfs"}
)
_DRIVE_REMOTE = 4  # what GetDriveTypeW answers for a network drive


def is_network_drive(folder: Path) -> bool:
    """Tell whether a folder lies on a network drive; where nothing is known, it does not."""
    path = folder.resolve()
    if os.name == "nt":
        return _is_remote_on_windows(path)
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8")
    except OSError:
        return False
    return type_of_mount(mounts, path.as_posix()) in NETWORK_TYPES


def type_of_mount(mounts: str, path: str) -> str:
    """Return the type of the file system that holds a path, from the text of /proc/mounts."""
    best, kind = "", ""
    for line in mounts.splitlines():
        _, point, file_system, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if PurePosixPath(path).is_relative_to(point) and len(point) >= len(best):
            best, kind = point, file_system
    return kind


def _is_remote_on_windows(path: Path) -> bool:
    if path.drive.startswith("\\\\"):
        return True
    windows = getattr(ctypes, "windll", None)
    return (
        windows is not None and windows.kernel32.GetDriveTypeW(f"{path.drive}\\") == _DRIVE_REMOTE
    )
