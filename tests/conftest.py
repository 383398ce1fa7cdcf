"""Fixtures that many tests share."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import create_engine, text

from hotspot.access.actor import Actor, UserRole
from hotspot.cli import main
from hotspot.services.upkeep.demo import open_demo
from hotspot.services.workspace.folder import Workspace, init_workspace, open_workspace
from hotspot.settings import SAMPLE_FOLDER
from tests.stillness import watch_pages_of

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
settings.register_profile("quick", settings.get_profile("default"), max_examples=8)
settings.load_profile("default")
expect.set_options(timeout=20_000)


OUTSIDE = {"browser", "chromium", "hotspot_command", "open_app", "postgres_url", "run_process"}
"""Fixtures that start a browser, a server, a process or the app itself: their tests are slow."""
SLOW_MARKS = ("browser", "wheel")
SLOW_PLACES = (
    "tests/attacks/",
    "tests/intake/test_neighbours.py",
    "tests/intake/test_shared_cases.py",
    "tests/services/actions/test_action_ladder.py",
    "tests/services/actions/test_walks.py",
)
"""Attacks build whole workspaces to break them; the cases read files that people really have, and
each measure is walked through the services from its beginning to its ends."""


ONCE_MORE = pytest.mark.flaky(reruns=1, only_rerun=["TimeoutError"])
"""A browser's test that waited in vain is tried once more, and listed as such: on a machine with
two cores a page may stand still for longer than anybody waits. A wrong answer is never tried again."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark as slow what uses something outside; leave the full sizes to `make soak`."""
    is_soak = "soak" in (config.option.markexpr or "")
    for item in items:
        uses = OUTSIDE & set(getattr(item, "fixturenames", ()))
        is_long = any(mark in item.keywords for mark in SLOW_MARKS)
        if uses or is_long or item.nodeid.startswith(SLOW_PLACES):
            item.add_marker(pytest.mark.slow)
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(ONCE_MORE)
        if "soak" in item.keywords and not is_soak:
            item.add_marker(pytest.mark.skip(reason="a full size; run by `make soak`"))
    longest = {item.path for item in items if "browser" in item.keywords}
    items.sort(key=lambda item: item.path not in longest)  # no worker has them left at the end


_noticed: list[str] | None = None


def _notice(event: str, arguments: tuple[object, ...]) -> None:
    """Write down what a quick test does that none should do."""
    if _noticed is None:
        return
    if event == "subprocess.Popen" and Path(str(arguments[0])).name != "git":
        _noticed.append(f"starts {arguments[1]}")
    elif event == "time.sleep" and threading.current_thread() is threading.main_thread():
        _noticed.append(f"sleeps {arguments[0]} s")
    elif event == "socket.bind":
        _noticed.append(f"listens at {arguments[1]}")


sys.addaudithook(_notice)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Fail a test that starts a process, listens or sleeps and is not marked as slow."""
    global _noticed  # noqa: PLW0603 - the hook of the interpreter stays for good
    _noticed = None if "slow" in item.keywords else []
    try:
        yield
        if _noticed:
            pytest.fail(f"{_noticed[0]}: wait for a state, or mark it with pytest.mark.slow")
    finally:
        _noticed = None


_full_sizes: dict[str, list[dict[str, float]]] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember how the tests that have a full size went, for the page of results."""
    made = yield
    if made.when == "call" and not made.skipped:
        name = item.nodeid.split("[")[0].rsplit("::", 1)[-1]
        if "soak" in item.keywords:
            _full_sizes.setdefault(name, [])
        if name in _full_sizes:
            load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
            _full_sizes[name].append(
                {"passed": made.passed, "seconds": made.duration, "load": load}
            )
    return made


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write how the full sizes went into `benchmarks/`, when all of them were asked for."""
    if session.config.option.markexpr and _full_sizes and not session.config.option.keyword:
        from benchmarks import report

        path = report.RESULTS / "full_sizes.json"
        before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        result = {
            name: {
                "runs": len(runs),
                "passed": sum(run["passed"] for run in runs),
                "seconds": round(sum(run["seconds"] for run in runs)),
                "load": round(max(run["load"] for run in runs), 1),
            }
            for name, runs in sorted(_full_sizes.items())
        }
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
    planted: dict[str, Any] = json.loads((SAMPLE_FOLDER / "truth.json").read_text(encoding="utf-8"))
    return planted


@pytest.fixture
def analyst() -> Actor:
    return Actor("Test Analyst", frozenset({UserRole.ANALYST}), account_id=101)


@pytest.fixture
def lead() -> Actor:
    return Actor("Test Lead", frozenset({UserRole.DISRUPTION_LEAD}), account_id=102)


@pytest.fixture
def administrator() -> Actor:
    return Actor("Test Administrator", frozenset({UserRole.ADMINISTRATOR}))


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a folder once for all workers of the run; tests copy it and leave it alone."""
    is_shared = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    base = base.parent if is_shared else base

    def make(name: str, fill: Callable[[Path], Workspace]) -> Path:
        folder = base / "once" / name
        folder.parent.mkdir(exist_ok=True)
        with closing(sqlite3.connect(folder.with_suffix(".lock"), timeout=240)) as lock:
            lock.execute("BEGIN EXCLUSIVE")  # let go of at the end, also of a process that dies
            if not folder.exists():
                unfinished = folder.with_suffix(f".{uuid.uuid4().hex}")
                fill(unfinished).engine.dispose()
                unfinished.rename(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def demo_folder(once: Callable[..., Path]) -> Path:
    """A demonstration as it is made on the first call."""
    return once("demo", open_demo)


@pytest.fixture(scope="session")
def empty_folder(once: Callable[..., Path]) -> Path:
    """An empty real workspace of the sample's area."""
    maker = Actor("Test Administrator", frozenset({UserRole.ADMINISTRATOR}))
    return once("empty", lambda folder: init_workspace(maker, folder, "sample"))


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A demonstration of one's own."""
    workspace = open_workspace(shutil.copytree(demo_folder, tmp_path / "demo"))
    yield workspace
    workspace.engine.dispose()


@pytest.fixture
def workspace(empty_folder: Path, tmp_path: Path) -> Iterator[Workspace]:
    """An empty real workspace of one's own."""
    opened = open_workspace(shutil.copytree(empty_folder, tmp_path / "workspace"))
    yield opened
    opened.engine.dispose()


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
        watch_pages_of(opened)
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
def run_process(hotspot_command: list[str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a `hotspot` command to its end, in a process of its own."""

    def run(*arguments: object, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*hotspot_command, *map(str, arguments)],
            input=typed,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


@pytest.fixture
def run_cli(monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a `hotspot` command to its end in this process; an error that is not foreseen is raised."""

    def run(*arguments: object, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = ["hotspot", *map(str, arguments)]
        status: str | int | None = 0
        with (
            monkeypatch.context() as patch,
            redirect_stdout(io.StringIO()) as out,
            redirect_stderr(io.StringIO()) as err,
        ):
            patch.setattr(sys, "argv", command)
            patch.setattr(sys, "stdin", io.StringIO(typed))
            mask = os.umask(0o022)
            try:
                main()
            except SystemExit as ended:
                status = ended.code
            finally:
                os.umask(mask)
        assert isinstance(status, int | None)
        return subprocess.CompletedProcess(command, status or 0, out.getvalue(), err.getvalue())

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
        start: list[str | Path] = [
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
        stop: list[str | Path] = [binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
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
