"""Full disks, damaged and read-only databases, kills: one plain line, and nothing left behind."""

from __future__ import annotations

import importlib
import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from hotspot.errors import StoreError
from hotspot.services.records import imports
from hotspot.services.upkeep import backups, log, rotation
from hotspot.services.upkeep.doctor import State, examine
from hotspot.services.workspace.folder import Workspace, open_workspace, sweep_leftovers
from hotspot.services.workspace.serving import serve_alone
from hotspot.settings import SAMPLE_FOLDER
from hotspot.store import actions
from hotspot.store.backup import listed_files
from hotspot.store.database import current_revision
from hotspot.store.record_files import unlisted_files
from hotspot.store.row_digests import PROTECTED
from hotspot.store.unit_of_work import reading
from tests.helpers import SHELL, log_of

pytestmark = pytest.mark.slow

Cli = Callable[..., "CompletedProcess[str]"]
EPISODES = SAMPLE_FOLDER / "missing_episodes.xlsx"
KILLS = [pytest.param(2, id="reduced"), pytest.param(34, id="full", marks=pytest.mark.soak)]
"""Of each kind of work: two hundred in all in the full size."""


def every_file(folder: Path) -> set[str]:
    kept = {"hotspot.db-wal", "hotspot.db-shm"}
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    return files - kept


def left_behind(workspace: Workspace) -> list[str]:
    return unlisted_files(workspace.records, set(listed_files(workspace.engine)))


# who may read ------------------------------------------------------------------------------


def test_nobody_else_may_read_a_workspace(demo: Workspace, run_cli: Cli, tmp_path: Path) -> None:
    made = run_cli("init", tmp_path / "w", "--area", "sample")
    assert made.returncode == 0, made.stderr
    assert run_cli("backup", tmp_path / "b.backup", "-w", demo.folder).returncode == 0
    for folder in (tmp_path / "w", demo.folder):
        for path in [folder, *folder.rglob("*")]:
            assert not stat.S_IMODE(path.lstat().st_mode) & 0o077, path
    assert stat.S_IMODE((tmp_path / "b.backup").stat().st_mode) == 0o600


def test_the_doctor_finds_what_others_may_read(workspace: Workspace) -> None:
    (workspace.folder / "area.geojson").chmod(0o640)
    wrong = [f for f in examine(workspace.folder) if f.state is State.WRONG]
    assert [f.what for f in wrong] == ["who may read"]
    assert "area.geojson" in wrong[0].detail
    assert "chmod -R go=" in wrong[0].detail


# full disks --------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with 12 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)]
    if os.name != "posix" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets the test mount no small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, *, but: int) -> None:
    free = shutil.disk_usage(folder).free
    (folder / "filling").write_bytes(b"\0" * max(0, free - but))


def on(disk: Path, source: Workspace) -> Workspace:
    source.engine.dispose()
    shutil.copytree(source.folder, disk / "w")
    return open_workspace(disk / "w")


@pytest.mark.parametrize("room", [0, 20_000, 60_000, 150_000])
def test_a_full_disk_is_one_line_and_nothing_is_left(
    small_disk: Path, workspace: Workspace, room: int
) -> None:
    """Seven files were once left by imports on a nearly full disk."""
    opened = on(small_disk, workspace)
    before = every_file(opened.folder)
    fill(small_disk, but=room)
    with pytest.raises(StoreError, match=r"room|full") as error:
        imports.import_files(
            opened, SHELL, "missing", [EPISODES], imports.ImportPlan(), outside_ok=True
        )
    assert "\n" not in str(error.value)
    (small_disk / "filling").unlink()
    opened.engine.dispose()
    assert every_file(opened.folder) <= before | {"server.lock"}
    assert "import" not in log_of(opened)["operation"].tolist()
    opened.engine.dispose()


def test_a_backup_on_a_full_disk_is_not_logged_and_leaves_nothing(
    small_disk: Path, demo: Workspace
) -> None:
    fill(small_disk, but=100_000)
    with pytest.raises(StoreError, match="nothing was kept"):
        backups.back_up(demo, SHELL, small_disk / "b" / "x.backup")
    assert [p for p in small_disk.rglob("*") if p.is_file()] == [small_disk / "filling"]
    assert not any(demo.unfinished.iterdir())
    assert "back up" not in log_of(demo)["operation"].tolist()


# damaged and read-only ---------------------------------------------------------------------


