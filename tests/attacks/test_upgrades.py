"""Upgrade every schema there was, with something in each table, also killed half-way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, insert, select
from sqlalchemy.types import JSON, Boolean, Date, DateTime, Float, Integer, LargeBinary

from hotspot.errors import StoreError
from hotspot.store import database as module
from hotspot.store.database import current_revision, open_database, sqlite_url

pytestmark = pytest.mark.slow


def script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", module._MIGRATIONS.as_posix())
    return ScriptDirectory.from_config(config)


REVISIONS = [one.revision for one in reversed(list(script().walk_revisions()))]
FIRST, HEAD = REVISIONS[0], REVISIONS[-1]


def made_at(url: str, revision: str) -> Engine:
    """A database of an older version, with two rows in every table that it had."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def on_connect(connection: Any, _record: object) -> None:
            connection.execute("PRAGMA foreign_keys = ON")

    config = Config()
    config.set_main_option("script_location", module._MIGRATIONS.as_posix())
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    tables = MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        for table in tables.sorted_tables:
            if table.name in ("alembic_version", "audit_head"):
                continue
            for number in (1, 2):
                values = {c.name: value_of(c, number) for c in table.columns}
                connection.execute(insert(table).values(values))
    return engine


def value_of(column: Any, number: int) -> Any:
    """Something of a column's kind; a key leads to a row that is there."""
    samples = {
        Boolean: False,
        Integer: number,
        Float: 1.5,
        JSON: {},
        DateTime: datetime(2026, 1, number, tzinfo=UTC),
        Date: date(2026, 1, number),
        LargeBinary: b"x",
    }
    for kind, value in samples.items():
        if isinstance(column.type, kind):
            return value
    return str(number)


def rows_of(engine: Engine) -> dict[str, int]:
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {t.name: len(connection.execute(select(t)).all()) for t in tables.sorted_tables}


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "hotspot.db")
        return
    yield request.getfixturevalue("empty_postgres_url")


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_every_schema_is_upgraded_with_its_rows(url: str, revision: str, tmp_path: Path) -> None:
    old = made_at(url, revision)
    before = rows_of(old)
    assert before["actions"] == before["action_events"] == 2
    old.dispose()
    upgraded = open_database(url, tmp_path / "backups")
    after = rows_of(upgraded)
    assert current_revision(upgraded) == HEAD
    assert {name: after[name] for name in before if name != "audit_head"} == {
        name: count for name, count in before.items() if name != "audit_head"
    }
    if upgraded.dialect.name == "sqlite":
        with upgraded.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        (copy,) = (tmp_path / "backups").iterdir()
        assert copy.name.startswith(f"hotspot-{revision}-2")
    upgraded.dispose()


@contextmanager
def upgraded(url: str, folder: Path, *statements: str) -> Iterator[Connection]:
    """Open what a database of the revision before accounts stood in rows became."""
    old = made_at(url, "0013")
    with old.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    old.dispose()
    new = open_database(url, folder / "backups")
    with new.connect() as connection:
        yield connection
    new.dispose()


NAMED = "UPDATE accounts SET shown_as = 'Sgt Brook' WHERE account_id = 2"


def test_an_upgrade_gives_open_work_to_the_one_account_of_its_owners_name(
    url: str, tmp_path: Path
) -> None:
    """Two of one name, or none: then nobody's. What was done before keeps its name alone."""
    changes = (
        NAMED,
        "UPDATE actions SET owner = ' sgt brook' WHERE action_id = 1",
        "UPDATE actions SET owner = 'Left Us' WHERE action_id = 2",
        "UPDATE drafts SET owner = 'Sgt Brook' WHERE owner = '1'",
    )
    with upgraded(url, tmp_path, *changes) as connection:
        owners = connection.exec_driver_sql(
            "SELECT owner_id, recorded_by_id FROM actions ORDER BY action_id"
        )
        assert [tuple(row) for row in owners] == [(2, None), (None, None)]
        drafts = connection.exec_driver_sql("SELECT owner FROM drafts ORDER BY owner")
        assert drafts.scalars().all() == ["#2", "2"]


