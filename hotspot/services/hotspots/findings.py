"""Findings about hotspots: sentence by sentence, each of a kind, signed by a second analyst."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation, is_allowed
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.run import Run
from hotspot.errors import InputError, NotAllowedError, NotFoundError
from hotspot.services.hotspots.register import driven_by_one_child, names_of
from hotspot.services.hotspots.runs import scan
from hotspot.services.hotspots.times import records_in
from hotspot.services.records.caveats import caveats_in, changes_in
from hotspot.services.workspace.audit_names import hotspot_name, hotspot_place, places_of_hotspots
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import findings, snapshots
from hotspot.store.unit_of_work import UnitOfWork, reading

FACT, ASSESSMENT, INTELLIGENCE, TOLD = "fact", "assessment", "intelligence", "told"
KINDS = {
    FACT: "Fact",
    ASSESSMENT: "Assessment",
    INTELLIGENCE: "Intelligence (graded)",
    TOLD: "What children and parents told us",
}
"""What a sentence can be. What was told is for analysts only."""
MAX_TEXT = 500
_GRADE = re.compile(r"[1-3][A-E][PC]")
_NEXT_SENTENCE = re.compile(r"[.!?]\s+\S")
_QUOTES = re.compile("[\"\u201c\u201d\u201e\u00ab\u00bb]|(?<!\\w)['\u2018]|['\u2019](?!\\w)")


def write_finding(
    workspace: Workspace, actor: Actor, hotspot_id: int, kind: str, text: str, grade: str = ""
) -> int:
    """Write one sentence about a registered hotspot, and give its number.

    Raises
    ------
    InputError
        The kind, sentence or grade cannot be; what was told holds a quotation.
    NotFoundError
        There is no such hotspot.
    """
    text, grade = " ".join(text.split()), grade.strip().upper()
    _check(kind, text, grade)
    with work_on(workspace, actor, Operation.WRITE_FINDING) as work:
        if hotspot_id not in names_of(work.connection):
            message = f"There is no hotspot {hotspot_name(hotspot_id)}."
            raise NotFoundError(message)
        number = findings.add_finding(
            work.connection,
            hotspot_id=hotspot_id,
            kind=kind,
            grade=grade or None,
            text=text,
            written_by=actor.name,
            written_at=work.now,
        )
        _log(work, number, hotspot_id, {"kind": kind})
    return number


def sign_finding(workspace: Workspace, actor: Actor, finding_id: int) -> None:
    """Sign off a finding that another analyst wrote.

    Raises
    ------
    NotAllowedError
        The actor wrote it, or one of the two has no account.
    NotFoundError
        There is no such finding that stands.
    ConflictError
        Someone else was faster.
    """
    with work_on(workspace, actor, Operation.SIGN_FINDING) as work:
        finding = _found(work, finding_id)
        _check_is_second(actor, finding["written_by_id"])
        findings.sign_finding(work.connection, finding_id, actor.name, work.now)
        _log(work, finding_id, int(finding["hotspot_id"]), {"signed": True})


def withdraw_finding(workspace: Workspace, actor: Actor, finding_id: int) -> None:
    """Withdraw a finding: write it anew to correct it; the old one stays stored.

    Raises
    ------
    NotFoundError
        There is no such finding that stands.
    """
    with work_on(workspace, actor, Operation.WRITE_FINDING) as work:
        finding = _found(work, finding_id)
        findings.withdraw_finding(work.connection, finding_id, actor.name, work.now)
        _log(work, finding_id, int(finding["hotspot_id"]), {"withdrawn": True})


def list_findings(workspace: Workspace, actor: Actor, hotspot_id: int) -> pd.DataFrame:
    """List the findings about a hotspot that stand.

    All but analysts see what is signed, without what children and parents told us, and nothing
    about a hotspot that one child's records drive.
    """
    with work_on(workspace, actor, Operation.VIEW_FINDINGS) as work:
        listed = findings.list_findings(work.connection, hotspot_id)
        if not is_allowed(actor, Operation.WRITE_FINDING):
            driven = driven_by_one_child(snapshots.list_lineage(work.connection))
            shown = listed["signed_at"].notna() & (listed["kind"] != TOLD)
            listed = listed[shown & (hotspot_id not in driven)].reset_index(drop=True)
        _log(work, None, hotspot_id, {"findings": len(listed)}, rows=len(listed))
    return listed


def draft_caveats(
    workspace: Workspace, actor: Actor, run: Run, sources: list[str], key: str
) -> list[str]:
    """Draft from the data what could be wrong about a hotspot of a run.

    Raises
    ------
    NotFoundError
        The run has no such hotspot.
    """
    permit(workspace, actor, Operation.WRITE_FINDING)
    hotspot = run.hotspot(key)
    row = hotspot.iloc[0]
    inside = records_in(select_used(scan(workspace, sources), run.params), row["cells"])
    with reading(workspace.engine) as connection:
        changes = changes_in(connection, run.params, sources)
    said = caveats_in(row, inside, sources, changes)
    with work_on(workspace, actor, Operation.WRITE_FINDING) as work:
        work.log("caveats", rows=inside.height, places=places_of_hotspots(hotspot))
    return said


def _check(kind: str, text: str, grade: str) -> None:
    problem = None
    if kind not in KINDS:
        problem = f"'{kind}' is no kind of finding; choose one of: {', '.join(KINDS)}."
    elif not text or len(text) > MAX_TEXT:
        problem = f"Write one sentence of up to {MAX_TEXT} characters."
    elif _NEXT_SENTENCE.search(text):
        problem = "Write one sentence at a time: each is a fact, an assessment or intelligence."
    elif kind == INTELLIGENCE and not _GRADE.fullmatch(grade):
        problem = "Give the grade of the intelligence (3x5x2), for example 1BP."
    elif kind != INTELLIGENCE and grade:
        problem = "Only intelligence is graded; choose that kind, or leave the grade out."
    elif kind == TOLD and _QUOTES.search(text):
        problem = "What we were told is written in our own words, without quotation."
    if problem is not None:
        raise InputError(problem)


def _check_is_second(actor: Actor, writer: int | None) -> None:
    """Refuse a signature unless it is certain that two accounts are at work."""
    if actor.account_id is None:
        message = "A finding is signed by somebody who is signed in: two signatures, two accounts."
        raise NotAllowedError(message)
    if writer is None:
        message = (
            "No account is kept for who wrote this finding, so nobody can sign it as a second "
            "analyst. Withdraw it and write it anew, signed in."
        )
        raise NotAllowedError(message)
    if actor.account_id == writer:
        message = "A finding is signed by a second analyst, not by the one who wrote it."
        raise NotAllowedError(message)


def _found(work: UnitOfWork, finding_id: int) -> dict[str, Any]:
    finding = findings.find_finding(work.connection, finding_id)
    if finding is None:
        message = f"There is no finding {finding_id} that stands."
        raise NotFoundError(message)
    return finding


def _log(
    work: UnitOfWork, number: int | None, hotspot_id: int, shape: dict[str, object], rows: int = 1
) -> None:
    name = hotspot_name(hotspot_id)
    subject = f"findings about {name}" if number is None else f"finding {number} about {name}"
    work.log(subject, rows=rows, shape=shape, places={hotspot_place(hotspot_id)})
