"""Put the gate's watching script into the page of the app on its way to the browser."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders

from hotspot.server.headers import Message, Send

_MAP_MODULES = (
    "map",
    "address",
    "dom",
    "ground",
    "hexagons",
    "labels",
    "marks",
    "panel",
    "points",
    "search",
    "table",
    "tools",
    "vendor/leaflet",
    "vendor/h3",
    "vendor/supercluster",
)
_WIDGETS = (
    "BidiComponent",
    "Button",
    "ButtonGroup",
    "Html",
    "Multiselect",
    "NumberInput",
    "Radio",
    "Selectbox",
    "Slider",
    "TextArea",
    "TextInput",
)
"""Parts of Streamlit's page that the map's page needs and that it would ask for one by one."""


def modules_of_widgets() -> list[str]:
    """Name the scripts of Streamlit's that draw the widgets, with all that they import.

    Their names change with its version, so they are looked up.
    """
    package = find_spec("streamlit")
    if package is None or package.origin is None:
        return []
    static = Path(package.origin).parent / "static"
    scripts = static / "static" / "js"
    page = (static / "index.html").read_text("utf-8")
    known = set(re.findall(r'"\./static/js/([^"]+)"', page))
    left = [path.name for name in _WIDGETS for path in scripts.glob(f"{name}.*.js")]
    needed: list[str] = []
    while left:
        name = left.pop()
        if name in known:
            continue
        known.add(name)
        needed.append(name)
        left += re.findall(r'(?:from|import)"\./([^"]+\.js)"', (scripts / name).read_text("utf-8"))
    return sorted(needed)


def _preload(path: str, more: str = "") -> str:
    return f'<link rel="modulepreload"{more} href="{path}">'


_EARLY = "".join(
    [_preload(f"/_stcore/bidi-components/hotspot.map/{name}.js") for name in _MAP_MODULES]
    + [_preload(f"/static/js/{name}", " crossorigin") for name in modules_of_widgets()]
).encode()
"""What the map's page needs: fetched while the page starts, not after it has."""
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
        sent_headers = MutableHeaders(raw=list(start["headers"]))
        sent_headers["content-length"] = str(len(changed))
        for name in ("etag", "last-modified"):
            if name in sent_headers:
                del sent_headers[name]
        await send({**start, "headers": sent_headers.raw})
        await send({**message, "body": changed})

    return send_changed


def _without_inline(page: bytes) -> bytes:
    """Cut out the inline script, which the content security policy would refuse."""
    before, opening, rest = page.partition(_INLINE[0])
    _, closing, after = rest.partition(_INLINE[1])
    return before + after if opening and closing else page
