"""Fixtures that many tests share."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import create_engine, text

from hotspot.access.actor import Actor, UserRole
from hotspot.services.upkeep.demo import open_demo
from hotspot.services.workspace.folder import Workspace, init_workspace, open_workspace
from hotspot.settings import SAMPLE_FOLDER

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "real"

settings.register_profile(
    "default",
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("soak", max_examples=1000, deadline=None)
settings.load_profile("default")
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the full sizes to `make soak`."""
    if "soak" in (config.option.markexpr or ""):
        return
    for item in items:
        if "soak" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="a full size; run by `make soak`"))


_full_sizes: dict[str, list[bool]] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport]:
    """Remember how the tests that have a full size went, for the page of results."""
    made = yield
    if made.when == "call" and not made.skipped:
        name = item.nodeid.split("[")[0].rsplit("::", 1)[-1]
        if "soak" in item.keywords:
            _full_sizes.setdefault(name, [])
        if name in _full_sizes:
            _full_sizes[name].append(made.passed)
    return made


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write how the full sizes went into `benchmarks/`, when all of them were asked for."""
    if session.config.option.markexpr and _full_sizes and not session.config.option.keyword:
        from benchmarks import report

        path = report.RESULTS / "full_sizes.json"
        before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        result = {n: {"runs": len(r), "passed": sum(r)} for n, r in sorted(_full_sizes.items())}
        report.save("full_sizes", dict(sorted((before | result).items())))


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real open data, which stays outside the project."""
    if not REAL.is_dir():
        pytest.skip("no folder ../shared/real beside the checkout")
    return REAL


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    """The planted truth of the sample."""
    return json.loads((SAMPLE_FOLDER / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture
def analyst() -> Actor:
    return Actor("Test Analyst", frozenset({UserRole.ANALYST}))


@pytest.fixture
def lead() -> Actor:
    return Actor("Test Lead", frozenset({UserRole.DISRUPTION_LEAD}))


@pytest.fixture
def administrator() -> Actor:
    return Actor("Test Administrator", frozenset({UserRole.ADMINISTRATOR}))


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration as it is made on the first call; tests copy it and leave it alone."""
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    open_demo(folder).engine.dispose()
    return folder


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A demonstration of one's own."""
    copy = tmp_path / "demo"
    shutil.copytree(demo_folder, copy)
    workspace = open_workspace(copy)
    yield workspace
    workspace.engine.dispose()


@pytest.fixture
def workspace(tmp_path: Path, administrator: Actor) -> Iterator[Workspace]:
    """An empty real workspace of the sample's area."""
    made = init_workspace(administrator, tmp_path / "workspace", "sample")
    yield made
    made.engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The machine's Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine (make browser brings one where it may)")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium without a network: every name but this machine's is unknown."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            ],
        )
        yield opened
        opened.close()


@contextmanager
def served(
    command: list[str], environment: dict[str, str] | None = None, cwd: Path | None = None
) -> Iterator[str]:
    """Run a `hotspot` command that serves, on a free port, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        env=environment or dict(os.environ),
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)


def _wait_for(address: str, process: subprocess.Popen[str]) -> None:
    for _ in range(240):
        if process.poll() is not None:
            message = f"the server ended: {process.stdout.read() if process.stdout else ''}"
            raise RuntimeError(message)
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=1):
                return
        except OSError:
            time.sleep(0.25)
    message = "the server did not answer within a minute"
    raise RuntimeError(message)


@pytest.fixture(scope="session")
def hotspot_command() -> list[str]:
    return [sys.executable, "-m", "hotspot"]


@pytest.fixture
def run_cli(hotspot_command: list[str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a `hotspot` command to its end, in a process of its own."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*hotspot_command, *map(str, arguments)], capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of the tests' own, on a socket in a folder of its own."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        pytest.skip("no PostgreSQL server on this machine (make postgres brings one where it may)")
    binaries = found[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="hotspot-pg-"))
    user = [] if os.getuid() else ["runuser", "-u", "postgres", "--"]
    if user:
        shutil.chown(folder, "postgres")
    data, options = folder / "data", f"-k {folder} -c listen_addresses= -c fsync=off"
    try:
        subprocess.run(
            [*user, binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust"],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        start = [
            binaries / "pg_ctl",
            "-D",
            data,
            "-o",
            options,
            "-l",
            folder / "log",
            "-w",
            "start",
        ]
        subprocess.run([*user, *start], check=True, capture_output=True, cwd=folder)
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        stop = [binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
        subprocess.run([*user, *stop], check=False, capture_output=True, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def empty_postgres_url(postgres_url: str) -> Iterator[str]:
    """An empty database on that server."""
    name = f"t{uuid.uuid4().hex}"
    server = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_url.replace("/postgres?", f"/{name}?")
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
