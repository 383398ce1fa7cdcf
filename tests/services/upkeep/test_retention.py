"""How long records are kept: what is erased, what is held, what a cut-off import left."""

from __future__ import annotations

import io
import os
import time
from datetime import date
from pathlib import Path

import pytest

from hotspot import InputError
from hotspot.access.actor import Actor
from hotspot.errors import NotFoundError
from hotspot.services.hotspots import runs
from hotspot.services.records import datasets, uploads
from hotspot.services.upkeep import holds, retention
from hotspot.services.upkeep.holds import Hold
from hotspot.services.upkeep.retention import due_on
from hotspot.services.workspace.folder import Workspace
from tests.helpers import log_of
from tests.intake.cases import INCIDENT, numbered
from tests.services.records.bringing import bring, counted


@pytest.mark.parametrize(
    ("month", "kept", "day"),
    [
        ("2025-09", 13, date(2026, 11, 1)),
        ("2025-12", 1, date(2026, 2, 1)),
        ("2025-11", 1, date(2026, 1, 1)),
        ("2025-01", 12, date(2026, 2, 1)),
    ],
)
def test_a_month_is_kept_for_so_many_months_after_its_end(month: str, kept: int, day: date) -> None:
    assert due_on(month, kept) == day


def months_of(workspace: Workspace) -> set[str]:
    return set(runs.holdings(workspace).months.get("incidents", {}))


@pytest.fixture
def aged(workspace: Workspace, tmp_path: Path) -> Workspace:
    """Records of March, April and May 2025."""
    rows = numbered(3, INCIDENT, **{"Date/Time_From": lambda n: f"21/0{n + 3}/2025 20:00"})
    bring(workspace, tmp_path, *rows)
    return workspace


def test_a_purge_erases_what_is_due_and_says_so(aged: Workspace, analyst: Actor) -> None:
    today = date(2026, 6, 1)  # March and April are over
    dry = retention.purge(aged, analyst, is_dry=True, today=today)
    assert (dry.rows, dry.is_dry) == (2, True)
    assert months_of(aged) == {"2025-03", "2025-04", "2025-05"}
    done = retention.purge(aged, analyst, is_dry=False, today=today)
    assert done.rows == 2
    assert months_of(aged) == {"2025-05"}
    assert len(list(aged.records.rglob("*.parquet"))) == 1
    _, erased = retention.holds_and_erasures(aged, analyst)
    assert sorted(erased["month"]) == ["2025-03", "2025-04"]
    assert set(erased["rule"]) == {"kept for 13 months"}
    row = log_of(aged).query("operation == 'purge records'").iloc[-1]
    assert (row["category"], row["rows"]) == ("erasure", 2)
    assert len(datasets.list_datasets(aged, analyst)) == 1
    assert retention.purge(aged, analyst, is_dry=False, today=today).rows == 0


def test_a_hold_keeps_records_until_it_is_lifted(aged: Workspace, analyst: Actor) -> None:
    today = date(2027, 1, 1)
    number = holds.place_hold(aged, analyst, Hold("incidents", "2025-03", "2025-03", "case 7"))
    holds.place_hold(
        aged,
        analyst,
        Hold("", "2025-04", "2025-04", "look again", is_legal=False, until=date(2027, 2, 1)),
    )
    done = retention.purge(aged, analyst, is_dry=False, today=today)
    assert done.rows == 1
    assert months_of(aged) == {"2025-03", "2025-04"}
    assert "case 7" in done.held["why"].iloc[0]
    queue = retention.review_queue(aged, analyst, today)
    assert queue["state"].tolist() == ["held", "held"]
    assert retention.purge(aged, analyst, is_dry=False, today=date(2027, 3, 1)).rows == 1
    holds.lift_hold(aged, analyst, number)
    with pytest.raises(NotFoundError):
        holds.lift_hold(aged, analyst, number)
    assert retention.purge(aged, analyst, is_dry=False, today=today).rows == 1


@pytest.mark.parametrize(
    "hold",
    [
        Hold("", "2025-13", "2025-12", "x"),
        Hold("", "2025-05", "2025-04", "x"),
        Hold("", "2025-01", "2025-02", " "),
        Hold("nothing", "2025-01", "2025-02", "x"),
        Hold("", "2025-01", "2025-02", "x", is_legal=False),
    ],
)
def test_a_hold_that_says_too_little_is_refused(
    workspace: Workspace, analyst: Actor, hold: Hold
) -> None:
    with pytest.raises(InputError):
        holds.place_hold(workspace, analyst, hold)


def test_what_a_cut_off_import_left_is_swept(aged: Workspace) -> None:
    left = aged.records / "incidents" / "2026-01" / "000099.parquet"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"x")
    file = uploads.keep_upload(aged, "x.csv", io.BytesIO(b"x"))
    assert retention.sweep(aged, older_than=3600) == 0
    for path in (left, file.path):
        os.utime(path, (time.time() - 7200,) * 2)
    assert retention.sweep(aged, older_than=3600) == 2
    assert counted(aged) == 3


def test_a_look_at_what_is_due_is_logged_as_a_look(aged: Workspace, analyst: Actor) -> None:
    day = date(2026, 6, 1)
    looked = retention.what_is_due(aged, analyst, day)
    row = log_of(aged).iloc[-1]
    assert (row["operation"], row["category"]) == ("view retention", "consultation")
    dry = retention.purge(aged, analyst, is_dry=True, today=day)
    assert (looked.rows, looked.is_dry) == (dry.rows, True)
    assert looked.rows > 0
    assert not retention.purge(aged, analyst, is_dry=False, today=day).is_dry
    assert retention.what_is_due(aged, analyst, day).rows == 0
