"""Clients that ask for much and read nothing of it, or read slowly."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from websockets.sync.client import connect

from hotspot.server import connections
from hotspot.server.connections import BoundedHTTP, BoundedSocket
from hotspot.server.headers import Message, Receive, Send

pytestmark = pytest.mark.slow
MUCH = bytes(32 << 20)
"""More than the buffers of both ends hold."""
SOON_S = 0.5


async def generous(scope: Message, receive: Receive, send: Send) -> None:
    """Send much to whoever asks."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "bytes": MUCH})
        await receive()
    elif scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": MUCH})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[uvicorn.Server]:
    monkeypatch.setattr(connections, "READ_WITHIN_S", SOON_S)
    config = uvicorn.Config(
        generous, port=0, lifespan="off", log_level="error", http=BoundedHTTP, ws=BoundedSocket
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    wait_until(lambda: running.started)
    yield running
    running.should_exit = True
    thread.join(20)


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < until, "it did not become so"
        time.sleep(0.02)


def port_of(server: uvicorn.Server) -> int:
    return int(server.servers[0].sockets[0].getsockname()[1])


HEADS = {
    "page": b"",
    "socket": b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
}


@pytest.mark.parametrize("what", list(HEADS))
def test_who_reads_nothing_is_let_go_of(server: uvicorn.Server, what: str) -> None:
    """Such a connection stayed for good, with all that was to be sent to it in memory."""
    with socket.create_connection(("127.0.0.1", port_of(server))) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + HEADS[what] + b"\r\n")
        wait_until(lambda: bool(server.server_state.tasks))
        wait_until(lambda: not server.server_state.connections)
        wait_until(lambda: not server.server_state.tasks)


def test_who_reads_slowly_gets_all(server: uvicorn.Server) -> None:
    """Reading takes several times as long as one may read nothing."""
    told = 0
    with socket.create_connection(("127.0.0.1", port_of(server))) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        began = time.monotonic()
        while part := slow.recv(256 << 10):
            told += len(part)
            time.sleep(SOON_S / 25)
    assert told > len(MUCH)
    assert time.monotonic() - began > 2 * SOON_S


def test_a_socket_is_read_as_before(server: uvicorn.Server) -> None:
    with connect(f"ws://127.0.0.1:{port_of(server)}/", max_size=None) as reading:
        assert reading.recv(timeout=30) == MUCH
