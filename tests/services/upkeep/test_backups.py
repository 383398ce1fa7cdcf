"""Backup, restore and doctor; and what `kill -9` leaves behind."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from hotspot import InputError, StoreError
from hotspot.access.actor import Actor, UserRole
from hotspot.services.actions import lists, recording
from hotspot.services.hotspots import runs
from hotspot.services.upkeep import backups, log
from hotspot.services.upkeep.doctor import State, examine
from hotspot.services.workspace import measure_catalogue
from hotspot.services.workspace.folder import Workspace, init_workspace, open_workspace
from hotspot.services.workspace.network_drives import is_network_drive, type_of_mount
from hotspot.settings import SAMPLE_FOLDER
from hotspot.store import backup as store
from hotspot.store.audit import Head
from hotspot.store.database import sqlite_url
from tests.conftest import ROOT
from tests.helpers import FORCE, SHELL, add_person, an_action, run_of

Cli = Callable[..., "CompletedProcess[str]"]


def wrong(folder: Path) -> list[str]:
    return [f"{f.what}: {f.detail}" for f in examine(folder) if f.state is State.WRONG]


# backup and restore ------------------------------------------------------------------------


def test_all_is_there_after_everything_was_deleted(
    demo: Workspace, lead: Actor, tmp_path: Path, run_cli: Cli
) -> None:
    run = run_of(demo, SHELL)
    recording.record_action(demo, lead, an_action(), run, "H-01", FORCE)
    demo.engine.dispose()
    made = run_cli("backup", tmp_path / "b" / "monday.backup", "-w", demo.folder)
    assert made.returncode == 0, made.stderr
    with zipfile.ZipFile(tmp_path / "b" / "monday.backup") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    before = store.count_rows(demo.engine), store.head_of(demo.engine)
    held = runs.holdings(demo)
    demo.engine.dispose()
    shutil.rmtree(demo.folder)
    done = run_cli("restore", tmp_path / "b" / "monday.backup", tmp_path / "again")
    assert done.returncode == 0, done.stderr
    again = open_workspace(tmp_path / "again")
    rows = store.count_rows(again.engine)
    logged = before[0]["audit"]  # the backup's own row among them, written once it was whole
    assert before[0] | {"audit": logged - 1} == manifest["rows"]
    assert {name: n for name, n in rows.items() if name != "audit"} == {
        name: n for name, n in before[0].items() if name != "audit"
    }
    assert rows["audit"] == logged, "the row of the restore itself in the place of the backup's"
    head = Head(manifest["log"]["rows"], manifest["log"]["seal"])
    assert head.audit_id == before[1].audit_id - 1
    assert log.verify_log(again, SHELL, head).problems == []
    assert runs.holdings(again) == held
    later = run_of(again, SHELL)
    assert later.as_dict() == run.as_dict()
    assert lists.list_actions(again, SHELL)["owner"].tolist() == ["Sgt"]
    again.engine.dispose()
    assert wrong(tmp_path / "again") == []


@pytest.mark.slow
def test_a_backup_is_consistent_while_the_workspace_is_used(
    demo: Workspace, lead: Actor, tmp_path: Path
) -> None:
    """Actions are recorded all the while; the backup is the workspace as it was at one instant."""
    import threading

    run = run_of(demo, SHELL)
    stop = threading.Event()

    def work() -> None:
        n = 0
        while not stop.is_set():
            recording.record_action(demo, lead, an_action(f"c{n}"), run, "H-01", FORCE)
            n += 1

    thread = threading.Thread(target=work)
    thread.start()
    reports = [backups.back_up(demo, SHELL, tmp_path / f"{n}.backup") for n in range(3)]
    stop.set()
    thread.join()
    for n, report in enumerate(reports):
        backups.restore(SHELL, tmp_path / f"{n}.backup", tmp_path / f"r{n}")
        again = open_workspace(tmp_path / f"r{n}")
        assert log.verify_log(again, SHELL).problems == []
        assert len(lists.list_actions(again, SHELL)) == report.rows["actions"]
        assert report.rows["actions"] == report.rows["action_events"]
        again.engine.dispose()


def test_a_backup_holds_the_forces_own_measures(demo: Workspace, tmp_path: Path) -> None:
    own = "- {code: H116, checked_on: 2026-11-20, checked_by: Legal Services}\n"
    (demo.folder / "measures.yaml").write_text(own)
    backups.back_up(demo, SHELL, tmp_path / "x.backup")
    backups.restore(SHELL, tmp_path / "x.backup", tmp_path / "again")
    again = open_workspace(tmp_path / "again")
    assert measure_catalogue.measure_of(again, "H116").checked_by == "Legal Services"
    again.engine.dispose()
    (demo.folder / "measures.yaml").write_text("- {code: H116, colour: red}\n")
    assert "colour" in " ".join(wrong(demo.folder))


def test_a_backup_is_private_and_replaces_nothing(demo: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "x.backup"
    backups.back_up(demo, SHELL, target)
    assert target.stat().st_mode & 0o077 == 0
    with pytest.raises(StoreError, match="never replaces"):
        backups.back_up(demo, SHELL, target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo", "x.backup"]
    backups.restore(SHELL, target, tmp_path / "r")
    assert ((tmp_path / "r" / "secrets" / "log.key").stat().st_mode & 0o077) == 0
    with pytest.raises(StoreError, match="not empty"):
        backups.restore(SHELL, target, tmp_path / "r")


def repack(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(source) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def alter(files: dict[str, bytes]) -> None:
    files["workspace.json"] += b" "


def add(files: dict[str, bytes]) -> None:
    files["records/extra.parquet"] = b"x"


def escape(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    files["../../escaped"] = b"x"
    manifest["files"]["../../escaped"] = "x"
    files["manifest.json"] = json.dumps(manifest).encode()


def lose(files: dict[str, bytes]) -> None:
    del files["hotspot.db"]


@pytest.mark.parametrize("change", [alter, add, escape, lose])
def test_a_backup_that_was_altered_is_refused_whole(
    demo: Workspace, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    backups.back_up(demo, SHELL, tmp_path / "x.backup")
    repack(tmp_path / "x.backup", tmp_path / "y.backup", change)
    with pytest.raises(InputError, match=r"y\.backup|backup"):
        backups.restore(SHELL, tmp_path / "y.backup", tmp_path / "r")
    assert not (tmp_path / "r").exists()
    assert not (tmp_path.parent / "escaped").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".hotspot")]


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("not a backup")
    with pytest.raises(InputError, match="no backup"):
        backups.restore(SHELL, tmp_path / "x", tmp_path / "r")
    with pytest.raises(InputError, match="no backup"):
        backups.restore(SHELL, tmp_path / "gone", tmp_path / "r")


def test_a_server_database_is_backed_up_by_its_keepers(
    workspace: Workspace, empty_postgres_url: str, tmp_path: Path
) -> None:
    folder = workspace.folder.with_name("served")
    served = init_workspace(SHELL, folder, "sample", url=empty_postgres_url)
    with pytest.raises(StoreError, match="pg_dump"):
        backups.back_up(served, SHELL, tmp_path / "x.backup")
    served.engine.dispose()
    assert not (tmp_path / "x.backup").exists()


# doctor ------------------------------------------------------------------------------------


def test_the_doctor_finds_a_sound_workspace_well(demo: Workspace, run_cli: Cli) -> None:
    assert wrong(demo.folder) == []
    done = run_cli("doctor", "-w", demo.folder, "--json")
    assert done.returncode == 0, done.stdout
    assert {f["what"] for f in json.loads(done.stdout)} >= {"database", "log", "record files"}


def test_the_doctor_asks_for_backups(demo: Workspace, tmp_path: Path) -> None:
    def found() -> str:
        return next(f.detail for f in examine(demo.folder) if f.what == "backups")

    assert "none yet" in found()
    backups.back_up(demo, SHELL, tmp_path / "x.backup")
    assert found() == "the last 0 days ago"


def test_the_doctor_says_what_is_wrong(demo: Workspace, run_cli: Cli) -> None:
    found = next(demo.records.rglob("*.parquet"))
    found.write_bytes(found.read_bytes() + b"x")
    (demo.records / "left.unfinished").touch()
    (demo.folder / "secrets" / "log.key").chmod(0o644)
    with demo.engine.begin() as connection:
        connection.execute(text("UPDATE audit SET actor = 'x' WHERE audit_id = 2"))
    said = " ".join(wrong(demo.folder))
    for words in ("1 of", "chmod -R go=", "row 2 was altered"):
        assert words in said
    done = run_cli("doctor", "-w", demo.folder)
    assert done.returncode == 1
    assert "WRONG" in done.stdout
    assert "harmless" in done.stdout


def test_the_doctor_of_no_workspace(tmp_path: Path, run_cli: Cli) -> None:
    done = run_cli("doctor", "-w", tmp_path)
    assert done.returncode == 1
    assert "not a Hotspot workspace" in " ".join(done.stdout.split())


def test_a_network_drive_is_known_by_its_mount() -> None:
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\n//srv/share /mnt/the\\040share cifs rw 0 0\n"
        "srv:/x /home nfs4 rw 0 0\n/dev/sdb1 /home/local ext4 rw 0 0\n"
    )
    assert type_of_mount(mounts, "/mnt/the share/w") == "cifs"
    assert type_of_mount(mounts, "/home/x") == "nfs4"
    assert type_of_mount(mounts, "/home/local/x") == "ext4"
    assert type_of_mount(mounts, "/homework") == "ext4"


def test_no_workspace_is_made_on_a_network_drive(
    tmp_path: Path, administrator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_network_drive(tmp_path)
    monkeypatch.setattr("hotspot.services.workspace.folder.is_network_drive", lambda _: True)
    with pytest.raises(StoreError, match="network drive"):
        init_workspace(administrator, tmp_path / "w", "sample")


@pytest.mark.parametrize("name", ["pseudonym.key", "log.key", "accounts.key"])
def test_a_lost_key_is_told_and_never_replaced_by_a_new_one(demo: Workspace, name: str) -> None:
    add_person(demo, UserRole.ANALYST)
    demo.engine.dispose()
    (demo.folder / "secrets" / name).unlink()
    with pytest.raises(StoreError, match=name):
        open_workspace(demo.folder)
    assert not (demo.folder / "secrets" / name).exists()


# kill -9 -----------------------------------------------------------------------------------

ACTIONS = """
import sys
from pathlib import Path
from hotspot.services.actions import recording
from hotspot.services.workspace.folder import open_workspace
from tests.helpers import FORCE, SHELL, an_action, run_of
workspace = open_workspace(Path(sys.argv[1]))
run = run_of(workspace, SHELL)
for n in range(100_000):
    action = an_action(f"{sys.argv[2]}-{n}")
    done = recording.record_action(workspace, SHELL, action, run, "H-01", FORCE)
    if n == 0:
        print("ready", flush=True)
    print(done.action_id, flush=True)
