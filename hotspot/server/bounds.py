"""What one session may take of the server (sockets, messages), and one account (uploads)."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException

from hotspot.server.headers import Message, Receive

MAX_SOCKETS = 12
"""Pages that one session may have open."""
MESSAGES_AT_ONCE, MESSAGES_A_SECOND = 60.0, 20.0
"""What comes faster is heard as fast as this; what waits stays in the sender's machine."""
MAX_MESSAGE_BYTES = 4 << 20
UPLOADS_AT_ONCE = 2
MAX_UPLOAD_BYTES = 210 << 20
"""One upload, with what surrounds it in the request."""
UPLOADED_BYTES, UPLOADED_WITHIN_S = 1 << 30, 600.0
"""What an account may send in ten minutes, from however many sessions."""
TOGETHER_AT_ONCE, TOGETHER_BYTES = 6, 3 << 30
"""Uploads of all sessions together, and what they may send in ten minutes."""
BODY_WITHIN_S, UPLOAD_WITHIN_S = 10.0, 300.0


_CLOSE = {"connection": "close", "retry-after": "2"}


class TooMuchError(HTTPException):
    """A session asks for more than one session may take."""

    def __init__(self) -> None:
        super().__init__(429, "Too much at once. Wait a moment and try again.", _CLOSE)


class TooSlowError(HTTPException):
    """The rest of a request did not come in time."""

    def __init__(self) -> None:
        super().__init__(408, "The rest did not come in time.", _CLOSE)


@dataclass
class Allowance:
    """What may be taken: it fills evenly, and taking empties it.

    Attributes
    ----------
    most, a_second
        What it holds, and what flows in each second.
    now
        Gives seconds that go on evenly.
    """

    most: float
    a_second: float
    now: Callable[[], float] = time.monotonic
    left: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        """Begin full."""
        self.left, self.at = self.most, self.now()

    def take(self, amount: float = 1.0) -> float:
        """Take some, and return for how many seconds the taker has to wait; 0 if there was enough.

        What is not there is owed, so that those who wait are served in turn.
        """
        now = self.now()
        self.left = min(self.most, self.left + (now - self.at) * self.a_second)
        self.at = now
        self.left -= amount
        return max(0.0, -self.left / self.a_second)

    def is_full(self) -> bool:
        """Return whether all that was taken has flowed back."""
        return self.left + (self.now() - self.at) * self.a_second >= self.most


class Bounds:
    """Counts what the open sessions and their accounts take.

    Parameters
    ----------
    now
        Gives seconds that go on evenly.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._messages: dict[str, Allowance] = {}
        self._sockets: Counter[str] = Counter()
        self._uploads: Counter[int] = Counter()
        self._uploaded: dict[int, Allowance] = {}
        self._together = Allowance(TOGETHER_BYTES, TOGETHER_BYTES / UPLOADED_WITHIN_S, now)

    @contextmanager
    def socket(self, session_id: str) -> Iterator[None]:
        """Hold one of a session's sockets.

        Raises
        ------
        TooMuchError
            It has as many as it may.
        """
        if self._sockets[session_id] >= MAX_SOCKETS:
            raise TooMuchError
        self._sockets[session_id] += 1
        try:
            yield
        finally:
            self._sockets -= Counter({session_id: 1})
            if not self._sockets[session_id]:
                self._messages.pop(session_id, None)

    async def message(self, session_id: str) -> None:
        """Wait until a message of a session may be heard."""
        measure = self._messages.setdefault(
            session_id, Allowance(MESSAGES_AT_ONCE, MESSAGES_A_SECOND, self._now)
        )
        wait = measure.take()
        if wait:
            await asyncio.sleep(wait)

    @contextmanager
    def upload(self, account_id: int) -> Iterator[Callable[[int], None]]:
        """Hold one of an account's uploads, and yield what counts its bytes.

        Counted by account: who signs in anew begins another session, but not another sum.

        Raises
        ------
        TooMuchError
            It has as many as it may, or has sent more than it may; or all together have.
        """
        is_full = self._uploads.total() >= TOGETHER_AT_ONCE
        if is_full or self._uploads[account_id] >= UPLOADS_AT_ONCE:
            raise TooMuchError
        measure = self._uploaded.setdefault(
            account_id, Allowance(UPLOADED_BYTES, UPLOADED_BYTES / UPLOADED_WITHIN_S, self._now)
        )
        self._uploads[account_id] += 1
        sent = 0

        def count(number: int) -> None:
            nonlocal sent
            sent += number
            if sent > MAX_UPLOAD_BYTES or measure.take(number) or self._together.take(number):
                raise TooMuchError

        try:
            yield count
        finally:
            self._uploads -= Counter({account_id: 1})

    def forget(self) -> None:
        """Forget what was sent so long ago that it counts no more."""
        self._uploaded = {who: one for who, one in self._uploaded.items() if not one.is_full()}


def within(
    receive: Receive, seconds: float, count: Callable[[int], None] = lambda _: None
) -> Receive:
    """Return what receives a request's body, counts its bytes, and waits so long and no longer."""
    loop = asyncio.get_running_loop()
    until = 0.0
    is_whole = False

    async def receive_in_time() -> Message:
        nonlocal is_whole, until
        if is_whole:  # what comes now is that the client went away
            return await receive()
        until = until or loop.time() + seconds
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError as error:
            raise TooSlowError from error
        is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        count(len(message.get("body", b"")))
        return message

    return receive_in_time
