"""The gate's sockets: each message is looked at, and what is over is closed within a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from anyio import to_thread

from hotspot.access.sessions import Session
from hotspot.errors import StoreError
from hotspot.server.bounds import MAX_MESSAGE_BYTES, Bounds, TooMuchError
from hotspot.server.headers import App, Message, Receive, Send
from hotspot.services.people.session_book import SessionBook

CLOSED = 4401
"""Code with which a socket is closed whose session is over (4000 to 4999 are an application's)."""
REFUSED, TOO_BIG, FULL = 1008, 1009, 1013


@dataclass(frozen=True)
class Wire:
    """What is known of the messages between a page and the app; `app.py` says it.

    Attributes
    ----------
    is_heard
        Whether a message of a session is passed on: some do what no user may.
    told
        A message to a page, without what the page has no need to know.
    """

    is_heard: Callable[[Session, bytes], bool] = lambda _session, _content: True
    told: Callable[[bytes], bytes] = lambda content: content


class Sockets:
    """The open sockets of all sessions.

    Parameters
    ----------
    app
        Streamlit's application.
    keeper
        Knows the sessions.
    look_every
        Seconds between looks at the sessions of open sockets.
    wire
        What is known of the messages.
    """

    def __init__(self, app: App, keeper: SessionBook, look_every: float, wire: Wire) -> None:
        self.app = app
        self.bounds = Bounds()
        self._keeper = keeper
        self._look_every = look_every
        self._wire = wire
        self._open: dict[str, set[asyncio.Event]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def serve(self, session: Session, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one socket until it or its session ends."""
        try:
            with self.bounds.socket(session.session_id):
                await self._serve(session, scope, receive, send)
        except TooMuchError:
            await refuse(receive, send, FULL)

    async def _serve(self, session: Session, scope: Message, receive: Receive, send: Send) -> None:
        over = asyncio.Event()
        self._open.setdefault(session.session_id, set()).add(over)
        self._look()
        try:
            heard = self._watched(session, over, receive, send)
            await self.app(scope, heard, self._told(over, send))
        finally:
            mine = self._open[session.session_id]
            mine.discard(over)
            if not mine:
                del self._open[session.session_id]

    def _watched(
        self, session: Session, over: asyncio.Event, receive: Receive, send: Send
    ) -> Receive:
        """Pass messages on while the session is open; close the socket when it is not."""

        async def receive_while_open() -> Message:
            while True:
                message = None if over.is_set() else await _first(receive, over)
                code = CLOSED
                if message is not None and message["type"] == "websocket.receive":
                    content = message.get("bytes") or b""
                    await self.bounds.message(session.session_id)
                    if message.get("text") is not None or len(content) > MAX_MESSAGE_BYTES:
                        message, code = None, TOO_BIG
                    elif not await self._is_still_open(session):
                        message = None
                    elif not self._wire.is_heard(session, content):
                        continue
                if message is None:
                    over.set()
                    await send({"type": "websocket.close", "code": code})
                    return {"type": "websocket.disconnect", "code": code}
                return message

        return receive_while_open

    async def _is_still_open(self, session: Session) -> bool:
        """Ask for a session, and note that it was used."""

        def ask() -> bool:
            is_open = bool(self._keeper.open_ones({session.session_id}))
            if is_open:
                self._keeper.use(session)
            return is_open

        return await to_thread.run_sync(ask)

    def _told(self, over: asyncio.Event, send: Send) -> Send:
        """Send nothing more once the session is over, and never what no page needs to know."""

        async def send_while_open(message: Message) -> None:
            if over.is_set():
                return
            content = message.get("bytes")
            await send({**message, "bytes": self._wire.told(content)} if content else message)

        return send_while_open

    def _look(self) -> None:
        """Keep looking at the sessions of open sockets while there are any."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._close_what_is_over())

    async def _close_what_is_over(self) -> None:
        while self._open:
            await asyncio.sleep(self._look_every)
            known = set(self._open)
            try:
                still = await to_thread.run_sync(self._keeper.open_ones, known)
            except StoreError:
                continue  # each message is checked for itself, and fails closed
            self.bounds.forget()
            for session_id in known - still:
                for over in self._open.get(session_id, ()):
                    over.set()


async def refuse(receive: Receive, send: Send, code: int = REFUSED) -> None:
    """Refuse a socket at its handshake."""
    await receive()
    await send({"type": "websocket.close", "code": code})


async def _first(receive: Receive, over: asyncio.Event) -> Message | None:
    """Wait for a message or for the end of the session, whichever comes first."""
    message = asyncio.ensure_future(receive())
    end = asyncio.ensure_future(over.wait())
    done, waiting = await asyncio.wait({message, end}, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    return None if end in done else message.result()
