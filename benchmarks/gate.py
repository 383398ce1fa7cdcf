"""Guess 10,000 passwords at the running app, and measure what the gate costs.

python -m benchmarks.gate [--guesses N]
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import report
from hotspot.access.actor import COMMAND_LINE_ROLES, Actor, UserRole
from hotspot.access.log_filter import LogFilter
from hotspot.services.people import accounts
from hotspot.services.upkeep import log
from hotspot.services.workspace.folder import init_workspace, open_workspace
from hotspot.settings import STREAMLIT_OPTIONS

SHELL = Actor("benchmark", COMMAND_LINE_ROLES)
RIGHT = "lantern gravel otter sixpence"
BARE, GATED = 8711, 8712
REQUESTS = 300
ASSET = "/favicon.png"


@contextmanager
def running(command: list[str], port: int, health: str) -> Iterator[None]:
    """Run a server until the block ends."""
    process = subprocess.Popen(  # noqa: S603 - commands of this file
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        for _ in range(240):
            try:
                if ask(port, health)[0] == http.HTTPStatus.OK:
                    break
            except OSError:
                time.sleep(0.25)
        yield
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)


def served_by(folder: Path) -> list[str]:
    """Return the command that serves a workspace."""
    return [sys.executable, "-m", "hotspot", "serve", "-w", str(folder), "--port", str(GATED)]


def ask(
    port: int, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: str = ""
) -> tuple[int, str, str]:
    """Ask once; give status, text and the cookie that was set."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, body or None, headers or {})
    answer = connection.getresponse()
    found = re.search(r"hotspot_session=[^;]+", answer.getheader("set-cookie") or "")
    text = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, text, found[0] if found else ""


def sign_in(port: int, password: str) -> tuple[int, str, str]:
    """Try a password for the one account."""
    headers = {
        "Origin": f"http://127.0.0.1:{port}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    form = urlencode({"name": "ana", "password": password})
    return ask(port, "/gate/sign-in", "POST", headers, form)


def guess(port: int, guesses: int) -> dict[str, Any]:
    """Guess wrong passwords from eight clients at once, the right one among the last."""
    started = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda n: sign_in(port, f"guess number {n}"), range(guesses))
        kinds = Counter(_kind(status, text) for status, text, _ in answers)
    seconds = time.perf_counter() - started
    right = _kind(*sign_in(port, RIGHT)[:2])
    return {"guesses": guesses, "answers": dict(kinds), "seconds": seconds, "right_one": right}


def _kind(status: int, text: str) -> str:
    if status == http.HTTPStatus.SEE_OTHER:
        return "opened"
    if "Too many attempts" in text:
        return "refused unseen"
    return "refused" if "did not fit" in text else f"status {status}"


def latency(port: int, path: str, cookie: str = "") -> float:
    """Return the median time of a request, in milliseconds."""
    times = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        status, _, _ = ask(port, path, headers={"Cookie": cookie} if cookie else {})
        times.append((time.perf_counter() - started) * 1000)
        if status != http.HTTPStatus.OK:
            message = f"{path} answered {status}"
            raise RuntimeError(message)
    return statistics.median(times)


def main() -> None:
    """Run everything and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guesses", type=int, default=10_000)
    given = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="hotspot-gate-"))
    try:
        report.save("gate", _measure(scratch, given.guesses))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _measure(scratch: Path, guesses: int) -> dict[str, Any]:
    folder = scratch / "workspace"
    workspace = init_workspace(SHELL, folder, "sample")
    holder = accounts.Holder("ana", "Ana", frozenset({UserRole.ANALYST}), "Staffordshire Police")
    accounts.add_account(workspace, SHELL, holder, RIGHT)
    workspace.engine.dispose()
    bare = scratch / "bare.py"
    bare.write_text("import streamlit as st\nst.write('nothing')\n", encoding="utf-8")
    options = [f"--{name}={value}" for name, value in STREAMLIT_OPTIONS.items()]
    streamlit = [sys.executable, "-m", "streamlit", "run", str(bare), *options]
    with running([*streamlit, f"--server.port={BARE}"], BARE, "/_stcore/health"):
        without = latency(BARE, ASSET)
    with running(served_by(folder), GATED, "/health"):
        cookie = sign_in(GATED, RIGHT)[2]
        through = latency(GATED, ASSET, cookie)
        guessed = guess(GATED, guesses)
    opened = open_workspace(folder)
    verdict = log.verify_log(opened, SHELL)
    rows, _ = log.view_log(opened, SHELL, LogFilter(operations=("refuse sign-in",)), "benchmark")
    opened.engine.dispose()
    return {
        "guessing": {**guessed, "rows_logged": len(rows), "log_is_whole": not verdict.problems},
        "request": {"without_gate_ms": without, "with_gate_ms": through, "requests": REQUESTS},
    }


if __name__ == "__main__":
    main()
