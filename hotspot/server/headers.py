"""Add security headers to every response, so that the browser itself refuses foreign hosts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_POLICY = (
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
CONTENT_SECURITY_POLICY = "; ".join(_POLICY)
"""No host is named. Streamlit sets styles in the page, hence the one `unsafe-inline`."""

HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_FOR_TLS = ((b"strict-transport-security", b"max-age=31536000"),)
_KEPT_BY_BROWSERS = (b"/static/", b"/_stcore/bidi-components/")
_FOREIGN = b"access-control-allow-origin"


class SecurityHeaders:
    """ASGI middleware that adds `HEADERS` to every HTTP response.

    Nothing but the app's own assets may be kept by the browser, and no other origin may read
    anything.

    Parameters
    ----------
    app
        The application within.
    is_tls
        Whether users reach it by https; the browser is then told to insist on it.
    """

    def __init__(self, app: App, *, is_tls: bool = False) -> None:
        self.app = app
        self._headers = HEADERS + (_FOR_TLS if is_tls else ())

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on and add the headers to what comes back."""
        added = list(self._headers)
        if not str(scope.get("path", "")).encode().startswith(_KEPT_BY_BROWSERS):
            added.append((b"cache-control", b"no-store"))
        names = {name for name, _ in added} | {_FOREIGN, b"server"}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in names]
                message["headers"] = [*kept, *added]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
