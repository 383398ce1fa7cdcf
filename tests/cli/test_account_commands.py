"""The commands for accounts and the log."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.helpers import PASSWORD

Cli = Callable[..., "CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path, run_cli: Cli) -> Path:
    made = run_cli("init", tmp_path / "w", "--area", "sample")
    assert "hotspot user add" in made.stderr
    return tmp_path / "w"


@pytest.fixture
def add(run_cli: Cli, folder: Path) -> Callable[..., CompletedProcess[str]]:
    def run(*arguments: str, password: str = PASSWORD) -> CompletedProcess[str]:
        rest = ("--password-stdin", "-w", folder)
        return run_cli("user", "add", *arguments, *rest, typed=f"{password}\n")

    return run


def test_the_first_administrator_is_made_here_and_nobody_can_sign_in_before(
    folder: Path, run_cli: Cli, add: Callable[..., CompletedProcess[str]]
) -> None:
    refused = run_cli("serve", "-w", folder)
    assert refused.returncode == 2
    assert "hotspot user add NAME --role administrator" in refused.stderr
    made = add("Boss", "--role", "administrator", "--shown-as", "Jo Boss")
    assert made.returncode == 0, made.stderr
    (row,) = json.loads(run_cli("user", "list", "-w", folder, "--json").stdout)
    assert (row["name"], row["roles"], row["second_factor"]) == ("boss", ["administrator"], False)
    assert "Jo Boss" in run_cli("user", "list", "-w", folder).stdout
    text = b"".join(path.read_bytes() for path in folder.glob("hotspot.db*"))
    assert PASSWORD.encode() not in text


@pytest.mark.parametrize(
    ("arguments", "password", "words"),
    [
        (["jo", "--role", "analyst"], "short", "5 characters"),
        (["jo", "--role", "analyst"], "", "0 characters"),
        (["jo", "--role", "viewer"], PASSWORD, "name at least one"),
        (["jo", "--role", "viewer", "--district", "Nowhere"], PASSWORD, "no district"),
        (["jo", "--role", "analyst", "--agency", "Nobody"], PASSWORD, "no agency"),
    ],
)
def test_an_account_that_cannot_be_is_one_plain_line(
    add: Callable[..., CompletedProcess[str]], arguments: list[str], password: str, words: str
) -> None:
    done = add(*arguments, password=password)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_accounts_are_disabled_enabled_unlocked_and_reset(
    folder: Path,
    run_cli: Cli,
    add: Callable[..., CompletedProcess[str]],
) -> None:
    add("jo", "--role", "analyst", "--role", "disruption_lead")
    for what in ("disable", "enable", "unlock", "reset-second-factor"):
        done = run_cli("user", what, "jo", "-w", folder)
        assert done.returncode == 0, done.stderr
        (row,) = json.loads(run_cli("user", "list", "-w", folder, "--json").stdout)
        assert row["disabled"] == (what == "disable")
    chosen = "candle marmot brisk folder\n"
    done = run_cli("user", "password", "jo", "--password-stdin", "-w", folder, typed=chosen)
    assert done.returncode == 0
    gone = run_cli("user", "disable", "nobody", "-w", folder)
    assert gone.returncode == 2
    assert "no account 'nobody'" in gone.stderr


def test_the_log_is_checked_against_a_head_that_is_kept_elsewhere(
    folder: Path, run_cli: Cli, tmp_path: Path, add: Callable[..., CompletedProcess[str]]
) -> None:
    add("jo", "--role", "analyst")
    head = tmp_path / "head.json"
    head.write_text(run_cli("audit", "head", "-w", folder).stdout)
    whole = run_cli("audit", "verify", "-w", folder, "--head", head)
    assert whole.returncode == 0, whole.stderr
    assert "exported head fits" in whole.stderr
    with sqlite3.connect(folder / "hotspot.db") as raw:
        raw.execute("DELETE FROM audit WHERE audit_id >= 2")
        raw.execute(
            "UPDATE audit_head SET audit_id = 1, seal = (SELECT seal FROM audit WHERE audit_id = 1)"
        )
    cut = run_cli("audit", "verify", "-w", folder)
    assert cut.returncode == 1
    assert "changed outside Hotspot" in cut.stderr  # the account that the lost row tells of
    cut = run_cli("audit", "verify", "-w", folder, "--head", head)
    assert cut.returncode == 1
    assert "not whole" in cut.stderr
    assert (
        run_cli("audit", "verify", "-w", folder, "--head", folder / "workspace.json").returncode
        == 2
    )
