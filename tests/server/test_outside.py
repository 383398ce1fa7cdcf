"""The server asks nobody: every name and address that it looks for is written down."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import served
from tests.server.client import Client, run_script

WITNESS = '''
"""Write down every host that is looked up or connected to, except this machine."""
import os, socket

_OWN = {"127.0.0.1", "localhost", "::1", "0.0.0.0", "", None}

def _note(host):
    if isinstance(host, bytes):
        host = host.decode()
    if host not in _OWN:
        with open(os.environ["WITNESS_FILE"], "a") as file:
            file.write(f"{host}\\n")

_lookup, _connect, _connect_ex = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex

def getaddrinfo(host, *rest, **named):
    _note(host)
    return _lookup(host, *rest, **named)

def connect(self, address):
    if isinstance(address, tuple):
        _note(address[0])
    return _connect(self, address)

def connect_ex(self, address):
    if isinstance(address, tuple):
        _note(address[0])
    return _connect_ex(self, address)

socket.getaddrinfo = getaddrinfo
socket.socket.connect, socket.socket.connect_ex = connect, connect_ex
open(os.environ["WITNESS_FILE"], "a").close()
'''


def test_the_server_looks_up_and_asks_no_other_host(
    tmp_path: Path, hotspot_command: list[str]
) -> None:
    """From the start through a sign-in and a page; and when another origin knocks, for which the
    web framework by itself would ask an outside host what its own address is."""
    (tmp_path / "sitecustomize.py").write_text(WITNESS)
    seen = tmp_path / "seen"
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "WITNESS_FILE": str(seen)}
    asks = (
        "import socket\ntry: socket.create_connection(('evil.example', 80), 1)\nexcept OSError: 0"
    )
    subprocess.run([sys.executable, "-c", asks], env=environment, check=True)
    assert seen.read_text() == "evil.example\n", "the witness would not have seen it"
    seen.unlink()
    with served([*hotspot_command, "demo", "-w", str(tmp_path / "demo")], environment) as address:
        client = Client(address)
        assert client.post("/gate/demo", {"person": "drew"}).status == 303
        _, text = run_script(client.socket())
        assert "H-01" in text
        for origin in ("http://evil.example", None, "null"):
            assert client.is_socket_refused(origin=origin)
        client.ask("/", headers={"Host": "evil.example"})
    assert seen.exists(), "the witness was not there"
    assert seen.read_text() == ""
