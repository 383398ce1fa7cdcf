"""Measure what a signed-in user waits while two hundred connections try to sign in.

python -m benchmarks.door [--connections N] [--seconds S]
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import report
from benchmarks.gate import ASSET, GATED, RIGHT, SHELL, ask, running, served_by, sign_in
from hotspot.access.actor import UserRole
from hotspot.services.people import accounts
from hotspot.services.workspace.folder import init_workspace

PATHS = ("/gate/state", ASSET, "/_stcore/health")
GOAL_S = 2.0


def try_on(until: float, seen: Counter[int]) -> None:
    """Try to sign in under one invented name after the other until an instant."""
    headers = {
        "Origin": f"http://127.0.0.1:{GATED}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    number = 0
    while time.monotonic() < until:
        number += 1
        name = f"nobody {threading.get_ident()} {number}"
        try:
            form = urlencode({"name": name, "password": "guess"})
            seen[ask(GATED, "/gate/sign-in", "POST", headers, form)[0]] += 1
        except (OSError, http.client.HTTPException):
            seen[0] += 1


def crowd(connections: int, seconds: float, cookie: str) -> dict[str, Any]:
    """Let a crowd try, and ask meanwhile as a signed-in user does."""
    load = os.getloadavg()[0]
    until = time.monotonic() + seconds
    seen: Counter[int] = Counter()
    tries = [
        threading.Thread(target=try_on, args=(until, seen), daemon=True) for _ in range(connections)
    ]
    for one in tries:
        one.start()
    waits, number = [], 0
    while time.monotonic() < until:
        number += 1
        began = time.perf_counter()
        status, _, _ = ask(GATED, PATHS[number % len(PATHS)], headers={"Cookie": cookie})
        waits.append(time.perf_counter() - began)
        if status != http.HTTPStatus.OK:
            message = f"a signed-in user was answered {status}"
            raise RuntimeError(message)
    for one in tries:
        one.join(60)
    return {
        "connections": connections,
        "seconds": seconds,
        "requests": len(waits),
        "median_s": statistics.median(waits),
        "p99_s": statistics.quantiles(waits, n=100)[98],
        "longest_s": max(waits),
        "goal_s": GOAL_S,
        "load": load,
        "tries": {str(status): count for status, count in sorted(seen.items())},
    }


def main() -> None:
    """Run it and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="hotspot-door-"))
    try:
        workspace = init_workspace(SHELL, scratch / "workspace", "sample")
        roles = frozenset({UserRole.ANALYST})
        holder = accounts.Holder("ana", "Ana", roles, "Staffordshire Police")
        accounts.add_account(workspace, SHELL, holder, RIGHT)
        workspace.engine.dispose()
        with running(served_by(scratch / "workspace"), GATED, "/health"):
            cookie = sign_in(GATED, RIGHT)[2]
            result = crowd(given.connections, given.seconds, cookie)
        report.save("door", result)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
