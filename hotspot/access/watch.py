"""Put the gate's watching script into the page of the app on its way to the browser."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders

from hotspot.access.headers import Message, Send

_MAP_MODULES = ("map", "dom", "ground", "hexagons", "marks", "points", "search", "tools",
                "vendor/leaflet", "vendor/h3", "vendor/supercluster")  # fmt: skip
_EARLY = "".join(
    f'<link rel="modulepreload" href="/_stcore/bidi-components/hotspot.map/{name}.js">'
    for name in _MAP_MODULES
).encode()
"""The map's modules: fetched while the page starts, not after it has."""
_WATCH = _EARLY + b'<script src="/gate/watch.js" defer></script></head>'
_INLINE = (b"<script>", b"</script>")


def with_watch(scope: Message, send: Send) -> Send:
    """Put the gate's script into the app's page, and take its inline script out.

    The script (`pages/watch.js`) leads to the sign-in page as soon as the session is over.
    """
    headers = MutableHeaders(scope=scope)
    if "text/html" not in headers.get("accept", ""):
        return send
    del headers["accept-encoding"]
    start: Message = {}
    body = bytearray()

    async def send_changed(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
            return
        if not start or "text/html" not in Headers(raw=start["headers"]).get("content-type", ""):
            if start:
                await send(dict(start))
                start.clear()
            await send(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body"):
            return
        changed = _without_inline(bytes(body)).replace(b"</head>", _WATCH, 1)
        found = MutableHeaders(raw=list(start["headers"]))
        found["content-length"] = str(len(changed))
        for name in ("etag", "last-modified"):
            if name in found:
                del found[name]
        await send({**start, "headers": found.raw})
        await send({**message, "body": changed})

    return send_changed


def _without_inline(page: bytes) -> bytes:
    """Cut out the inline script, which the content security policy would refuse."""
    before, opening, rest = page.partition(_INLINE[0])
    _, closing, after = rest.partition(_INLINE[1])
    return before + after if opening and closing else page
