"""The database and the record files."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text, update

from hotspot.access.actor import Actor, UserRole
from hotspot.access.permissions import Operation
from hotspot.disruption.actions import RecordAction
from hotspot.disruption.ladders import ActionState
from hotspot.errors import ConflictError, NotFoundError, StoreError
from hotspot.schema import RECORD_CELL, RECORDS
from hotspot.store import actions, audit, hotspots, moments
from hotspot.store import database as module
from hotspot.store.database import Database, current_revision, open_database, sqlite_url
from hotspot.store.record_files import scan_records, write_records
from hotspot.store.tables import core, journals
from hotspot.store.unit_of_work import unit_of_work

KEY = b"k" * 32
ACTOR = Actor("Tester", frozenset({UserRole.ANALYST}))
SOMEBODY = Actor("x", frozenset())
SOMEWHERE = {
    "registered_at": datetime(2026, 1, 1, tzinfo=UTC),
    "registered_by": "x",
    "params": {},
    "sources": [],
    "cells": [],
    "outline": "POLYGON ((0 0, 1 0, 1 1, 0 0))",
    "approximate": False,
}


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(sqlite_url(tmp_path / "hotspot.db"), tmp_path / "backups", makes=True)
    yield opened
    opened.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind that the store is written for."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    opened = open_database(
        request.getfixturevalue("empty_postgres_url"), tmp_path / "backups", makes=True
    )
    yield opened
    opened.dispose()


def test_the_migrations_make_the_tables_that_the_code_declares(database: Database) -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(connection)
        assert journals.journal.metadata is core.metadata
        assert compare_metadata(context, core.metadata) == []


def test_sqlite_keeps_every_acknowledged_write(sqlite: Database) -> None:
    with sqlite.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_the_backup_of_an_upgrade_holds_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second revision is put beside the first; the copy made before it has the old revision."""
    path = tmp_path / "hotspot.db"
    engine = open_database(sqlite_url(path), tmp_path / "backups", makes=True)
    with engine.begin() as connection:
        connection.execute(insert(core.hotspots).values(**SOMEWHERE))
    engine.dispose()
    migrations = tmp_path / "migrations"
    shutil.copytree(module._MIGRATIONS, migrations)
    (migrations / "versions" / "9999_second.py").write_text(
        "from alembic import op\nrevision = '9999'\ndown_revision = '0014'\n"
        "def upgrade():\n    op.execute('CREATE TABLE second (x INTEGER)')\n"
    )
    monkeypatch.setattr(module, "_MIGRATIONS", migrations)
    upgraded = open_database(sqlite_url(path), tmp_path / "backups", makes=True)
    assert current_revision(upgraded) == "9999"
    (copy,) = (tmp_path / "backups").iterdir()
    with sqlite3.connect(copy) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("0014",)]
        assert raw.execute("SELECT count(*) FROM hotspots").fetchone() == (1,)


def test_an_upgrade_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hotspot.db"
    open_database(sqlite_url(path), tmp_path / "backups", makes=True).dispose()
    migrations = tmp_path / "migrations"
    shutil.copytree(module._MIGRATIONS, migrations)
    (migrations / "versions" / "9999_second.py").write_text(
        "from alembic import op\nrevision = '9999'\ndown_revision = '0014'\n"
        "def upgrade():\n    op.execute('CREATE TABLE second (x INTEGER)')\n    op.execute('nonsense')\n"
    )
    monkeypatch.setattr(module, "_MIGRATIONS", migrations)
    with pytest.raises(StoreError, match="could not be used"):
        open_database(sqlite_url(path), tmp_path / "backups", makes=True)
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("0014",)]
        names = {row[0] for row in raw.execute("SELECT name FROM sqlite_master")}
    assert "second" not in names


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "hotspot.db"
    open_database(sqlite_url(path), tmp_path / "b", makes=True).dispose()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = 'newer'")
    with pytest.raises(StoreError, match="newer version of Hotspot"):
        open_database(sqlite_url(path), tmp_path / "b", makes=True)
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == ("newer",)


def test_a_unit_of_work_without_its_audit_row_keeps_nothing(database: Database) -> None:
    with (
        pytest.raises(StoreError, match="no audit row"),
        unit_of_work(database, KEY, ACTOR, Operation.DETECT) as work,
    ):
        hotspots.add_hotspot(work.connection, **SOMEWHERE)
    with database.connect() as connection:
        assert hotspots.registered_hotspots(connection).empty


def test_an_error_rolls_back_change_and_audit_row(database: Database) -> None:
    with pytest.raises(RuntimeError), unit_of_work(database, KEY, ACTOR, Operation.DETECT) as work:
        hotspots.add_hotspot(work.connection, **SOMEWHERE)
        work.log("x")
        raise RuntimeError
    with database.connect() as connection:
        assert hotspots.registered_hotspots(connection).empty
        assert audit.audit_rows(connection).empty


