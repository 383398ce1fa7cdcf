"""Read files in a process of its own, with limits of memory and time, that a hostile file may kill.

The process is started once and kept warm; one that dies or takes too long is replaced.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, TypeVar

from hotspot.errors import HotspotError, InputError

Result = TypeVar("Result")

GIBIBYTE = 1 << 30
_TO_BEGIN = 60.0
_NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Limits:
    """What reading one file may take.

    Attributes
    ----------
    memory_bytes
        Address space of the process (where the operating system can limit it).
    seconds
        Time for one file.
    """

    memory_bytes: int = 6 * GIBIBYTE
    seconds: float = 120.0


class Sandbox:
    """A process that reads files one at a time.

    Parameters
    ----------
    limits
        What reading one file may take.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def run(self, what: str, function: Callable[..., Result], *arguments: object) -> Result:
        """Call a function of a module in the process and give its result.

        Parameters
        ----------
        what
            Name of the file, for messages.

        Raises
        ------
        InputError
            The file needs more memory or time than allowed, or broke its reader.
        HotspotError
            What the function itself raised.
        """
        with self._lock:
            pipe = self._start()
            try:
                pipe.send((function, arguments))
                kind, result = self._answer(pipe, what)
            except (EOFError, ConnectionError) as error:
                self.close()
                raise InputError(self._too_much(what)) from error
        if kind == "result":
            found: Result = result
            return found
        if kind == "refused":
            raise result
        if kind == "memory":
            raise InputError(self._too_much(what))
        message = f"{what} broke its reader ({result}). Save it again from the program it is from."
        raise InputError(message)

    def _answer(self, pipe: Connection, what: str) -> tuple[str, Any]:
        """Wait for the task to begin, which may load libraries, and then for its end."""
        for seconds in (_TO_BEGIN, self.limits.seconds):
            if not pipe.poll(seconds):
                self.close()
                raise InputError(self._too_long(what))
            kind, result = pipe.recv()
        return kind, result

    def close(self) -> None:
        """End the process; the next file gets a new one."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def _start(self) -> Connection:
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self.close()
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(
            target=_serve, args=(theirs, self.limits.memory_bytes), daemon=True
        )
        with _neutral_main():
            self._process.start()
        theirs.close()
        return self._pipe

    def _too_long(self, what: str) -> str:
        return (
            f"{what} takes longer than {self.limits.seconds:g} seconds to read; nothing was "
            "imported. Split it, or save only the rows and columns that are needed."
        )

    def _too_much(self, what: str) -> str:
        return (
            f"{what} needs more than {self.limits.memory_bytes / GIBIBYTE:g} GiB of memory to "
            "read; nothing was imported. Split it, or save only the rows and columns that are "
            "needed."
        )


SANDBOX = Sandbox()
"""The one of this program."""


@contextlib.contextmanager
def _neutral_main() -> Iterator[None]:
    """Keep the new process from running the program's main script once more.

    That script may be a page of the app, which puts itself there while it is drawn.
    """
    before = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = before


def _serve(pipe: Connection, memory_bytes: int) -> None:
    """Take tasks until the other end is closed."""
    _limit(memory_bytes)
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        pipe.send(("begun", None))
        pipe.send(_outcome(function, arguments))


def _outcome(function: Callable[..., Any], arguments: tuple[object, ...]) -> tuple[str, Any]:
    try:
        return "result", function(*arguments)
    except HotspotError as error:
        return "refused", error
    except MemoryError:
        return "memory", None
    except BaseException as error:  # noqa: BLE001 - a reader in Rust panics past Exception
        return "broken", type(error).__name__


def _limit(memory_bytes: int) -> None:
    """Let this process take no more memory, write no file and reach no network by proxy."""
    os.environ |= dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), _NOWHERE)
    with contextlib.suppress(ImportError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
