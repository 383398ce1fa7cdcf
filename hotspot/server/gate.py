"""The gate: ASGI middleware that lets nothing through but what a signed-in session may have.

Every request and every socket carries an opaque cookie; the gate looks the session up each time.
What it lets through it tells whose session it is, by a header that no client can send.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from hotspot.access.permissions import Operation, is_allowed
from hotspot.access.sessions import Session, Stage
from hotspot.errors import StoreError
from hotspot.server.headers import App, Message, Receive, Send
from hotspot.server.watch import with_watch
from hotspot.services.people.session_book import SessionBook

COOKIE = "hotspot_session"
PREFIX = "/gate/"
OWN_HEADERS = "x-hotspot-"
CLOSED = 4401
"""Code with which a socket is closed whose session is over (4000 to 4999 are an application's)."""

_NEVER = (
    "/media/",
    "/_stcore/metrics",
    "/_stcore/agent",
    "/app/static",
    "/auth/",
    "/oauth2callback",
    "/_stcore/script-health-check",
)
_UPLOADS = "/_stcore/upload_file"
"""Served to those who may look at files, and to nobody else."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class House:
    """What the gate stands before.

    Attributes
    ----------
    hosts
        Values of the Host header that are answered, in lower case.
    is_tls
        Whether users reach it by https: cookies are then for TLS only.
    session_header
        The header that tells the pages whose session it is; begins with `OWN_HEADERS`.
    look_every
        Seconds between looks at the sessions of open sockets.
    """

    hosts: frozenset[str]
    is_tls: bool
    session_header: str
    look_every: float = 1.0

    @property
    def cookie(self) -> str:
        """Name of the cookie; under TLS no other host or path can set it."""
        return f"__Host-{COOKIE}" if self.is_tls else COOKIE

    def token_of(self, connection: HTTPConnection) -> str:
        """Give the token that a request carries, or an empty text."""
        return connection.cookies.get(self.cookie, "")

    def is_own_host(self, headers: Headers) -> bool:
        """Tell whether a request names this house, port and all."""
        return headers.get("host", "").lower() in self.hosts

    def is_own_origin(self, headers: Headers) -> bool:
        """Tell whether a request comes from a page of this house, as its Origin says."""
        scheme = "https" if self.is_tls else "http"
        return headers.get("origin", "") == f"{scheme}://{headers.get('host', '')}"

    def is_own_form(self, headers: Headers) -> bool:
        """Tell whether a form comes from a page of this house.

        Under a referrer policy of `no-referrer` browsers send a form's origin as "null"; what they
        then say, and no page can forge, is Sec-Fetch-Site.
        """
        is_silent = headers.get("origin", "null") == "null"
        is_same = headers.get("sec-fetch-site", "") == "same-origin"
        return self.is_own_origin(headers) or (is_silent and is_same)


class Gate:
    """ASGI middleware before Streamlit.

    Parameters
    ----------
    app
        Streamlit's application.
    keeper
        Knows the sessions.
    house
        What the gate stands before.
    pages
        The gate's own pages (`gate_pages`), an ASGI application.
    """

    def __init__(self, app: App, *, keeper: SessionBook, house: House, pages: App) -> None:
        self.app = app
        self._keeper = keeper
        self._house = house
        self._pages = pages
        self._sockets: dict[str, set[asyncio.Event]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let a request through, answer it here, or refuse it."""
        if scope["type"] == "http":
            try:
                answer, send = await self._answer(scope, send)
            except StoreError:
                answer = PlainTextResponse("The database does not answer. Try again.", 503)
            await answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Message, send: Send) -> tuple[App, Send]:
        """Decide who answers a request: the app for a session, the gate, or a refusal."""
        request = HTTPConnection(scope)
        path = scope["path"]
        answer: App
        if path == "/health":  # for the machine's own watch, whatever it calls this host
            answer = self._pages
        elif not self._house.is_own_host(request.headers):
            answer = PlainTextResponse("Unknown host.", 400)
        elif path.startswith((PREFIX, "/export/", "/calendar/")):
            answer = self._pages
        elif path.startswith(_NEVER):
            answer = PlainTextResponse("Not found.", 404)
        elif scope["method"] not in _SAFE and not self._house.is_own_form(request.headers):
            answer = PlainTextResponse("Not from this site.", 403)
        else:
            session = await self._session_of(request)
            answer = self._to_sign_in(request) if session is None else self.app
            is_upload = path.startswith(_UPLOADS)
            reads = scope["method"] in ("GET", "HEAD")  # nothing is ever read from there
            if session is not None and is_upload and (reads or not _may_upload(session)):
                answer = PlainTextResponse("Not found.", 404)
            if session is not None:
                _tell(scope, self._house.session_header, session.session_id)
                send = with_watch(scope, send)
        return answer, send

    async def _socket(self, scope: Message, receive: Receive, send: Send) -> None:
        socket = HTTPConnection(scope)
        headers = socket.headers
        is_ours = self._house.is_own_host(headers) and self._house.is_own_origin(headers)
        session = await self._session_of(socket) if is_ours else None
        if session is None:
            await receive()  # the handshake
            await send({"type": "websocket.close", "code": 1008})
            return
        _tell(scope, self._house.session_header, session.session_id)
        over = asyncio.Event()
        self._sockets.setdefault(session.session_id, set()).add(over)
        self._look()
        try:
            await self.app(scope, self._watched(session, over, receive, send), _until(over, send))
        finally:
            mine = self._sockets[session.session_id]
            mine.discard(over)
            if not mine:
                del self._sockets[session.session_id]

    def _watched(
        self, session: Session, over: asyncio.Event, receive: Receive, send: Send
    ) -> Receive:
        """Pass messages on while the session is open; close the socket when it is not."""

        async def receive_while_open() -> Message:
            message = None if over.is_set() else await _first(receive, over)
            if message is not None and message["type"] == "websocket.receive":
                still = await to_thread.run_sync(self._keeper.open_ones, {session.session_id})
                if still:
                    await to_thread.run_sync(self._keeper.use, session)
                else:
                    message = None
            if message is None:
                over.set()
                await send({"type": "websocket.close", "code": CLOSED})
                return {"type": "websocket.disconnect", "code": CLOSED}
            return message

        return receive_while_open

    def _look(self) -> None:
        """Keep looking at the sessions of open sockets while there are any."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._close_what_is_over())

    async def _close_what_is_over(self) -> None:
        while self._sockets:
            await asyncio.sleep(self._house.look_every)
            known = set(self._sockets)
            try:
                still = await to_thread.run_sync(self._keeper.open_ones, known)
            except StoreError:
                continue  # each message is checked for itself, and fails closed
            for session_id in known - still:
                for over in self._sockets.get(session_id, ()):
                    over.set()

    async def _session_of(self, request: HTTPConnection) -> Session | None:
        token = self._house.token_of(request)
        session = await to_thread.run_sync(self._keeper.session_of, token) if token else None
        return session if session is not None and session.stage is Stage.OPEN else None

    def _to_sign_in(self, request: HTTPConnection) -> Response:
        """Send a browser to the sign-in page, which leads back; say 401 to everything else."""
        is_page = request.scope["method"] == "GET" and "text/html" in request.headers.get(
            "accept", ""
        )
        if not is_page:
            return PlainTextResponse("Sign in first.", 401)
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        query = "" if wanted == "/" else f"?next={quote(wanted, safe='')}"
        return RedirectResponse(f"{PREFIX}sign-in{query}", 303)


def local_path(wanted: str) -> str:
    """Give a path of this house that a sign-in may lead to; "/" for anything else.

    Examples
    --------
    >>> local_path("/hotspot?x=1"), local_path("//evil"), local_path("https://evil/")
    ('/hotspot?x=1', '/', '/')
    """
    is_path = wanted.startswith("/") and not wanted.startswith(("//", PREFIX))
    if not is_path or not wanted.isprintable() or "\\" in wanted:
        return "/"
    parts = urlsplit(wanted)
    return "/" if parts.netloc or parts.scheme else wanted


def _tell(scope: Message, header: str, session_id: str) -> None:
    """Take away every header of ours that the client sent, and put the true one in."""
    kept = [
        (name, value)
        for name, value in scope["headers"]
        if not name.lower().replace(b"_", b"-").startswith(OWN_HEADERS.encode())
    ]
    scope["headers"] = [*kept, (header.encode(), session_id.encode())]


async def _first(receive: Receive, over: asyncio.Event) -> Message | None:
    """Wait for a message or for the end of the session, whichever comes first."""
    message = asyncio.ensure_future(receive())
    end = asyncio.ensure_future(over.wait())
    done, waiting = await asyncio.wait({message, end}, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    return None if end in done else message.result()


def _until(over: asyncio.Event, send: Send) -> Send:
    """Send nothing more once the session is over."""

    async def send_while_open(message: Message) -> None:
        if not over.is_set():
            await send(message)

    return send_while_open


def _may_upload(session: Session) -> bool:
    return is_allowed(session.actor, Operation.LOOK_AT_FILE)