"""
OPEN = """
import os, sys
from pathlib import Path
os.umask(0o077)
print("ready", flush=True)
from hotspot.services.workspace.folder import open_workspace
while True:
    open_workspace(Path(sys.argv[1])).engine.dispose()
"""


def killed(arguments: list[str], after: float, *, when_ready: bool = False) -> str:
    """Run a command, kill it after some seconds with -9, and give what it had printed."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    assert process.stdout is not None
    if when_ready:
        assert process.stdout.readline().strip() == "ready"
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    printed = process.stdout.read()
    process.wait()
    return printed


def kills(full: int) -> list[object]:
    """A few kills by default, all of them in the full size."""
    return [*range(3), *(pytest.param(n, marks=pytest.mark.soak) for n in range(3, full))]


@pytest.mark.slow
@pytest.mark.parametrize("n", kills(40))
def test_kill_during_actions_loses_no_acknowledged_one(demo: Workspace, n: int) -> None:
    demo.engine.dispose()
    after = random.Random(n).uniform(0.05, 1.0)
    printed = killed(["-c", ACTIONS, str(demo.folder), str(n)], after, when_ready=True)
    acknowledged = {int(line) for line in printed.splitlines() if line.strip().isdigit()}
    assert acknowledged, "it was killed at its work"
    again = open_workspace(demo.folder)
    kept = set(lists.list_actions(again, SHELL)["action_id"])
    assert acknowledged <= kept
    assert len(kept) - len(acknowledged) <= 1
    assert log.verify_log(again, SHELL).problems == []
    again.engine.dispose()
    assert wrong(demo.folder) == []


