"""Files that count only once a piece of work is done: noted before they are written.

Work that fails takes them away itself. After work that was killed its list remains, and the next
that writes takes away what stands on it, unless the database lists it by now. Nothing is ever
taken away that stands on no list, and no list of work that still goes on is touched.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_LIST, _LOCK = ".list", ".lock"
_NEW, _OLD = "+", "-"


class Unfinished:
    """What one piece of work has written, or will take away when it is done.

    Parameters
    ----------
    folder
        Where lists are kept, inside the workspace.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = uuid.uuid4().hex
        self._lock: FileLock | None = None
        self._new: list[Path] = []
        self._old: list[Path] = []

    def writes(self, *paths: Path) -> None:
        """Note files that are about to be written."""
        self._note(_NEW, paths)
        self._new += paths

    def replaces(self, *paths: Path) -> None:
        """Note files that go once the work is done."""
        self._note(_OLD, paths)
        self._old += paths

    def end(self, *, is_done: bool) -> None:
        """Take away what the work replaced, or what it wrote in vain, and the list."""
        if self._lock is None:
            return
        for path in self._old if is_done else self._new:
            _remove(path)
        (self._folder / f"{self._name}{_LIST}").unlink(missing_ok=True)
        self._lock.release()
        (self._folder / f"{self._name}{_LOCK}").unlink(missing_ok=True)

    def _note(self, kind: str, paths: tuple[Path, ...]) -> None:
        if self._lock is None:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._lock = FileLock(self._folder / f"{self._name}{_LOCK}", mode=0o600)
            self._lock.acquire(timeout=0)
        opened = os.open(
            self._folder / f"{self._name}{_LIST}", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600
        )
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.writelines(f"{kind}{path.absolute()}\n" for path in paths)
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def unfinished(folder: Path) -> Iterator[Unfinished]:
    """Keep a list of what a piece of work writes, for as long as it is not done."""
    work = Unfinished(folder)
    try:
        yield work
    except BaseException:
        work.end(is_done=False)
        raise
    work.end(is_done=True)


def sweep(folder: Path, is_kept: Callable[[Path], bool]) -> int:
    """Take away what work that was killed had on its lists; return how many files that were.

    Parameters
    ----------
    is_kept
        Tells whether the database lists a file.
    """
    swept = 0
    for listed in sorted(folder.glob(f"*{_LIST}")):
        lock = FileLock(listed.with_suffix(_LOCK), mode=0o600)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue  # it goes on
        lines = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
        for path in [Path(line[1:]) for line in lines if line[:1] in {_NEW, _OLD}]:
            is_ours = path.is_relative_to(folder.parent.absolute()) or path.suffix == ".unfinished"
            if is_ours and not is_kept(path):
                swept += _remove(path)
        listed.unlink(missing_ok=True)
        lock.release()
        listed.with_suffix(_LOCK).unlink(missing_ok=True)
    return swept


def waiting(folder: Path) -> int:
    """Count the lists that work has left or still keeps."""
    return len(list(folder.glob(f"*{_LIST}")))


def _remove(path: Path) -> bool:
    """Take a file or a folder away; tell whether it was there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return True
    was_there = path.exists()
    path.unlink(missing_ok=True)
    path.with_suffix(".unfinished").unlink(missing_ok=True)  # cut off while it was written
    if path.parent.name != "records" and path.suffix in {".parquet", ".unfinished"}:
        _remove_if_empty(path.parent)
    return was_there


def _remove_if_empty(folder: Path) -> None:
    try:
        if folder.parent.parent.name == "records":
            folder.rmdir()
    except OSError:
        return
