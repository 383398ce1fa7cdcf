"""What anyone sends never becomes a line, a value or a terminal's command of the server's log."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from hotspot.access.actor import UserRole
from hotspot.services.workspace.folder import Workspace
from hotspot.settings import INSTALLED_AT
from tests.attacks.conftest import entered
from tests.conftest import served
from tests.helpers import add_person

pytestmark = pytest.mark.slow

FORGED = '\n{"at": "2026-01-01", "level": "ERROR", "event": "forged"}\r\n\x1b[2J\u202eabc\u2028'
LIBRARIES = """
import logging, sys
before = logging.getLogger("early")
before.addHandler(logging.StreamHandler())
from hotspot.services.workspace.server_log import note, start_logging
start_logging()
forged = sys.argv[1]
import streamlit.logger
streamlit.logger.get_logger("streamlit.web").warning("origin %s refused", forged)
streamlit.logger.update_formatter()
streamlit.logger.get_logger("streamlit.web").warning(f"name {forged}")
for name in ("early", "uvicorn.error", forged):
    logging.getLogger(name).error("value %s", forged)
try:
    raise ValueError(forged)
except ValueError:
    logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
note("import", label=forged)
raise KeyError(forged)
"""


def check(text: str) -> list[dict[str, str]]:
    """Every line is one object of printable ASCII, and none is forged."""
    lines = text.splitlines()
    assert not re.search(r"[^\x20-\x7e\n]", text)
    told = [json.loads(line) for line in lines if line]
    assert all(line["event"] != "forged" for line in told)
    return told


def test_no_library_writes_what_was_sent() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIBRARIES, FORGED],
        capture_output=True,
        text=True,
        cwd=INSTALLED_AT,
        check=False,
    )
    told = check(done.stderr)
    assert done.stdout == ""
    assert len(told) == 8, told
    assert "Traceback" not in done.stderr
    assert [line["kind"] for line in told if "kind" in line] == ["ValueError", "KeyError"]
    assert told[0]["event"] == "origin %s refused", "the template, not the value"
    assert told[-1]["event"] == "uncaught error"


def test_a_partner_forges_no_line_of_the_running_server(
    workspace: Workspace, hotspot_command: list[str], tmp_path: Path
) -> None:
    """A partner once forged whole lines, by names and messages that libraries wrote as they came."""
    add_person(workspace, UserRole.VIEWER, "partner")
    written = tmp_path / "stderr"
    command = ["sh", "-c", f'exec "$@" 2>{written}', "sh", *hotspot_command]
    with served([*command, "serve", "-w", str(workspace.folder)], dict(os.environ)) as at:
        begun = written.stat().st_size  # what the command itself says stands before
        client = entered(at, "partner")
        forged = FORGED.encode()
        for content in (forged, b"\x5a" + bytes([len(forged)]) + forged, b"\xff" * 50):
            with suppress(ConnectionClosed, OSError, TimeoutError):
                socket_ = client.socket()
                socket_.send(content)
                socket_.recv(timeout=2)
        for path in (
            "/_stcore/upload_file/%0a%7b%22x%22/%1b%5b2J",
            "/component/%0a/x",
            "/%1b%5b2J",
        ):
            client.ask(path, "PUT", {"Origin": at, "X-A": "a"}, b"x")
            client.ask(path)
        time.sleep(0.5)
    text = written.read_bytes()[begun:].decode("utf-8")
    for line in check(text):
        assert str(workspace.folder) not in json.dumps(line)