def test_an_operation_is_logged_once(database: Database) -> None:
    with (
        pytest.raises(StoreError, match="twice"),
        unit_of_work(database, KEY, ACTOR, Operation.DETECT) as work,
    ):
        work.log("x")
        work.log("x")


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])))
def test_an_instant_comes_back_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory, at: datetime
) -> None:
    folder = tmp_path_factory.mktemp("db")
    engine = open_database(sqlite_url(folder / "h.db"), folder / "b", makes=True)
    if at.year < 2 or at.year > 9998:
        return
    with engine.begin() as connection:
        connection.execute(insert(core.hotspots).values(**(SOMEWHERE | {"registered_at": at})))
        found = connection.execute(select(core.hotspots.c.registered_at)).scalar_one()
    engine.dispose()
    assert found == at
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without a zone"), database.begin() as connection:
        naive = datetime(2026, 1, 1)
        connection.execute(insert(core.hotspots).values(**(SOMEWHERE | {"registered_at": naive})))


def action(command: str = "c1") -> RecordAction:
    return RecordAction(command, "HVP", "Owner", "Agency", date(2026, 12, 1))


def test_the_second_of_two_editors_sees_the_first(database: Database) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    event = actions.ActionEvent(now, "x", "state changed", "")
    with database.begin() as connection:
        hotspot = hotspots.add_hotspot(connection, **SOMEWHERE)
        number = actions.add_action(connection, action(), hotspot, "v1", SOMEBODY, now)
        actions.change_action(connection, number, 1, event, state=ActionState.UNDERWAY.value)
    with pytest.raises(ConflictError, match="now 'underway'"), database.begin() as connection:
        actions.change_action(connection, number, 1, event, state=ActionState.COMPLETED.value)
    with pytest.raises(NotFoundError), database.begin() as connection:
        actions.change_action(connection, 99, 1, event, state=ActionState.COMPLETED.value)


def test_the_latest_moment_of_an_event_counts_and_can_be_taken_back(database: Database) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    with database.begin() as connection:
        hotspot = hotspots.add_hotspot(connection, **SOMEWHERE)
        number = actions.add_action(connection, action(), hotspot, "v1", SOMEBODY, now)
        for event, happened in (
            ("given", "2026-11-02"),
            ("heard", "2026-12-08"),
            ("given", "2026-11-03"),
            ("heard", None),
        ):
            moments.add_moment(connection, number, event, happened, "x", now)
        assert moments.list_moments(connection) == {number: {"given": "2026-11-03"}}


def test_no_write_of_many_sessions_is_lost(sqlite: Database) -> None:
    """Eight threads read and write one counter 25 times each: 200 at the end."""
    with sqlite.begin() as connection:
        hotspot = hotspots.add_hotspot(connection, **SOMEWHERE)

    def count_up() -> None:
        for _ in range(25):
            with sqlite.begin() as connection:
                seen = connection.execute(select(core.hotspots.c.params)).scalar_one()
                value = {"n": seen.get("n", 0) + 1}
                connection.execute(
                    update(core.hotspots)
                    .where(core.hotspots.c.hotspot_id == hotspot)
                    .values(params=value)
                )

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sqlite.connect() as connection:
        assert connection.execute(select(core.hotspots.c.params)).scalar_one() == {"n": 200}


record_rows = st.lists(
    st.fixed_dictionaries(
        {
            "record_id": st.integers(0, 2**64 - 1),
            "occurred_at": st.one_of(
                st.none(),
                st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(
                    lambda d: d.replace(tzinfo=UTC)
                ),
            ),
            "child": st.one_of(st.none(), st.text(max_size=5)),
            "lat": st.floats(50, 60),
            "set_aside": st.sampled_from([None, "out_of_area"]),
            RECORD_CELL: st.integers(0, 2**63),
        }
    ),
    max_size=40,
    unique_by=lambda row: row["record_id"],
)


@given(record_rows)
def test_records_read_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    folder = tmp_path_factory.mktemp("records")
    schema = {**RECORDS, RECORD_CELL: pl.UInt64}
    given_rows = pl.DataFrame([{"source": "missing"} | row for row in rows], schema=schema)
    files = write_records(folder, 7, given_rows)
    assert sum(file.rows for file in files) == len(rows)
    listed = pd.DataFrame({"path": [file.path for file in files], "import_id": 7})
    read = scan_records(folder, listed, {}).collect()
    assert read.sort("record_id").equals(given_rows.sort("record_id"))
    for file in files:
        cells = pl.read_parquet(folder / file.path)[RECORD_CELL]
        assert cells.is_sorted()


def test_a_month_is_a_local_month(tmp_path: Path) -> None:
    row = {
        "source": "missing",
        "occurred_at": datetime(2026, 7, 31, 23, 30, tzinfo=UTC),
        "record_id": 1,
    }
    table = pl.DataFrame([row], schema={**RECORDS, RECORD_CELL: pl.UInt64})
    assert [file.month for file in write_records(tmp_path, 1, table)] == ["2026-08"]
