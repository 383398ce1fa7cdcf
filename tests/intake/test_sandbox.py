"""Hostile files: what they really are is told before they are opened, and what breaks is a worker."""

from __future__ import annotations

import os
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest
import xlsxwriter

from hotspot import InputError
from hotspot.access.actor import Actor
from hotspot.intake.files import sniffing
from hotspot.intake.files.opening import open_table
from hotspot.intake.files.sandbox import GIBIBYTE, SANDBOX, Limits, Sandbox
from hotspot.intake.rows.balance import REASONS
from hotspot.services.hotspots import runs
from hotspot.services.records import imports
from hotspot.services.workspace.folder import Workspace
from hotspot.settings import SAMPLE_FOLDER
from tests.helpers import log_of

pytestmark = pytest.mark.slow

# what the worker is told to do: functions of a module, for it imports them


def double(number: int) -> int:
    return 2 * number


def number_of_process() -> int:
    return os.getpid()


def sleep_long() -> None:
    time.sleep(60)


def take_memory(size: int) -> int:
    return len(bytearray(size))


def die() -> None:
    os.kill(os.getpid(), 9)


def refuse() -> None:
    message = "line 3: no date"
    raise InputError(message)


def panic() -> None:
    raise KeyboardInterrupt


def rows_of(path: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    table = open_table(path, path.name, {"id", "name"})
    return table.rows, table.notes


def write(path: Path) -> None:
    path.write_text("x" * 100)


def proxy() -> str:
    return os.environ["https_proxy"]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    made = Sandbox(Limits(memory_bytes=4 * GIBIBYTE, seconds=3))
    yield made
    made.close()


def test_the_worker_is_another_process_and_stays_warm(box: Sandbox) -> None:
    first = box.run("x", number_of_process)
    assert first != os.getpid()
    assert box.run("x", number_of_process) == first
    assert box.run("x", double, 21) == 42


def test_the_worker_does_not_run_the_page_that_is_being_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of the app puts itself in the place of the main script while it is drawn."""
    page = ModuleType("__main__")
    page.__file__ = str(tmp_path / "page.py")
    (tmp_path / "page.py").write_text("raise SystemExit('the page was run')")
    monkeypatch.setitem(sys.modules, "__main__", page)
    made = Sandbox(Limits(seconds=30))
    assert made.run("x", double, 4) == 8
    assert sys.modules["__main__"] is page
    made.close()


def test_what_a_reader_refuses_comes_through_in_its_words(box: Sandbox) -> None:
    with pytest.raises(InputError, match="line 3: no date"):
        box.run("x", refuse)


@pytest.mark.parametrize(
    ("function", "arguments", "words"),
    [
        (take_memory, (8 * GIBIBYTE,), "more than 4 GiB of memory"),
        (die, (), "GiB of memory"),
        (sleep_long, (), "longer than 3 seconds"),
        (panic, (), "broke its reader"),
    ],
)
def test_a_limit_that_is_met_is_said_and_the_next_file_is_read(
    box: Sandbox, function: object, arguments: tuple[object, ...], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        box.run("register.csv", function, *arguments)  # type: ignore[arg-type]
    assert box.run("x", double, 2) == 4


def test_the_worker_writes_no_file_and_knows_no_way_out(box: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="OSError"):
        box.run("x", write, tmp_path / "made")
    assert not (tmp_path / "made").exists() or (tmp_path / "made").stat().st_size == 0
    assert box.run("x", proxy) == "http://127.0.0.1:9"


# files -------------------------------------------------------------------------------------


def workbook(path: Path, cells: dict[tuple[int, int], str]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for (row, column), value in cells.items():
            sheet.write_string(row, column, value)
    return path


def zip_bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)
    return path


HEADER = (SAMPLE_FOLDER / "licensing_register.csv").read_bytes().split(b"\n")[0]
BAD: dict[str, tuple[str, bytes | str, str]] = {
    "N40 NUL bytes": ("x.csv", b"id,name\n1,a\x00b\n", "NUL"),
    "N45 empty": ("x.csv", b"", "is empty"),
    "N45 blank lines": ("x.csv", b"\n\n  \n", "is empty"),
    "N57 too many columns": ("x.csv", b"," * 1_000_000, "1,000,001 columns"),
    "N58 quote not closed": ("x.csv", HEADER + b'\n"' + b"x" * 200_000, "line 2"),
    "N60 workbook called csv": ("x.csv", b"PK\x03\x04rest", "workbook or zip|damaged"),
    "N60 web page": ("x.csv", b"<!DOCTYPE html><html>", "a web page"),
    "N60 PDF": ("x.csv", b"%PDF-1.7", "a PDF"),
    "N60 picture": ("x.csv", b"\x89PNG\r\n", "a picture"),
    "N60 compressed": ("x.csv", b"\x1f\x8b\x08", "compressed"),
    "N84 old or locked workbook": ("x.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
    "N84 locked workbook by its name": ("x.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
    "damaged workbook": ("x.xlsx", b"PK\x03\x04 nothing", "damaged"),
}


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_file_is_one_clear_line_and_nothing_is_imported(
    workspace: Workspace, analyst: Actor, tmp_path: Path, name: str
) -> None:
    file, content, words = BAD[name]
    path = tmp_path / file
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    rows = len(log_of(workspace))
    with pytest.raises(InputError, match=words) as refused:
        imports.import_files(workspace, analyst, "licensing", [path])
    assert file in str(refused.value)
    assert str(tmp_path) not in str(refused.value)
    assert len(log_of(workspace)) == rows
    assert runs.holdings(workspace).sources == ()


def test_a_workbook_that_unpacks_to_hundreds_of_megabytes_is_not_opened(tmp_path: Path) -> None:
    path = zip_bomb(tmp_path / "x.xlsx")
    assert path.stat().st_size < 1_000_000
    with pytest.raises(InputError, match="unpacks from"):
        sniffing.check_size(path, path.name)


def test_a_file_that_is_too_big_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sniffing, "MAX_FILE_BYTES", 10)
    (tmp_path / "x.csv").write_bytes(b"x" * 11)
    with pytest.raises(InputError, match="at most 0 MB are read"):
        sniffing.check_size(tmp_path / "x.csv", "x.csv")


def test_a_workbook_with_a_cell_at_its_last_corner_meets_the_limit_of_the_worker(
    tmp_path: Path,
) -> None:
    """One kilobyte, one cell at XFD1048576: 17 thousand million cells if it were believed."""
    path = workbook(tmp_path / "x.xlsx", {(1_048_575, 16_383): "x"})
    sniffing.check_size(path, path.name)
    box = Sandbox(Limits(memory_bytes=4 * GIBIBYTE, seconds=20))
    try:
        with pytest.raises(InputError, match=r"memory|seconds|reader|columns"):
            box.run("x.xlsx", open_table, path, "x.xlsx", {"id"})
    finally:
        box.close()


def test_utf_16_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("id,name\n1,Café\n".encode("utf-16"))
    rows, notes = rows_of(path)
    assert rows["name"].to_list() == ["Café"]
    assert notes == ("x.csv: read as UTF-16.",)


def test_the_sample_reads_the_same_in_the_worker_as_outside(workspace: Workspace) -> None:
    from hotspot.intake.rows.balance import Context
    from hotspot.intake.sources import missing

    context = Context(workspace.area, workspace.keys.pseudonyms)
    path = SAMPLE_FOLDER / "missing_episodes.xlsx"
    inside = SANDBOX.run("x", missing.read, path, context)
    outside = missing.read(path, context)
    assert inside.table.equals(outside.table)
    assert inside.rejects.equals(outside.rejects)
    assert inside.balance == outside.balance
    assert set(inside.balance.set_aside) <= set(REASONS)
    assert isinstance(inside.table, pl.DataFrame)


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_fields_may_be_parted_by_other_marks_than_commas(
    tmp_path: Path, mark: str, word: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f'id{mark}name\n1{mark}"Bell, Book{mark} Candle"\n')
    rows, notes = rows_of(path)
    assert rows["name"].to_list() == [f"Bell, Book{mark} Candle".strip()]
    assert notes == (f"x.csv: fields are parted by {word}.",)


def test_a_file_that_ends_where_excel_does_is_said_to_be_perhaps_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id\n" + "1\n" * 65_535)
    rows, notes = rows_of(path)
    assert rows.height == 65_535
    assert "may have been cut off" in notes[0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, end: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(end.join(["id,name", "1,a", "2,NA", "3,None"]).encode())
    rows, _ = rows_of(path)
    assert rows["name"].to_list() == ["a", "NA", "None"]
    assert rows["line"].to_list() == [2, 3, 4]


def test_a_header_alone_is_no_rows(workspace: Workspace, analyst: Actor, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(HEADER + b"\n")
    report = imports.import_files(workspace, analyst, "licensing", [path])
    assert report.balance.as_dict() == {"rows_in": 0, "used": 0, "set_aside": {}, "rejected": {}}
