"""Sign twice as one person under two names, and once as two of one name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotspot.access.actor import Actor, UserRole
from hotspot.errors import NotAllowedError
from hotspot.services.hotspots import findings, snapshots
from hotspot.services.upkeep import log
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, SHELL, log_of, run_of

ONE = Actor("Sam Example", frozenset({UserRole.ANALYST}), account_id=11)


@pytest.fixture
def written(demo: Workspace) -> int:
    snapshots.freeze(demo, ONE, run_of(demo, ONE), FORCE, "first")
    return findings.write_finding(demo, ONE, 1, "fact", "Most are on Fridays.")


def test_another_name_is_not_another_person(demo: Workspace, written: int) -> None:
    with pytest.raises(NotAllowedError, match="second analyst"):
        findings.sign_finding(demo, replace(ONE, name="Sam Married"), written)


def test_a_namesake_is_another_person(demo: Workspace, written: int) -> None:
    findings.sign_finding(demo, replace(ONE, account_id=12), written)
    row = findings.list_findings(demo, ONE, 1).iloc[0]
    assert (row["written_by_id"], row["signed_by_id"]) == (11, 12)


def test_without_an_account_one_name_is_one_person(demo: Workspace, written: int) -> None:
    with pytest.raises(NotAllowedError, match="second analyst"):
        findings.sign_finding(demo, replace(ONE, account_id=None), written)


def test_the_log_seals_the_account(demo: Workspace, written: int) -> None:
    assert written
    assert log_of(demo)["account_id"].iloc[-1] == 11
    assert log.verify_log(demo, SHELL).problems == []
