"""The doorway: a few places for those who are not in yet, so that they never keep anyone who is.

Looking at a password takes the machine a tenth of a second and more. It is done by few threads of
its own, with few who wait; whoever comes when it is full is told so at once and nothing is looked
at. Threads of signed-in sessions are others.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

Result = TypeVar("Result")


class FullError(Exception):
    """The doorway is full; nothing was looked at."""


@dataclass(frozen=True)
class Room:
    """How much room a doorway has.

    Attributes
    ----------
    threads
        How many are looked at at once.
    places
        How many may be there, those who wait included.
    each
        How many of them from one address.
    rests
        Whether a thread rests as long as it worked while others wait, so that a crowd takes half
        of a processor at most.
    """

    threads: int
    places: int
    each: int
    rests: bool = False


SIGNING_IN = Room(threads=1, places=16, each=8, rests=True)
ASKING = Room(threads=4, places=128, each=96)
"""Whoever shows a cookie that opened nothing here lately, or asks whether the server is well."""
SECONDS_AT_FULL_DOOR = (1.0, 3.0)
"""How long it takes to be turned away, by chance, so that a crowd does not come back as one."""
_MOST_KEPT_WAITING = 256
_CHANCE = secrets.SystemRandom()


class Doorway:
    """Runs what strangers ask for, within its room.

    Parameters
    ----------
    room
        How much there is.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._inside: Counter[str] = Counter()
        self._turned_away = 0
        self._limiter: CapacityLimiter | None = None

    async def run(
        self,
        client: str,
        function: Callable[..., Result],
        *arguments: object,
    ) -> Result:
        """Call a function in a thread of the doorway.

        Raises
        ------
        FullError
            There is no place; it is said after a moment, so that asking again at once wins nothing.
        """
        room = self._room
        if self._inside.total() >= room.places or self._inside[client] >= room.each:
            await self._turn_away()
        self._inside[client] += 1
        try:
            if self._limiter is None:
                self._limiter = CapacityLimiter(room.threads)
            async with self._limiter:
                began = time.monotonic()
                try:
                    return await to_thread.run_sync(
                        lambda: function(*arguments), limiter=CapacityLimiter(1)
                    )
                finally:
                    if room.rests and self._inside.total() > room.threads:
                        await asyncio.sleep(time.monotonic() - began)
        finally:
            self._inside -= Counter({client: 1})

    async def _turn_away(self) -> None:
        if self._turned_away < _MOST_KEPT_WAITING:
            self._turned_away += 1
            try:
                await asyncio.sleep(_CHANCE.uniform(*SECONDS_AT_FULL_DOOR))
            finally:
                self._turned_away -= 1
        raise FullError
