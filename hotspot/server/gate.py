"""The gate: ASGI middleware that lets nothing through but what a signed-in session may have.

Every request and every socket carries an opaque cookie; the gate looks the session up each time.
What it lets through it tells whose session it is, by a header that no client can send.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from hotspot.access.permissions import Operation, is_allowed
from hotspot.access.sessions import Session, SignInStage
from hotspot.errors import StoreError
from hotspot.server.bounds import (
    BODY_WITHIN_S,
    UPLOAD_WITHIN_S,
    TooMuchError,
    TooSlowError,
    within,
)
from hotspot.server.doorway import ASKING, Doorway, FullError
from hotspot.server.gate_sockets import Sockets, Wire, refuse
from hotspot.server.headers import App, Message, Receive, Send
from hotspot.server.watch import with_watch
from hotspot.services.people.session_book import SessionBook

COOKIE = "hotspot_session"
PREFIX = "/gate/"
OWN_HEADERS = "x-hotspot-"
_NEVER = (
    "/media/",
    "/_stcore/metrics",
    "/_stcore/agent",
    "/app/static",
    "/auth/",
    "/oauth2callback",
    "/_stcore/script-health-check",
)
_OWN = (PREFIX, "/export/", "/calendar/")
"""What the gate answers itself."""
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
        """Return the token that a request carries, or an empty text."""
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


class AccessGate:
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
    wire
        What is known of the messages on sockets.
    doorway
        Where those are looked up who show a cookie that opened nothing here lately.
    """

    def __init__(
        self,
        app: App,
        *,
        keeper: SessionBook,
        house: House,
        pages: App,
        wire: Wire | None = None,
        doorway: Doorway | None = None,
    ) -> None:
        self.app = app
        self._keeper = keeper
        self._house = house
        self._pages = pages
        self._doorway = doorway or Doorway(ASKING)
        self._sockets = Sockets(app, keeper, house.look_every, wire or Wire())

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let a request through, answer it here, or refuse it."""
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Message, receive: Receive, send: Send) -> None:
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._pass_on(scope, receive, send_and_note)
        except (TooSlowError, TooMuchError) as error:
            if not begun:
                await _refusal(error.detail, error.status_code)(scope, receive, send)

    async def _pass_on(self, scope: Message, receive: Receive, send: Send) -> None:
        session = None
        try:
            answer, session = await self._answer(scope)
        except StoreError:
            answer = PlainTextResponse("The database does not answer. Try again.", 503)
        except FullError:
            answer = _refusal("The server is busy. Wait a moment and try again.", 503)
        if session is None or answer is not self.app:
            await answer(scope, within(receive, BODY_WITHIN_S), send)
            return
        _tell(scope, self._house.session_header, session.session_id)
        send = with_watch(scope, send)
        if not scope["path"].startswith(_UPLOADS):
            await answer(scope, within(receive, BODY_WITHIN_S), send)
            return
        with self._sockets.bounds.upload(session.account.account_id) as count:
            await answer(scope, within(receive, UPLOAD_WITHIN_S, count), send)

    async def _answer(self, scope: Message) -> tuple[App, Session | None]:
        """Decide who answers a request: the app for a session, the gate, or a refusal."""
        request = HTTPConnection(scope)
        path = scope["path"]
        refusal = self._refusal_of(request, path)
        if refusal is not None:
            return refusal, None
        if path == "/health" or path.startswith(_OWN):
            return self._pages, None
        session = await self._session_of(request)
        if session is None:
            return self._to_sign_in(request), None
        reads = scope["method"] in ("GET", "HEAD")  # nothing is ever read from there
        if path.startswith(_UPLOADS) and (reads or not _may_upload(session)):
            return PlainTextResponse("Not found.", 404), None
        return self.app, session

    def _refusal_of(self, request: HTTPConnection, path: str) -> Response | None:
        """Refuse what nobody may ask; `None` where it is to be looked at further."""
        headers = request.headers
        is_ours = path == "/health" or self._house.is_own_host(headers)  # a watch may call it so
        is_gates = path == "/health" or path.startswith(_OWN)
        is_safe = is_gates or request.scope["method"] in _SAFE or self._house.is_own_form(headers)
        if "content-length" in headers and "transfer-encoding" in headers:
            return _refusal("Two lengths.", 400)
        if not is_ours:
            return PlainTextResponse("Unknown host.", 400)
        if not is_gates and path.startswith(_NEVER):
            return PlainTextResponse("Not found.", 404)
        return None if is_safe else PlainTextResponse("Not from this site.", 403)

    async def _socket(self, scope: Message, receive: Receive, send: Send) -> None:
        socket = HTTPConnection(scope)
        headers = socket.headers
        is_ours = self._house.is_own_host(headers) and self._house.is_own_origin(headers)
        try:
            session = await self._session_of(socket) if is_ours else None
        except (StoreError, FullError):
            session = None
        if session is None:
            await refuse(receive, send)
            return
        _tell(scope, self._house.session_header, session.session_id)
        await self._sockets.serve(session, scope, receive, send)

    async def _session_of(self, request: HTTPConnection) -> Session | None:
        """Find who asks: known sessions in the threads of sessions, all others in the doorway."""
        token = self._house.token_of(request)
        find = self._keeper.session_of
        if not token:
            session = None
        elif self._keeper.knows(token):
            session = await to_thread.run_sync(find, token)
        else:
            session = await self._doorway.run(client_of(request), find, token)
        return session if session is not None and session.stage is SignInStage.OPEN else None

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
    """Return a path of this house that a sign-in may lead to; "/" for anything else.

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


def client_of(request: HTTPConnection) -> str:
    """Return the address of the machine that asks."""
    return request.client.host if request.client else ""


def _refusal(text: str, status: int) -> Response:
    """Say no and close the connection: what else was sent on it is not read."""
    return PlainTextResponse(text, status, headers={"connection": "close", "retry-after": "2"})


def _may_upload(session: Session) -> bool:
    return is_allowed(session.actor, Operation.LOOK_AT_FILE)
