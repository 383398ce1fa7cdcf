"""Findings: typed sentences, a second analyst's signature, and who may read which."""

from __future__ import annotations

import pytest

from hotspot import InputError, NotAllowedError
from hotspot.access.actor import Actor, UserRole
from hotspot.errors import ConflictError, NotFoundError
from hotspot.services.hotspots import findings, snapshots
from hotspot.services.records import quality
from hotspot.services.workspace.folder import Workspace
from hotspot.store.tables import core
from hotspot.store.unit_of_work import reading
from tests.helpers import FORCE, log_of, run_of

SECOND = Actor("Second Analyst", frozenset({UserRole.ANALYST}), account_id=103)


@pytest.fixture
def frozen(demo: Workspace, analyst: Actor) -> Workspace:
    snapshots.freeze(demo, analyst, run_of(demo, analyst), FORCE, "2026-11")
    return demo


def texts(workspace: Workspace, actor: Actor, number: int = 1) -> list[str]:
    return findings.list_findings(workspace, actor, number)["text"].tolist()


def test_a_finding_is_signed_by_a_second_analyst_and_then_others_read_it(
    frozen: Workspace, analyst: Actor, lead: Actor
) -> None:
    number = findings.write_finding(
        frozen, analyst, 1, "fact", "Most records  are of Friday evenings."
    )
    assert texts(frozen, analyst) == ["Most records are of Friday evenings."]
    assert texts(frozen, lead) == []
    with pytest.raises(NotAllowedError, match="second analyst"):
        findings.sign_finding(frozen, analyst, number)
    findings.sign_finding(frozen, SECOND, number)
    assert texts(frozen, lead) == ["Most records are of Friday evenings."]
    with pytest.raises(ConflictError, match="Look again"):
        findings.sign_finding(frozen, SECOND, number)


def test_what_children_told_us_stays_with_analysts(
    frozen: Workspace, analyst: Actor, lead: Actor
) -> None:
    number = findings.write_finding(
        frozen, analyst, 1, "told", "Children say that they're driven here."
    )
    findings.sign_finding(frozen, SECOND, number)
    assert len(texts(frozen, analyst)) == 1
    assert texts(frozen, lead) == []


def test_nothing_is_told_of_what_one_child_drives(
    frozen: Workspace, analyst: Actor, lead: Actor
) -> None:
    run = run_of(frozen, analyst)
    driven = int(run.hotspots["single_child"].to_numpy().nonzero()[0][0]) + 1
    number = findings.write_finding(frozen, analyst, driven, "fact", "One child comes back here.")
    findings.sign_finding(frozen, SECOND, number)
    assert len(texts(frozen, analyst, driven)) == 1
    assert texts(frozen, lead, driven) == []


def test_a_withdrawn_finding_is_not_shown_and_not_lost(frozen: Workspace, analyst: Actor) -> None:
    number = findings.write_finding(
        frozen, analyst, 1, "assessment", "It is likely a meeting place."
    )
    findings.withdraw_finding(frozen, SECOND, number)
    assert texts(frozen, analyst) == []
    with pytest.raises(NotFoundError, match="no finding"):
        findings.sign_finding(frozen, SECOND, number)
    with reading(frozen.engine) as connection:
        rows = connection.execute(core.findings.select()).mappings().all()
    assert [row["withdrawn_by"] for row in rows] == ["Second Analyst"]


@pytest.mark.parametrize(
    ("kind", "text", "grade", "message"),
    [
        ("rumour", "It is so.", "", "no kind"),
        ("fact", "  ", "", "one sentence"),
        ("fact", "x" * 501, "", "one sentence"),
        ("fact", "It is so. And so is this.", "", "one sentence at a time"),
        ("intelligence", "A car waits here.", "", "grade"),
        ("intelligence", "A car waits here.", "9ZZ", "grade"),
        ("fact", "A car waits here.", "1BP", "Only intelligence"),
        ("told", "She said \u201ccome along\u201d to them.", "", "quotation"),
        ("told", "She said 'come along' to them.", "", "quotation"),
        ("told", 'She said "come along" to them.', "", "quotation"),
    ],
)
def test_what_cannot_be_a_finding_is_said(
    frozen: Workspace, analyst: Actor, kind: str, text: str, grade: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        findings.write_finding(frozen, analyst, 1, kind, text, grade)


def test_intelligence_keeps_its_grade(frozen: Workspace, analyst: Actor) -> None:
    findings.write_finding(
        frozen, analyst, 1, "intelligence", "A car waits at 22.30 most Fridays.", "1bp"
    )
    assert findings.list_findings(frozen, analyst, 1)["grade"].tolist() == ["1BP"]
    with pytest.raises(NotFoundError, match="HS-0099"):
        findings.write_finding(frozen, analyst, 99, "fact", "It is so.")


def test_caveats_are_drafted_from_the_data(frozen: Workspace, analyst: Actor) -> None:
    from datetime import date

    quality.mark_change(frozen, analyst, "missing", date(2026, 4, 1), "a new form")
    run = run_of(frozen, analyst)
    driven = run.hotspots.loc[run.hotspots["single_child"], "key"].iloc[0]
    said = findings.draft_caveats(frozen, analyst, run, FORCE, driven)
    assert "Without one child's records this hotspot dissolves." in said
    assert "Recording changed on 01 April 2026: a new form" in said
    assert "Where nobody looks, nothing is recorded." in said
    other = findings.draft_caveats(frozen, analyst, run, FORCE, "H-02")
    assert not any("dissolves" in text for text in other)


def test_the_log_tells_of_a_finding_without_its_text(frozen: Workspace, analyst: Actor) -> None:
    findings.write_finding(frozen, analyst, 1, "fact", "A secret sentence.")
    row = log_of(frozen).iloc[-1]
    assert (row["operation"], row["subject"]) == ("write finding", "finding 1 about HS-0001")
    assert "secret" not in log_of(frozen).to_csv()