def test_an_upgrade_keeps_the_newer_of_two_texts_that_become_one_persons(
    url: str, tmp_path: Path
) -> None:
    """Two spellings of a name are one account: the upgrade failed for good."""
    changes = (
        NAMED,
        "UPDATE drafts SET owner = 'Sgt Brook', saved_at = '2026-11-02 10:00' WHERE owner = '1'",
        (
            "UPDATE drafts SET owner = 'sgt brook ', saved_at = '2026-11-01 10:00', field = (SELECT"
            " field FROM drafts AS other WHERE other.owner = 'Sgt Brook') WHERE owner = '2'"
        ),
        "UPDATE drafts SET text = owner",
    )
    with upgraded(url, tmp_path, *changes) as connection:
        drafts = connection.exec_driver_sql("SELECT owner, text FROM drafts").all()
        assert [tuple(row) for row in drafts] == [("#2", "Sgt Brook")]


def test_an_upgrade_renames_the_days_of_actions(url: str, tmp_path: Path) -> None:
    """Under their old names the ends of orders fell out of every reminder."""
    changes = ("UPDATE action_moments SET event = 'order_until'",)
    with upgraded(url, tmp_path, *changes) as connection:
        events = connection.exec_driver_sql("SELECT DISTINCT event FROM action_moments")
        assert events.scalars().all() == ["last_day_in_force"]


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_an_upgrade_killed_half_way_is_done_the_next_time(revision: str, tmp_path: Path) -> None:
    """The process is killed within the transaction, after the last step and before its end."""
    url = sqlite_url(tmp_path / "hotspot.db")
    made_at(url, revision).dispose()
    killed = (
        "import os, sys; from pathlib import Path; from hotspot.store import database as d; "
        "stop = d.Upgrade(lambda *_: None, lambda *_: os.kill(os.getpid(), 9)); "
        "d.open_database(sys.argv[1], Path(sys.argv[2]), upgrade=stop)"
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", killed, url, str(tmp_path / "backups")],
            check=False,
            env=dict(os.environ),
        )
        assert done.returncode == -9
    old = create_engine(url)
    assert current_revision(old) == revision
    old.dispose()
    assert len(list((tmp_path / "backups").glob("*.db"))) == 1
    upgraded = open_database(url, tmp_path / "backups")
    assert current_revision(upgraded) == HEAD
    assert len(list((tmp_path / "backups").glob("*.db"))) == 1
    upgraded.dispose()


def test_a_failed_upgrade_leaves_no_copy_and_nothing_changed(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "hotspot.db")
    made_at(url, "0005").dispose()

    def fail(*_: object) -> None:
        message = "no room"
        raise StoreError(message)

    for _ in range(3):
        with pytest.raises(StoreError, match="no room"):
            open_database(url, tmp_path / "backups", upgrade=module.Upgrade(lambda *_: None, fail))
    assert list((tmp_path / "backups").iterdir()) == []
    old = create_engine(url)
    assert current_revision(old) == "0005"
    old.dispose()


def test_a_row_that_refers_to_nothing_stops_the_upgrade(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "hotspot.db")
    old = made_at(url, "0006")
    with old.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO action_moments VALUES (9, 1, 'x', NULL, 'x', '2026-01-01')"
        )
    raw = old.raw_connection()
    raw.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
    raw.driver_connection.execute("UPDATE action_moments SET action_id = 99 WHERE moment_id = 9")  # type: ignore[union-attr]
    raw.driver_connection.commit()  # type: ignore[union-attr]
    raw.close()
    old.dispose()
    with pytest.raises(StoreError, match="refer to others that are not there"):
        open_database(url, tmp_path / "backups")