def damage(workspace: Workspace) -> None:
    """Write nonsense over pages in the middle of the database."""
    workspace.engine.dispose()
    path = workspace.folder / "hotspot.db"
    rng, size = random.Random(1), path.stat().st_size
    with path.open("r+b") as file:
        for at in range(4096 * 3, size, 4096 * 2):
            file.seek(at)
            file.write(rng.randbytes(min(2000, size - at)))


def test_a_damaged_database_is_one_plain_line_for_every_command(
    demo: Workspace, run_cli: Cli, tmp_path: Path
) -> None:
    damage(demo)
    for command in (
        ["backup", tmp_path / "x.backup"],
        ["audit", "verify"],
        ["detect"],
        ["import", "missing", EPISODES],
    ):
        done = run_cli(*command, "-w", demo.folder)
        assert done.returncode in {1, 2}, (command, done.stdout)
        told = done.stderr + done.stdout
        assert "Traceback" not in told
        assert "sqlalche" not in told
        assert "nothing was kept" in told or "not whole" in told, (command, told)
    assert not (tmp_path / "x.backup").exists()
    assert any(f.state is State.WRONG for f in examine(demo.folder))


def test_a_file_that_is_no_database_is_one_plain_line(workspace: Workspace, run_cli: Cli) -> None:
    workspace.engine.dispose()
    for name in ("hotspot.db-wal", "hotspot.db-shm"):
        (workspace.folder / name).unlink(missing_ok=True)
    (workspace.folder / "hotspot.db").write_bytes(b"nonsense" * 1000)
    done = run_cli("detect", "-w", workspace.folder)
    assert done.returncode == 2
    assert "restore a backup" in done.stderr.replace("\n", " ")


# kills -------------------------------------------------------------------------------------

WORK = {
    "import": """
from hotspot.services.records import imports
from hotspot.settings import SAMPLE_FOLDER
imports.import_files(workspace, SHELL, "missing",
    [SAMPLE_FOLDER / "missing_episodes.xlsx"], imports.ImportPlan(), outside_ok=True)
""",
    "rotation": """
from hotspot.services.upkeep.rotation import rotate_pseudonyms
rotate_pseudonyms(workspace, SHELL)
""",
    "backup": """
from hotspot.services.upkeep.backups import back_up
back_up(workspace, SHELL, Path(sys.argv[2]) / f"{os.getpid()}.backup")
""",
    "freeze": """
from hotspot.services.hotspots import runs, snapshots
held, sources = runs.holdings(workspace), ["incidents", "missing"]
run = runs.run_on(workspace, sources, runs.default_params(held, sources))
for number in range(3):
    snapshots.freeze(workspace, SHELL, run, sources, f"{os.getpid()} {number}")
""",
    "action": """
from datetime import date
from hotspot.disruption.actions import RecordAction
from hotspot.services.actions import recording
from hotspot.services.hotspots import runs
held, sources = runs.holdings(workspace), ["incidents", "missing"]
run = runs.run_on(workspace, sources, runs.default_params(held, sources))
for number in range(40):
    action = RecordAction(f"{os.getpid()} {number}", "YOUTH", "Sgt", "Schools", date(2027, 1, 1))
    recording.record_action(workspace, SHELL, action, run, "H-01", sources)
    print(action.command_id, file=open(Path(sys.argv[2]) / "acknowledged", "a"), flush=True)
""",
    "upgrade": """
from pathlib import Path
from hotspot.store.database import current_revision
print(current_revision(workspace.engine), flush=True)
""",
}
RUN = """
import os, sys
from pathlib import Path
from hotspot.access.actor import COMMAND_LINE_ROLES, Actor
from hotspot.services.workspace.folder import open_workspace
SHELL = Actor("killed", COMMAND_LINE_ROLES)
__import__("polars")
if {at_opening}:
    print("ready", flush=True)
workspace = open_workspace(Path(sys.argv[1]))
if not {at_opening}:
    print("ready", flush=True)
{work}
print("done", flush=True)
"""


