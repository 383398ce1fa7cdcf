"""Connections with an end: uvicorn's protocols, with deadlines for what never becomes whole.

uvicorn waits for ever for the rest of a request's head, of its body and of a socket's message, and
for a client that does not read what it asked for. The server is started with these two in place of
its own (`start.py`).
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode

from hotspot.server.bounds import MAX_MESSAGE_BYTES, UPLOAD_WITHIN_S, Allowance

HEAD_WITHIN_S = 10.0
BODY_WITHIN_S = UPLOAD_WITHIN_S + 10
MESSAGE_WITHIN_S = 30.0
READ_WITHIN_S = 30.0
"""For so long a client may read nothing of what waits for it; who reads slowly is waited for."""
MAX_WAITING = 256
"""Connections that have not sent a whole head yet; the oldest makes room for a new one."""
MAX_FRAGMENTS = 1000
CONTROLS_AT_ONCE, CONTROLS_A_SECOND = 20.0, 2.0
"""Pings and pongs of one socket; a browser answers one of ours in twenty seconds."""
_CONTROLS = frozenset({Opcode.PING, Opcode.PONG})


class _Read(asyncio.Protocol):
    """What is sent must be read: a client that has stopped reading is let go of.

    asyncio says when more than its high-water mark waits to be sent (64 KiB), and when that is
    gone. In between nothing would ever end: a connection that is closed waits for its rest too.
    """

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    _unread = 0
    _look: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """Begin to look whether the client reads."""
        super().pause_writing()
        self._unread = self.transport.get_write_buffer_size()
        self._look = self.loop.call_later(READ_WITHIN_S, self._see_what_is_read)

    def resume_writing(self) -> None:
        """Look no more: it has read nearly all."""
        self._look_no_more()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        self._look_no_more()
        super().connection_lost(exc)

    def _see_what_is_read(self) -> None:
        unread = self.transport.get_write_buffer_size()
        if unread >= self._unread:
            self.transport.abort()
            return
        self._unread = unread
        self._look = self.loop.call_later(READ_WITHIN_S, self._see_what_is_read)

    def _look_no_more(self) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None


class BoundedHTTP(_Read, H11Protocol):
    """HTTP of which the head and the body must come in time."""

    waiting: ClassVar[dict[BoundedHTTP, None]] = {}
    """Connections without a whole head, the oldest first."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*arguments, **named)
        self._deadline: asyncio.TimerHandle | None = None
        self._awaited: str | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        if len(self.waiting) >= MAX_WAITING:
            next(iter(self.waiting)).give_up()
        self._await("head")

    def data_received(self, data: bytes) -> None:
        """Take what came, and see what is still awaited."""
        super().data_received(data)
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            self._await(None)
            return
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            self._await("body")
        elif state is h11.IDLE and self.timeout_keep_alive_task is None:
            self._await("head")
        else:
            self._await(None)

    def on_response_complete(self) -> None:
        """Close a connection that was answered before all of its request came."""
        if self.conn.their_state is h11.SEND_BODY:
            self.transport.close()
        super().on_response_complete()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Leave a connection to its socket."""
        self._await(None)
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._await(None)
        super().connection_lost(exc)

    def give_up(self) -> None:
        """Close a connection whose rest does not come."""
        self._await(None)
        self.transport.abort()

    def _await(self, what: str | None) -> None:
        """Wait for a head or a body from now on; what is awaited already gets no more time."""
        if what == self._awaited:
            return
        self._awaited = what
        self.waiting.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if what is not None:
            seconds = HEAD_WITHIN_S if what == "head" else BODY_WITHIN_S
            self._deadline = self.loop.call_later(seconds, self.give_up)
        if what == "head":
            self.waiting[self] = None


class BoundedSocket(_Read, WebSocketsSansIOProtocol):
    """A socket of which each message is small and must come in time."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*arguments, **named)
        self.conn.max_message_size = MAX_MESSAGE_BYTES
        self._deadline: asyncio.TimerHandle | None = None
        self._events = 0
        self._controls = Allowance(CONTROLS_AT_ONCE, CONTROLS_A_SECOND)

    def data_received(self, data: bytes) -> None:
        """Take what came, and see whether a message is unfinished."""
        if self.transport.is_closing():
            return
        before = self._events
        super().data_received(data)
        if len(self.frames) > MAX_FRAGMENTS:
            self.transport.abort()
        is_unfinished = bool(self.frames) or self._events == before
        if is_unfinished and self._deadline is None:
            self._deadline = self.loop.call_later(MESSAGE_WITHIN_S, self.transport.abort)
        elif not is_unfinished and self._deadline is not None:
            self._stop_waiting()

    def handle_events(self) -> None:
        """Count what is whole; a flood of pings, each of which is answered, ends the socket."""
        self._events += len(self.conn.events)
        frames = [one for one in self.conn.events if isinstance(one, Frame)]
        controls = sum(one.opcode in _CONTROLS for one in frames)
        if controls and self._controls.take(controls):
            self.transport.abort()
            return
        super().handle_events()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
