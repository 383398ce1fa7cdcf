"""The command line: what its commands do, and what a process of its own adds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import h3
import pytest

from hotspot.settings import SAMPLE_FOLDER
from tests.helpers import PASSWORD

Cli = Callable[..., "CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path, run_cli: Cli) -> Path:
    made = tmp_path / "w"
    assert run_cli("init", made, "--area", "sample").returncode == 0
    return made


def test_import_and_detect_print_json_on_stdout_and_progress_on_stderr(
    folder: Path, run_cli: Cli
) -> None:
    for source, name in (("missing", "missing_episodes.xlsx"), ("incidents", "incidents.csv")):
        done = run_cli("import", source, SAMPLE_FOLDER / name, "-w", folder, "--json")
        sheet = json.loads(done.stdout)
        total = sheet["used"] + sum(sheet["set_aside"].values()) + sum(sheet["rejected"].values())
        assert sheet["rows_in"] == total
        assert f"reading {name}" in done.stderr
    done = run_cli("detect", "-w", folder, "--from", "2025-11", "--to", "2026-10", "--json")
    run = json.loads(done.stdout)
    assert run["sources"] == ["incidents", "missing"]
    assert (run["params"]["start"], run["params"]["end"]) == ("2025-11-01", "2026-10-31")
    assert run["records_used"] + sum(run["left_out"].values()) == run["records_in"]
    for hotspot in run["hotspots"]:
        assert {"key", "cells", "events", "children", "area_km2", "lng", "lat"} <= set(hotspot)
        assert all(h3.is_valid_cell(cell) for cell in hotspot["cells"])
    assert [row["reason"] for row in run["set_aside"]] == ["too_few_children"]


def test_one_source_with_settings_of_ones_own(folder: Path, run_cli: Cli) -> None:
    run_cli("import", "incidents", SAMPLE_FOLDER / "incidents.csv", "-w", folder)
    done = run_cli(
        "detect",
        "-w",
        folder,
        "--source",
        "incidents",
        "--resolution",
        9,
        "--rings",
        1,
        "--min-weight",
        12.5,
        "--json",
    )
    params = json.loads(done.stdout)["params"]
    assert (params["resolution"], params["rings"], params["min_weight"]) == (9, 1, 12.5)
    table = run_cli("detect", "-w", folder, "--min-weight", 12)
    assert "H-01" in table.stdout


def test_what_the_screens_warn_of_is_said_by_the_command_too(folder: Path, run_cli: Cli) -> None:
    """The map warned of each; the command printed the same hotspots without a word."""
    run_cli("import", "missing", SAMPLE_FOLDER / "missing_episodes.xlsx", "-w", folder)
    chained = ["detect", "-w", folder, "--from", "2025-12", "--to", "2026-11", "--min-weight", 3]
    said = json.loads(run_cli(*chained, "--rings", 8, "--json").stdout)["cautions"]
    assert any("of all records" in one and "km across" in one for one in said)
    assert any("The records end on 1 November 2026" in one for one in said)
    assert any("nothing of this period to test" in one for one in said)
    printed = run_cli(*chained, "--rings", 8).stdout
    assert printed.count("Caution: ") == len(said)
    month = ["--from", "2026-10", "--to", "2026-10"]
    short = run_cli("detect", "-w", folder, *month, "--json").stdout
    assert any("meant for twelve months" in one for one in json.loads(short)["cautions"])
    frozen = run_cli("freeze", "whole", "-w", folder, "--to", "2026-11")
    assert "Caution: The records end on 1 November 2026" in frozen.stderr
    run_cli("import", "licensing", SAMPLE_FOLDER / "licensing_register.csv", "-w", folder)
    tested = json.loads(run_cli("detect", "-w", folder, "--to", "2026-10", "--json").stdout)
    assert not any("nothing of this period to test" in one for one in tested["cautions"])


def test_a_run_is_frozen_listed_and_replayed(folder: Path, run_cli: Cli) -> None:
    run_cli("import", "missing", SAMPLE_FOLDER / "missing_episodes.xlsx", "-w", folder)
    frozen = run_cli("freeze", "2026-10", "-w", folder, "--to", "2026-10", "--note", "for MACE")
    assert frozen.returncode == 0
    assert "HS-0001" in frozen.stdout
    assert "Snapshot 1 (2026-10) is frozen" in frozen.stderr
    (listed,) = json.loads(run_cli("snapshots", "-w", folder, "--json").stdout)
    assert (listed["name"], listed["note"], listed["since"]) == ("2026-10", "for MACE", "")
    assert "2026-10" in run_cli("snapshots", "-w", folder).stdout
    again = run_cli("replay", 1, "-w", folder)
    assert again.returncode == 0
    assert "the same, byte for byte" in again.stderr
    twice = run_cli("freeze", "2026-10", "-w", folder)
    assert twice.returncode == 2
    assert "another name" in twice.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["detect", "-w", "{w}"], "--source"),
        (["detect", "-w", "{w}/gone"], "not a Hotspot workspace"),
        (["import", "missing", "nowhere.xlsx", "-w", "{w}"], "cannot be read"),
        (["import", "nonsense", "x", "-w", "{w}"], "no source 'nonsense'"),
        (["init", "{w}", "--area", "sample"], "not empty"),
        (["init", "{w}/../new", "--area", "nowhere.geojson"], "no area file"),
        (["serve", "-w", "{w}"], "Nobody can sign in yet"),
    ],
)
def test_an_error_is_one_plain_line_and_status_2(
    folder: Path, run_cli: Cli, arguments: list[str], words: str
) -> None:
    done = run_cli(*(argument.format(w=folder) for argument in arguments))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_tiles_that_are_not_there_stop_the_server_before_it_starts(
    folder: Path, run_cli: Cli
) -> None:
    settings = json.loads((folder / "workspace.json").read_text())
    settings["tiles"] = {"kind": "mbtiles", "where": "ground.mbtiles", "attribution": "Invented"}
    (folder / "workspace.json").write_text(json.dumps(settings))
    done = run_cli("serve", "-w", folder)
    assert done.returncode == 2
    assert "The tiles ground.mbtiles are not in the workspace" in done.stderr
    assert "Traceback" not in done.stderr


def test_deadlines_are_printed_with_rule_source_and_assumption(
    run_cli: Cli, tmp_path: Path
) -> None:
    done = run_cli("deadlines", "LA51", "--given", "2026-11-02", "--json")
    assert done.returncode == 0
    rows = {row["step"]: row for row in json.loads(done.stdout)}
    assert rows["hearing_by"]["due_on"] == "2026-12-30"
    assert rows["hearing_by"]["source"] == "SI 2005/44, Sch 1 row 7"
    assert rows["hearing_by"]["rule"] == "20 working days after the day of 'representations closed'"
    assert rows["hearing_by"]["provenance"]["read_at"].startswith("legislation.gov.uk/")
    assert "on the last day for it, 30 December 2026" in rows["determination_by"]["assumption"]
    assert rows["hearing_by"]["cautions"] == ["not yet checked by your legal team"]
    file = tmp_path / "c1.ics"
    more = run_cli(
        "deadlines",
        "LA51",
        "--given",
        "2026-11-02",
        "--event",
        "notified=2027-01-08",
        "--ics",
        file,
        "--reference",
        "C1",
    )
    assert "Thu 28 Jan 2027" in more.stdout
    assert b"SUMMARY:LA51 C1: Last day to appeal" in file.read_bytes()
    for arguments, words in (
        (["NONE", "--given", "2026-11-02"], "not in the catalogue"),
        (["HVP", "--given", "2026-11-02"], "no deadlines of its own"),
        (["LA51", "--given", "2 November"], "no day or moment"),
        (["LA51", "--given", "2026-11-02", "--event", "heard"], "no event"),
        (["LA51"], "Give the day of 'given'; what can be given: given, representations closed"),
    ):
        wrong = run_cli("deadlines", *arguments)
        assert wrong.returncode == 2
        assert words in wrong.stderr


def test_the_catalogue_is_printed_and_checked(run_cli: Cli, folder: Path) -> None:
    done = run_cli("measures", "--json")
    listed = json.loads(done.stdout)
    assert len(listed) == 85
    assert len({json.dumps(one["provenance"]) for one in listed}) == 85
    assert all(one["provenance"]["section"] for one in listed if one["code"] != "WARN")
    (folder / "measures.yaml").write_text("- code: H116\n  colour: red\n")
    wrong = run_cli("measures", "-w", folder)
    assert wrong.returncode == 2
    assert "H116: colour" in wrong.stderr


def test_every_event_of_a_clock_can_be_given_by_name(run_cli: Cli) -> None:
    alone = run_cli("deadlines", "H116", "--event", "issued=2026-11-02", "--json")
    assert [(r["step"], r["due_on"]) for r in json.loads(alone.stdout)] == [
        ("appeal_ends", "2026-11-22")
    ]
    first = run_cli("deadlines", "H116", "--given", "2026-11-09")
    assert "Give the day with --event issued=... for: Last day to appeal" in " ".join(
        (first.stdout + first.stderr).split()
    )


def test_what_lawyers_must_read_goes_out_and_comes_back(
    run_cli: Cli, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "read.xlsx"
    listed = run_cli("measures", "--unchecked", "--json")
    assert len(json.loads(listed.stdout)) == 85
    assert "to be checked" in _said(run_cli("measures", "--unchecked"))
    assert "85 measures to read" in _said(run_cli("measures", "--to-file", path))
    back = run_cli("measures", "--from-file", path, "-w", folder)
    assert "says something new of 0 measures." in _said(back)
    nowhere = run_cli("measures", "--from-file", path)
    assert nowhere.returncode == 2
    assert "Name the workspace" in nowhere.stderr


def _said(done: CompletedProcess[str]) -> str:
    return " ".join((done.stdout + done.stderr).split())


def test_a_day_is_a_day_or_a_month(folder: Path, run_cli: Cli) -> None:
    run_cli("import", "incidents", SAMPLE_FOLDER / "incidents.csv", "-w", folder)
    done = run_cli("detect", "-w", folder, "--to", "31/10/2026")
    assert done.returncode == 2
    assert "2026-10-31 or a month" in done.stderr


# in a process ------------------------------------------------------------------------------


def test_a_process_prints_json_apart_from_progress_and_ends_with_0(
    folder: Path, run_process: Cli
) -> None:
    file = SAMPLE_FOLDER / "incidents.csv"
    done = run_process("import", "incidents", file, "-w", folder, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["used"] > 0
    assert "reading incidents.csv" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["detect", "-w", "{w}/gone"], "not a Hotspot workspace"),
        (["serve", "-w", "{w}"], "Nobody can sign in yet"),
    ],
)
def test_a_process_that_is_refused_ends_with_2_and_one_line(
    folder: Path, run_process: Cli, arguments: list[str], words: str
) -> None:
    done = run_process(*(argument.format(w=folder) for argument in arguments))
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_command_that_stands_alone_in_its_module_is_a_command(run_process: Cli) -> None:
    """Typer makes a program of one command that command itself, whose name is then too much."""
    done = run_process("digest", "--help")
    assert done.returncode == 0, done.stderr
    assert "--to-file" in done.stdout


def test_a_process_that_finds_something_wrong_ends_with_1(folder: Path, run_process: Cli) -> None:
    (folder / "secrets" / "log.key").chmod(0o644)
    done = run_process("doctor", "-w", folder)
    assert done.returncode == 1
    assert "WRONG" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_process_takes_a_password_and_prints_every_letter(folder: Path, run_process: Cli) -> None:
    options = ("--role", "analyst", "--shown-as", "Zoë Łęcka", "--password-stdin", "-w", folder)
    made = run_process("user", "add", "zoe", *options, typed=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stderr
    (row,) = json.loads(run_process("user", "list", "-w", folder, "--json").stdout)
    assert (row["name"], row["shown_as"]) == ("zoe", "Zoë Łęcka")