@pytest.mark.slow
@pytest.mark.parametrize("n", kills(40))
def test_kill_during_an_import_is_all_or_nothing(workspace: Workspace, n: int) -> None:
    workspace.engine.dispose()
    source = SAMPLE_FOLDER / "missing_episodes.xlsx"
    after = random.Random(n).uniform(0.6, 3.0)
    arguments = ["-m", "hotspot", "import", "missing", str(source), "-w", str(workspace.folder)]
    killed(arguments, after)
    again = open_workspace(workspace.folder)
    held = sum(sum(months.values()) for months in runs.holdings(again).months.values())
    assert wrong(workspace.folder) == []
    from hotspot.services.records.imports import import_files

    report = import_files(again, SHELL, "missing", [source])
    assert (report.balance.used > 0) == (held == 0)
    after_all = sum(sum(months.values()) for months in runs.holdings(again).months.values())
    assert held in {0, after_all}
    assert log.verify_log(again, SHELL).problems == []
    again.engine.dispose()


def at_first_revision(folder: Path) -> None:
    """Put the database of a workspace back to the first schema, with rows in its log."""
    (folder / "hotspot.db").unlink()
    (folder / "hotspot.db").touch(mode=0o600)
    engine = create_engine(sqlite_url(folder / "hotspot.db"))
    config = Config()
    config.set_main_option("script_location", str(ROOT / "hotspot/store/migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for n in range(300):
            connection.execute(
                text(
                    "INSERT INTO audit (audit_id, at, actor, roles, operation, category, subject,"
                    " rows, shape) VALUES (:n, '2026-11-01 10:00:00.000000', 'old', 'analyst',"
                    " 'import', 'collection', 'missing', 1, '{}')"
                ),
                {"n": n + 1},
            )
    engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("n", kills(40))
def test_kill_during_a_migration_leaves_the_old_or_the_new(workspace: Workspace, n: int) -> None:
    workspace.engine.dispose()
    at_first_revision(workspace.folder)
    killed(["-c", OPEN, str(workspace.folder)], random.Random(n).uniform(0.3, 2.2), when_ready=True)
    again = open_workspace(workspace.folder)
    verdict = log.verify_log(again, SHELL)
    assert verdict.problems == []
    assert verdict.head.audit_id == 301  # the upgrade has a row of its own
    again.engine.dispose()
    assert wrong(workspace.folder) == []


@pytest.mark.slow
@pytest.mark.parametrize("n", kills(40))
def test_kill_during_a_backup_leaves_a_whole_one_or_none(
    demo: Workspace, tmp_path: Path, n: int
) -> None:
    demo.engine.dispose()
    target = tmp_path / "x.backup"
    arguments = ["-m", "hotspot", "backup", str(target), "-w", str(demo.folder)]
    killed(arguments, random.Random(n).uniform(0.8, 2.5))
    if target.exists():
        backups.restore(SHELL, target, tmp_path / "r")
        assert wrong(tmp_path / "r") == []
    again = open_workspace(demo.folder)
    assert log.verify_log(again, SHELL).problems == []
    again.engine.dispose()
    assert wrong(demo.folder) == []
