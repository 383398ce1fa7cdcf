"""Read, export and check the log: the auditor's work."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.log_filter import LogFilter
from hotspot.access.permissions import Operation
from hotspot.analysis.surroundings.districts import ground_of_cells, ground_of_point
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.tabular import write_table
from hotspot.errors import InputError, NotFoundError
from hotspot.services.workspace.audit_names import (
    WHOLE_REGISTER,
    ground_place,
    hotspot_name,
    hotspot_place,
    premises_place,
)
from hotspot.services.workspace.exports import ExportFile, file_name, heading_of
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import audit, datasets, hotspots
from hotspot.store.audit import Head
from hotspot.store.unit_of_work import UnitOfWork, reading

SHOWN = 500
MAX_PLACES = 20
_HOW = {"hotspot": "named", "premises": "named", "ground": "its ground was shown"}


@dataclass(frozen=True)
class Trace:
    """The answer to "who saw or received what about this place".

    Attributes
    ----------
    places
        The places that the question fits, in words.
    rows
        `at`, `actor`, `roles`, `agency`, `operation`, `category`, `recipients`, `reason`, `place`
        and `how` (named, its ground was shown, the whole register was shown), newest first.
    """

    places: list[str]
    rows: pd.DataFrame


@dataclass(frozen=True)
class Verdict:
    """What checking the log found: its problems, and the head that it was checked up to."""

    problems: list[str]
    head: Head


def view_log(
    workspace: Workspace, actor: Actor, wanted: LogFilter, reason: str
) -> tuple[pd.DataFrame, int]:
    """Read the newest rows that fit a filter (at most `SHOWN`), and how many fit in all."""
    with work_on(workspace, actor, Operation.VIEW_LOG, reason) as work:
        rows, total = audit.read_log(work.connection, wanted, SHOWN)
        work.log("log", rows=len(rows), shape=_shape(wanted))
    return rows, total


def trace_place(workspace: Workspace, actor: Actor, question: str, reason: str) -> Trace:
    """Say who saw or received what about a place.

    Parameters
    ----------
    question
        A registered hotspot's number ("HS-0007"), or part of the name or reference of premises.

    Raises
    ------
    NotFoundError
        No hotspot or premises fits.
    InputError
        More than `MAX_PLACES` premises fit.
    """
    with work_on(workspace, actor, Operation.TRACE_PLACE, reason) as work:
        names = _names_of(work, question.strip())
        entries = audit.rows_about(work.connection, list(names))
        asked = [name for name in names if not name.startswith(("ground", WHOLE_REGISTER))]
        work.log("trace of a place", rows=len(entries), shape={"places": len(asked)}, places=asked)
    columns = ["at", "actor", "roles", "agency", "operation", "category", "recipients", "reason"]
    rows = entries[columns].copy()
    shown = [[name for name in names if name in set(listed)] for listed in entries["places"]]
    rows["place"] = [", ".join(sorted({names[name] for name in hit})) for hit in shown]
    rows["how"] = [", ".join(sorted({_how(name) for name in hit})) for hit in shown]
    return Trace(sorted(set(names.values())), rows)


def export_log(workspace: Workspace, actor: Actor, wanted: LogFilter, reason: str) -> ExportFile:
    """Prepare all rows that fit a filter as a file, with their seals."""
    with work_on(workspace, actor, Operation.EXPORT_LOG, reason) as work:
        rows, total = audit.read_log(work.connection, wanted, limit=10_000_000)
        work.log("log", rows=total, shape=_shape(wanted), recipients=actor.name)
    for column in ("shape", "places"):
        rows[column] = [json.dumps(value, sort_keys=True) for value in rows[column]]
    heading = heading_of(workspace, f"Log of {workspace.settings.name}", actor, actor.name)
    content = write_table(rows.iloc[::-1], FileForm.CSV, heading)
    return ExportFile(file_name(workspace, "log", FileForm.CSV), FileForm.CSV, content)


def verify_log(workspace: Workspace, actor: Actor, known: Head | None = None) -> Verdict:
    """Check every seal of the log, and a head that was exported before."""
    with work_on(workspace, actor, Operation.VERIFY_LOG) as work:
        problems = audit.verify(work.connection, workspace.keys.log, known)
        head = audit.read_head(work.connection)
        work.log("log", rows=head.audit_id, shape={"problems": len(problems)})
    return Verdict(problems, head)


def head_of(workspace: Workspace) -> Head:
    """Return the end of the log: how many rows, and the seal of the last; it tells nothing else."""
    with reading(workspace.engine) as connection:
        return audit.read_head(connection)


def head_text(head: Head) -> str:
    """Write a head as the JSON that is kept elsewhere."""
    return json.dumps({"rows": head.audit_id, "seal": head.seal}) + "\n"


def read_head_file(path: Path) -> Head:
    """Read a head that was exported before.

    Raises
    ------
    InputError
        The file does not hold one.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Head(int(content["rows"]), str(content["seal"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path} holds no head of a log; make one with: hotspot audit head"
        raise InputError(message) from error


def _names_of(work: UnitOfWork, question: str) -> dict[str, str]:
    """Return all names by which the log knows what a question asks about, with words for each."""
    number = re.fullmatch(r"(?:HS-)?0*(\d{1,9})", question, re.IGNORECASE)
    if number is not None:
        registered = hotspots.registered_hotspots(work.connection)
        mine = registered[registered["hotspot_id"] == int(number[1])]
        if not mine.empty:
            name = hotspot_name(int(number[1]))
            ground = ground_of_cells(list(mine["cells"].iloc[0]))
            return {hotspot_place(int(number[1])): name} | {ground_place(c): name for c in ground}
    premises = datasets.all_rows(work.connection, "premises", date.min)
    texts = premises["name"].str.cat(premises["premises_ref"], sep=" ").str.casefold()
    fits = premises[texts.str.contains(question.casefold(), regex=False)]
    if fits.empty or not question:
        message = f"No hotspot or premises fits '{question}'; type HS-0001 or part of a name."
        raise NotFoundError(message)
    if len(fits) > MAX_PLACES:
        message = f"{len(fits)} premises fit '{question}'; type more of the name."
        raise InputError(message)
    names = {WHOLE_REGISTER: "all premises"}
    for row in fits.itertuples():
        words = f"{row.name} ({row.source} {row.premises_ref})"
        names[premises_place(str(row.source), str(row.premises_ref))] = words
        if pd.notna(float(row.lng or "nan")):  # type: ignore[arg-type]  # some have no place
            names[ground_place(ground_of_point(float(row.lng), float(row.lat)))] = words  # type: ignore[arg-type]
    return names


def _how(name: str) -> str:
    if name == WHOLE_REGISTER:
        return "the whole register was shown"
    return _HOW[name.split(" ", 1)[0]]


def _shape(wanted: LogFilter) -> dict[str, object]:
    """Say which filters were set, not what was typed into them."""
    return {name: bool(value) for name, value in vars(wanted).items() if value}
