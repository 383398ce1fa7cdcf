"""A clock for what protects: whoever sets the machine's clock does not move it.

The instant of the start is read once; from then on the time since the start of the machine is
added, which no correction of the clock changes and which goes on while the machine sleeps.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", None)
"""Linux's clock that also counts the time asleep; elsewhere `time.monotonic` has to do."""


def ticks() -> float:
    """Return the seconds since some instant, which go on evenly and never go back."""
    return time.monotonic() if _SINCE_BOOT is None else time.clock_gettime(_SINCE_BOOT)


class SteadyClock:
    """Gives the instant in UTC, counted from the instant at which it was made.

    Parameters
    ----------
    wall
        Gives the instant as the machine's clock has it; asked once.
    counter
        Gives seconds that go on evenly.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        counter: Callable[[], float] = ticks,
    ) -> None:
        self._counter = counter
        self._began_at, self._began = wall(), counter()

    def __call__(self) -> datetime:
        """Return the instant."""
        return self._began_at + timedelta(seconds=self._counter() - self._began)
