"""Take the log's head, the database or single rows away: it is found, and nothing is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from hotspot.access.actor import Actor, UserRole
from hotspot.errors import StoreError
from hotspot.services.actions import recording
from hotspot.services.hotspots import findings, snapshots
from hotspot.services.meetings import proceedings
from hotspot.services.people import accounts
from hotspot.services.upkeep import backups, holds, log, retention, rotation
from hotspot.services.upkeep.holds import Hold
from hotspot.services.workspace.folder import Workspace, open_workspace
from hotspot.store.row_digests import PROTECTED
from hotspot.store.tables.core import metadata
from tests.helpers import FORCE, PASSWORD, SHELL, a_holder, an_action, run_of


def raw(workspace: Workspace, *statements: str) -> None:
    """Change the database as somebody with the file can: no key, no Hotspot."""
    with closing(sqlite3.connect(workspace.folder / "hotspot.db")) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, statement
        connection.commit()


def problems(workspace: Workspace) -> list[str]:
    return log.verify_log(workspace, SHELL).problems


@pytest.fixture
def busy(demo: Workspace, analyst: Actor) -> Workspace:
    """A demonstration with something in every table that matters."""
    run = run_of(demo, analyst)
    snapshots.freeze(demo, analyst, run, FORCE, "first")
    recording.record_action(demo, SHELL, an_action(), run, "H-01", FORCE)
    findings.write_finding(demo, analyst, 1, "fact", "Most are on Fridays.")
    holds.place_hold(demo, analyst, Hold("", "2026-01", "2026-02", "a trial"))
    meeting = proceedings.open_meeting(demo, SHELL, "MACE", date(2026, 11, 1))
    proceedings.note(demo, SHELL, meeting, "Said.")
    assert problems(demo) == []
    return demo


OUT_OF_BAND = {
    "actions": "UPDATE actions SET owner = 'somebody else'",
    "action_events": "DELETE FROM action_events",
    "findings": "UPDATE findings SET signed_by = 'nobody', signed_at = written_at",
    "journal": "UPDATE journal SET body = '{}'",
    "accounts": "UPDATE accounts SET roles = '[\"administrator\"]' WHERE name = 'vic'",
    "record_files": "UPDATE record_files SET sha256 = 'x'",
    "holds": "UPDATE holds SET lifted_at = placed_at",
    "snapshots": "UPDATE snapshots SET result_sha256 = 'x'",
    "lineage": "UPDATE lineage SET single_child = 1 - single_child",
    "hotspots": "UPDATE hotspots SET name = 'x'",
    "meetings": "DELETE FROM meetings",
    "imports": "UPDATE imports SET withdrawn_at = imported_at",
    "premises": "UPDATE premises SET lat = lat + 1",
    "places": "DELETE FROM places",
    "school_holidays": "UPDATE school_holidays SET last_on = '2030-01-01'",
    "rejects": "DELETE FROM rejects",
    "facts": "UPDATE facts SET value = 'x' WHERE name = 'workspace identity'",
}


PUT_IN = {
    "superseded_records": "VALUES (1, 'x', 1)",
    "erasures": "(path, source, month, import_id, rows, sha256, rule, erased_by, erased_at) "
    "VALUES ('x', 'missing', '2026-01', 1, 1, 'x', 'x', 'x', '2026-01-01')",
    "boundaries": "VALUES ('district', 'x', 1, 'x', '{}')",
    "calendar_feeds": "VALUES (9, 1, 'x', '2026-01-01', NULL)",
    "sites": "VALUES (9, 1, 'x', 'x', 1, 53, -2)",
}


@pytest.mark.parametrize("table", PUT_IN)
def test_a_row_put_into_an_empty_table_is_found(busy: Workspace, table: str) -> None:
    """No operation had written to it: it was sealed when the workspace was made."""
    raw(busy, f"INSERT INTO {table} {PUT_IN[table]}")
    assert [one for one in problems(busy) if f"the rows of '{table}' are not those" in one]


@pytest.mark.parametrize(
    "what",
    [
        "password_hash = 'x'",
        "second_factor = 'x'",
        "must_change_password = 1",
        "subject = 'x'",
        "shown_as = 'The Chief Constable'",
    ],
)
def test_another_password_factor_or_name_put_in_is_found(busy: Workspace, what: str) -> None:
    accounts.add_account(busy, SHELL, a_holder(UserRole.ANALYST, "ana"), PASSWORD)
    assert not problems(busy)
    raw(busy, f"UPDATE accounts SET {what} WHERE name = 'ana'")  # noqa: S608 - words of ours
    assert [one for one in problems(busy) if "the rows of 'accounts' are not those" in one]


def test_every_table_is_sealed_or_named_as_one_that_is_not() -> None:
    live = {"sessions", "sign_in_failures", "drafts", "audit", "audit_head"}
    assert set(metadata.tables) == set(PROTECTED) | live


@pytest.mark.parametrize("table", OUT_OF_BAND)
def test_rows_changed_outside_hotspot_are_found(busy: Workspace, table: str) -> None:
    raw(busy, OUT_OF_BAND[table])
    assert [one for one in problems(busy) if f"the rows of '{table}' are not those" in one]


def test_what_hotspot_itself_does_leaves_the_log_whole(busy: Workspace, tmp_path: Path) -> None:
    rotation.rotate_pseudonyms(busy, SHELL)
    busy.engine.dispose()
    opened = open_workspace(busy.folder)
    retention.purge(opened, SHELL, is_dry=False, today=date(2027, 2, 1))
    assert problems(opened) == []
    backups.back_up(opened, SHELL, tmp_path / "a.backup")
    backups.restore(SHELL, tmp_path / "a.backup", tmp_path / "again")
    restored = open_workspace(tmp_path / "again")
    assert problems(restored) == []
    raw(restored, OUT_OF_BAND["actions"])
    assert problems(restored)
    restored.engine.dispose()
    opened.engine.dispose()


@pytest.mark.parametrize(
    "attack",
    [
        ["DELETE FROM audit_head"],
        ["DELETE FROM audit_head", "DELETE FROM audit WHERE audit_id > 3"],
        ["DELETE FROM audit_head", "UPDATE audit SET actor = 'nobody', seal = NULL"],
        ["DELETE FROM audit_head", "DELETE FROM audit"],
    ],
)
def test_a_log_without_its_head_is_refused_and_never_sealed_anew(
    busy: Workspace, attack: list[str]
) -> None:
    before = log.head_of(busy)
    busy.engine.dispose()
    raw(busy, *attack)
    for _ in range(2):
        with pytest.raises(StoreError, match="lost its head"):
            open_workspace(busy.folder)
    with closing(sqlite3.connect(busy.folder / "hotspot.db")) as connection:
        assert connection.execute("SELECT count(*) FROM audit_head").fetchone() == (0,)
        seals = {seal for (seal,) in connection.execute("SELECT seal FROM audit")}
    assert before.audit_id > 3
    assert len(seals) <= before.audit_id


def test_a_lost_database_is_not_made_and_no_record_goes(busy: Workspace) -> None:
    records = sorted(p for p in busy.records.rglob("*") if p.is_file())
    assert len(records) > 5
    busy.engine.dispose()
    for name in ("hotspot.db", "hotspot.db-wal", "hotspot.db-shm"):
        (busy.folder / name).unlink(missing_ok=True)
    for attempt in ("is missing", "is empty"):
        with pytest.raises(StoreError, match=attempt):
            open_workspace(busy.folder)
        if attempt == "is missing":
            assert not (busy.folder / "hotspot.db").exists()
            (busy.folder / "hotspot.db").touch()
    assert sorted(p for p in busy.records.rglob("*") if p.is_file()) == records


@pytest.mark.parametrize(
    "take",
    [
        lambda own, other: (own / "hotspot.db").write_bytes((other / "hotspot.db").read_bytes()),
        lambda own, other: (own / "secrets" / "identity").write_bytes(
            (other / "secrets" / "identity").read_bytes()
        ),
        lambda own, _: (own / "records" / "identity").write_text("0" * 32),
        lambda own, _: (own / "records" / "identity").unlink(),
    ],
    ids=["another database", "another's keys", "other records", "records of nobody"],
)
def test_what_does_not_belong_together_is_not_opened(
    demo: Workspace, workspace: Workspace, take: Callable[[Path, Path], object]
) -> None:
    for one in (demo, workspace):
        one.engine.dispose()
        with closing(sqlite3.connect(one.folder / "hotspot.db")) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    take(demo.folder, workspace.folder)
    with pytest.raises(StoreError, match="not of one workspace"):
        open_workspace(demo.folder)


def test_files_that_the_database_does_not_know_are_set_aside(busy: Workspace) -> None:
    listed = sorted(p for p in busy.records.rglob("*.parquet"))
    raw(busy, "DELETE FROM record_files")
    for path in listed:
        path.touch()
    retention.sweep(busy, SHELL, older_than=-1)
    kept = sorted((busy.folder / "quarantine").rglob("*.parquet"))
    assert [path.name for path in kept] == [path.name for path in listed]