def killed(work: str, folder: Path, elsewhere: Path, seconds: float) -> float:
    """Run work and kill it some time after it began; give how long it ran."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            RUN.format(work=WORK[work], at_opening=work == "upgrade"),
            str(folder),
            str(elsewhere),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.stderr and process.stderr.read()
    began = time.monotonic()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    process.stdout.close()
    return time.monotonic() - began


NEWEST, OLDER = "0014", "0013"


def set_back(folder: Path) -> None:
    """Give the database of a workspace the schema before the newest, with all of its rows."""
    module = importlib.import_module("hotspot.store.migrations.versions.0014_accounts_in_rows")
    with closing(sqlite3.connect(folder / "hotspot.db")) as connection:
        for table, names in module.NAMES.items():
            for name in names:
                connection.execute(f"ALTER TABLE {table} DROP COLUMN {name}_id")
        connection.execute("UPDATE alembic_version SET version_num = ?", [OLDER])
        connection.commit()


def rows_of(workspace: Workspace) -> dict[str, int]:
    """How many rows there are in each table but the log, which an upgrade goes on with."""
    with closing(sqlite3.connect(workspace.folder / "hotspot.db")) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]
        tables = sorted(set(names) & set(PROTECTED))
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - names of ours
            for name in tables
        }


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kills", KILLS)
@pytest.mark.parametrize("work", sorted(WORK))
def test_what_is_killed_leaves_nothing_once_swept(
    demo: Workspace, workspace: Workspace, tmp_path: Path, work: str, kills: int
) -> None:
    """158 unlisted files and hidden copies of the database were once left by killed work."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    used = workspace if work == "import" else demo
    used.engine.dispose()
    if work == "upgrade":
        set_back(used.folder)
    whole = killed(work, shutil.copytree(used.folder, tmp_path / "timed"), elsewhere, 120)
    for old in elsewhere.iterdir():
        old.unlink()
    rows = rows_of(used)
    used.engine.dispose()
    rng = random.Random(work)
    for _ in range(kills):
        killed(work, used.folder, elsewhere, rng.uniform(0.02, 1.0) * whole)
        again = open_workspace(used.folder)  # settles the key of a rotation
        assert current_revision(again.engine) == NEWEST
        if work == "upgrade":
            assert rows_of(again) == rows
        else:
            assert log.verify_log(again, SHELL).problems == []
        sweep_leftovers(again)
        assert left_behind(again) == []
        assert not [p for p in again.unfinished.glob("*") if p.is_file()]
        assert not list(again.unfinished.glob("copy-*"))
        assert all((again.records / name).exists() for name in listed_files(again.engine)), (
            "and nothing that counts is gone"
        )
        again.engine.dispose()
        if work == "upgrade":
            set_back(used.folder)
    if work == "action":
        acknowledged = set((elsewhere / "acknowledged").read_text().split("\n")) - {""}
        with reading(again.engine) as connection:
            assert acknowledged <= set(actions.list_actions(connection)["command_id"])
    assert not list(elsewhere.glob("*.unfinished"))
    assert not [p for p in elsewhere.iterdir() if p.name.startswith(".")]


def test_sweeping_takes_nothing_that_no_list_names(demo: Workspace) -> None:
    """A database that was lost makes every record unlisted: none of them is taken away."""
    before = every_file(demo.records)
    demo.unfinished.mkdir(mode=0o700, exist_ok=True)
    (demo.unfinished / "x.list").write_text(
        f"+{demo.folder.parent / 'elsewhere.txt'}\n+/etc/hostname\n", encoding="utf-8"
    )
    sweep_leftovers(demo)
    assert every_file(demo.records) == before
    assert not (demo.unfinished / "x.list").exists()


def test_work_that_goes_on_is_not_swept(demo: Workspace) -> None:
    from hotspot.store.unfinished import unfinished

    held = demo.records / "held.parquet"
    with unfinished(demo.unfinished) as files:
        files.writes(held)
        held.write_bytes(b"x")
        assert sweep_leftovers(demo) == 0
        assert held.exists()
    assert held.exists(), "it was done"


# two servers -------------------------------------------------------------------------------


def test_a_second_server_is_refused(workspace: Workspace, run_cli: Cli) -> None:
    from hotspot.access.actor import UserRole
    from tests.helpers import add_person

    add_person(workspace, UserRole.ANALYST, "ana")
    lock = serve_alone(workspace)
    done = run_cli("serve", "-w", workspace.folder, "--port", 8991)
    assert done.returncode == 2
    assert "served already" in done.stderr.replace("\n", " ")
    with pytest.raises(StoreError, match="served already"):
        rotation.rotate_pseudonyms(workspace, SHELL)
    lock.release()
    assert rotation.rotate_pseudonyms(workspace, SHELL) == 0
