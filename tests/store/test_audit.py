"""The chain of the log: what is sealed, and six ways of tampering that are found."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from hotspot.access.actor import Actor, UserRole
from hotspot.access.log_filter import LogFilter
from hotspot.access.permissions import Operation
from hotspot.errors import StoreError
from hotspot.store import audit
from hotspot.store.audit import BEFORE_THE_FIRST, Head
from hotspot.store.database import Database, open_database, sqlite_url
from hotspot.store.tables.core import audit as table
from hotspot.store.tables.core import audit_head
from hotspot.store.unit_of_work import unit_of_work

KEY = b"k" * 32
ACTOR = Actor("Tester", frozenset({UserRole.ANALYST}), "Police", session="s1", client="::1")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = (
        sqlite_url(tmp_path / "hotspot.db")
        if request.param == "sqlite"
        else request.getfixturevalue("empty_postgres_url")
    )
    opened = open_database(url, tmp_path / "backups", makes=True)
    yield opened
    opened.dispose()


def write(database: Database, number: int, key: bytes = KEY) -> Head:
    for n in range(number):
        with unit_of_work(database, key, ACTOR, Operation.DETECT, reason="why") as work:
            work.log(f"row {n}", rows=n, shape={"x": [1.5, None, "é"]}, places=[f"ground {n}"])
    assert work.head is not None
    return work.head


def problems(database: Database, known: Head | None = None, key: bytes = KEY) -> list[str]:
    with database.connect() as connection:
        return audit.verify(connection, key, known)


def test_a_log_that_nobody_touched_is_whole(database: Database) -> None:
    assert problems(database) == []
    head = write(database, 5)
    assert head.audit_id == 5
    assert problems(database) == []
    assert problems(database, head) == []
    write(database, 3)
    assert problems(database, head) == []
    assert problems(database, Head(0, BEFORE_THE_FIRST)) == []


def edit(database: Database) -> None:
    with database.begin() as c:
        c.execute(update(table).where(table.c.audit_id == 3).values(actor="Someone else"))


def remove_from_the_middle(database: Database) -> None:
    with database.begin() as c:
        c.execute(delete(table).where(table.c.audit_id == 3))


def swap(database: Database) -> None:
    with database.begin() as c:
        for old, new in ((3, 99), (4, 3), (99, 4)):
            c.execute(update(table).where(table.c.audit_id == old).values(audit_id=new))


def cut_the_tail(database: Database) -> None:
    """Delete the last rows and put the head where a shorter log would have it."""
    with database.begin() as c:
        c.execute(delete(table).where(table.c.audit_id > 4))
        seal = c.execute(select(table.c.seal).where(table.c.audit_id == 4)).scalar_one()
        c.execute(update(audit_head).values(audit_id=4, seal=seal))


def remove_everything(database: Database) -> None:
    with database.begin() as c:
        c.execute(delete(table))
        c.execute(delete(audit_head))


def write_anew(database: Database) -> None:
    """Write another log of the same length, with the true key."""
    with database.begin() as c:
        c.execute(delete(table))
        c.execute(update(audit_head).values(audit_id=0, seal=BEFORE_THE_FIRST))
    write(database, 6)


@pytest.mark.parametrize("tamper", [edit, remove_from_the_middle, swap])
def test_tampering_without_the_key_is_found_by_the_seals(
    database: Database, tamper: Callable[[Database], None]
) -> None:
    write(database, 6)
    tamper(database)
    assert problems(database)


@pytest.mark.parametrize(
    "tamper",
    [edit, remove_from_the_middle, swap, cut_the_tail, remove_everything, write_anew],
)
def test_all_six_kinds_of_tampering_are_found_with_an_exported_head(
    database: Database, tamper: Callable[[Database], None]
) -> None:
    head = write(database, 6)
    tamper(database)
    assert problems(database, head)


def test_a_log_cut_or_written_anew_is_found_only_by_the_head(database: Database) -> None:
    """Why the head must be kept elsewhere: without it these two look whole."""
    head = write(database, 6)
    cut_the_tail(database)
    assert problems(database) == []
    assert problems(database, head)
    write_anew(database)
    assert problems(database) == []
    assert problems(database, head)


def test_a_tail_cut_without_moving_the_head_is_found(database: Database) -> None:
    write(database, 6)
    with database.begin() as c:
        c.execute(delete(table).where(table.c.audit_id > 4))
    assert any("end were deleted" in problem for problem in problems(database))


def test_sealing_with_another_key_is_found(database: Database) -> None:
    write(database, 3)
    write(database, 1, b"x" * 32)
    assert problems(database)


def test_a_row_put_in_by_hand_is_found(database: Database) -> None:
    write(database, 2)
    with database.begin() as c:
        row = dict(c.execute(select(table).where(table.c.audit_id == 2)).mappings().one())
        c.execute(insert(table).values(**{**row, "audit_id": 3}))
    assert problems(database)


def test_a_row_of_another_course_of_the_log_is_found(database: Database) -> None:
    """Each row hangs on the one before it: one of a copy that went on otherwise does not fit."""
    write(database, 3)
    with database.begin() as c:
        kept = [dict(row) for row in c.execute(select(table)).mappings()]
        head = dict(c.execute(select(audit_head)).mappings().one())
    write(database, 3)
    with database.begin() as c:
        other = dict(c.execute(select(table).where(table.c.audit_id == 5)).mappings().one())
        c.execute(delete(table).where(table.c.audit_id > len(kept)))
        c.execute(update(audit_head).values(audit_id=head["audit_id"], seal=head["seal"]))
    write(database, 1)
    write(database, 2)
    assert problems(database) == []
    with database.begin() as c:
        c.execute(delete(table).where(table.c.audit_id == 5))
        c.execute(insert(table).values(**other))
    assert any("row 5 was altered" in problem for problem in problems(database))


def test_every_column_is_sealed(database: Database) -> None:
    """A change of any one column breaks the seal."""
    write(database, 1)
    with database.connect() as c:
        row = dict(c.execute(select(table)).mappings().one())

    def another(value: Any) -> object:
        """Another day, and a word where nothing stood."""
        return value.replace(year=2001) if value else "x"

    changes: dict[type, Callable[[Any], object]] = {
        str: lambda v: v + "x",
        int: lambda v: v + 1,
        dict: lambda v: {**v, "y": 1},
        list: lambda v: [*v, "y"],
    }
    for column in set(row) - {"seal"}:
        value = row[column]
        changed = {"account_id": 7, "changed": {"actions": "x"}}.get(column) or changes.get(
            type(value), another
        )(value)
        with database.begin() as c:
            c.execute(update(table).values(**{column: changed}))
        assert problems(database), column
        with database.begin() as c:
            c.execute(update(table).values(**{column: value}))
        assert problems(database) == []


def test_many_writers_make_one_chain(database: Database) -> None:
    write(database, 1)
    threads = [threading.Thread(target=write, args=(database, 10)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems(database) == []
    with database.connect() as c:
        assert audit.read_head(c).audit_id == 61


def test_rows_of_a_version_without_a_chain_are_sealed_once(database: Database) -> None:
    head = write(database, 4)
    with database.begin() as c:
        c.execute(update(table).values(seal=None))
        c.execute(delete(audit_head))
    with database.begin() as c:
        with pytest.raises(StoreError, match="lost its head"):
            audit.append(c, KEY, {})
        assert audit.seal_older(c, KEY) == 4
    assert problems(database, head) == []


def test_filters_narrow_and_the_newest_comes_first(database: Database) -> None:
    write(database, 5)
    with database.connect() as c:
        rows, total = audit.read_log(c, LogFilter(subject="ROW"), 2)
        assert (rows["audit_id"].tolist(), total) == ([5, 4], 5)
        for wanted in (
            LogFilter(actor="nobody"),
            LogFilter(subject="%"),
            LogFilter(operations=("import",)),
            LogFilter(categories=("disclosure",)),
        ):
            assert audit.read_log(c, wanted, 10)[1] == 0
        today = rows["at"].iloc[0].date()
        assert audit.read_log(c, LogFilter(first=today, last=today), 10)[1] == 5


@given(st.text(max_size=30))
def test_a_place_of_any_name_is_found_again(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    name = name.replace("\x00", "")
    folder = tmp_path_factory.mktemp("db")
    database = open_database(sqlite_url(folder / "h.db"), folder, makes=True)
    with unit_of_work(database, KEY, ACTOR, Operation.DETECT) as work:
        work.log("x", places=[f"premises {name}", "other"])
    with database.connect() as c:
        assert len(audit.rows_about(c, [f"premises {name}"])) == 1
        assert audit.rows_about(c, [f"premises {name}x"]).empty
        assert audit.verify(c, KEY) == []
    database.dispose()
