"""Do long work in the background, with progress to look at and a way to give it up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from hotspot.errors import HotspotError

Result = TypeVar("Result")


@dataclass
class Job(Generic[Result]):
    """A piece of work in a thread of its own.

    Attributes
    ----------
    lines
        What it has said so far, the latest last.
    cancelled
        Set to give it up.
    result, error
        Its outcome, once `is_done`.
    """

    lines: list[str] = field(default_factory=list)
    cancelled: threading.Event = field(default_factory=threading.Event)
    result: Result | None = None
    error: HotspotError | None = None
    _thread: threading.Thread | None = None
    _broken: BaseException | None = None

    @property
    def is_done(self) -> bool:
        """Tell whether it has ended, well or not."""
        return self._thread is not None and not self._thread.is_alive()

    def cancel(self) -> None:
        """Give it up; what it began is undone."""
        self.cancelled.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it has ended."""
        if self._thread is not None:
            self._thread.join(seconds)

    def outcome(self) -> Result:
        """Return its result, or raise what stopped it."""
        if self.error is not None:
            raise self.error
        if self._broken is not None:
            raise self._broken
        if self.result is None:
            message = "The work has no result yet."
            raise RuntimeError(message)
        return self.result


def start(work: Callable[[Callable[[str], None], threading.Event], Result]) -> Job[Result]:
    """Start work that is given a way to say how far it is and an event to look at."""
    job: Job[Result] = Job()

    def run() -> None:
        try:
            job.result = work(job.lines.append, job.cancelled)
        except HotspotError as error:
            job.error = error
        except BaseException as error:  # noqa: BLE001 - it is raised where the outcome is asked for
            job._broken = error  # noqa: SLF001 - its own

    job._thread = threading.Thread(target=run, daemon=True)  # noqa: SLF001 - its own
    job._thread.start()  # noqa: SLF001 - its own
    return job
