"""Headers, hosts and paths: the rules by themselves."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from hotspot.errors import StoreError
from hotspot.server.gate import AccessGate, House, local_path
from hotspot.server.headers import SecurityHeaders
from hotspot.server.watch import with_watch
from tests.conftest import ROOT
from tests.helpers import run_apart

FRONTEND = ROOT / "hotspot" / "frontend"

TLS = House(frozenset({"h.example"}), is_tls=True, session_header="x-hotspot-session")


def headers_of(*, is_tls: bool, path: str = "/") -> dict[str, str]:
    sent: list[dict[str, Any]] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        own = [(b"access-control-allow-origin", b"*"), (b"content-security-policy", b"x")]
        await send({"type": "http.response.start", "status": 200, "headers": own})

    async def collect(message: Any) -> None:
        sent.append(message)

    inside = SecurityHeaders(app, is_tls=is_tls)
    run_apart(inside({"type": "http", "path": path}, None, collect))  # type: ignore[arg-type]
    return {k.decode(): v.decode() for k, v in sent[0]["headers"]}


def test_the_headers_tell_browsers_to_insist_on_tls() -> None:
    assert headers_of(is_tls=True)["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in headers_of(is_tls=False)


def test_headers_of_the_app_within_cannot_loosen_ours() -> None:
    found = headers_of(is_tls=False)
    assert "access-control-allow-origin" not in found
    assert found["content-security-policy"].startswith("default-src 'self'")
    assert found["cache-control"] == "no-store"
    assert "cache-control" not in headers_of(is_tls=False, path="/static/js/index.js")


@given(st.text())
def test_a_sign_in_leads_to_a_path_of_this_house_whatever_is_asked(wanted: str) -> None:
    path = local_path(wanted)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\", "/gate/"))
    assert path in {wanted, "/"}
    assert "\n" not in path


@pytest.mark.parametrize(
    ("headers", "is_own"),
    [
        ({"origin": "https://h.example", "host": "h.example"}, True),
        ({"origin": "http://h.example", "host": "h.example"}, False),
        ({"origin": "https://h.example.evil", "host": "h.example"}, False),
        ({"origin": "null", "host": "h.example", "sec-fetch-site": "same-origin"}, True),
        ({"host": "h.example", "sec-fetch-site": "same-origin"}, True),
        ({"origin": "null", "host": "h.example"}, False),
        ({"origin": "null", "host": "h.example", "sec-fetch-site": "cross-site"}, False),
        ({"origin": "https://evil", "host": "h.example", "sec-fetch-site": "same-origin"}, False),
    ],
)
def test_a_form_is_the_houses_own_by_origin_or_by_what_no_page_can_forge(
    headers: dict[str, str], is_own: bool
) -> None:
    assert TLS.is_own_form(Headers(headers)) is is_own


def watched(content_type: bytes, parts: list[bytes]) -> tuple[dict[str, str], bytes]:
    scope = {"type": "http", "headers": [(b"accept", b"text/html"), (b"accept-encoding", b"gzip")]}
    sent: list[dict[str, Any]] = []

    async def collect(message: Any) -> None:
        sent.append(dict(message))

    async def run() -> None:
        send = with_watch(scope, collect)
        size = str(len(b"".join(parts))).encode()
        head = [(b"content-type", content_type), (b"content-length", size), (b"etag", b"x")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        for n, part in enumerate(parts):
            more = n < len(parts) - 1
            await send({"type": "http.response.body", "body": part, "more_body": more})

    run_apart(run())
    assert (b"accept-encoding", b"gzip") not in scope["headers"]
    found = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return found, b"".join(message.get("body", b"") for message in sent[1:])


def test_the_watching_script_goes_into_pages_and_into_nothing_else() -> None:
    page = [b"<html><head><script>inline()", b"</script><title>x</title></he", b"ad></html>"]
    headers, body = watched(b"text/html; charset=utf-8", page)
    assert body.count(b"/gate/watch.js") == 1
    assert b"inline()" not in body
    assert int(headers["content-length"]) == len(body)
    assert "etag" not in headers
    headers, body = watched(b"application/json", [b'{"a":', b"1}"])
    assert body == b'{"a":1}'
    assert headers["etag"] == "x"


def test_what_is_fetched_early_is_there_and_is_all_that_the_map_imports() -> None:
    _, body = watched(b"text/html", [b"<html><head></head></html>"])
    early = set(re.findall(r'href="/_stcore/bidi-components/hotspot\.map/([^"]+)"', body.decode()))
    needed, left = set(), ["map.js"]
    while left:
        name = left.pop()
        needed.add(name)
        found = re.findall(
            r'^import [^"]*"\./([^"]+)"', (FRONTEND / name).read_text(), re.MULTILINE
        )
        left += [path for path in found if path not in needed and "/" not in path]
        needed |= {path for path in found if "/" in path}
    assert early == needed


class Broken:
    """A keeper whose database does not answer."""

    def session_of(self, _token: str) -> None:
        message = "locked"
        raise StoreError(message)

    use = open_ones = session_of

    def knows(self, _token: str) -> bool:
        return False


def test_a_database_that_does_not_answer_opens_nothing() -> None:
    sent: list[Any] = []

    async def collect(message: Any) -> None:
        sent.append(message)

    async def never(*_: Any) -> None:
        pytest.fail("the app was reached")

    gate = AccessGate(never, keeper=Broken(), house=TLS, pages=never)  # type: ignore[arg-type]
    headers = [(b"host", b"h.example"), (b"cookie", b"__Host-hotspot_session=x")]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
    run_apart(gate(scope, never, collect))  # type: ignore[arg-type]
    assert sent[0]["status"] == 503
