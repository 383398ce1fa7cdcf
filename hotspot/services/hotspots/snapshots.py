"""Freeze runs as snapshots, replay them, compare them, and trace hotspots through them."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import pandas as pd
import polars as pl

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.run import Run
from hotspot.analysis.time.growth import Size, bursts_of
from hotspot.analysis.time.lineage import LineageEvent, Step, trace
from hotspot.errors import ConflictError, InputError
from hotspot.services.hotspots.briefings import briefing_of
from hotspot.services.hotspots.register import (
    ACTIVE,
    DORMANT,
    MERGED,
    days_of,
    name_for,
    names_of,
    register_of_run,
    registered_of,
)
from hotspot.services.hotspots.runs import run_on
from hotspot.services.records.datasets import Part, losses_of, part_of
from hotspot.services.workspace.audit_names import hotspot_name, hotspot_place, places_of_hotspots
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import datasets, hotspots, snapshots
from hotspot.store.unit_of_work import Connection, UnitOfWork, reading

MAX_NOTE = 2000
SEED = 1
_CHANGED = "The records have changed since the run was made; look at the map again."


@dataclass(frozen=True)
class Override:
    """An analyst's word against the match: the number a hotspot has (None: a new one), and why."""

    hotspot_id: int | None
    why: str


def result_of(run: Run) -> str:
    """Write what a run found in one form, the same bytes for the same hotspots."""
    whole = run.as_dict()
    kept = {
        name: whole[name]
        for name in (
            "hotspots",
            "set_aside",
            "records_in",
            "records_used",
            "left_out",
            "cells",
            "approximate",
        )
    }
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def propose(workspace: Workspace, actor: Actor, run: Run) -> pd.DataFrame:
    """Say what freezing a run would make of each hotspot, without changing the register."""
    permit(workspace, actor, Operation.FREEZE)
    with work_on(workspace, actor, Operation.VIEW_SNAPSHOTS) as work:
        steps = _steps(work.connection, run, {})
        names = names_of(work.connection)
        work.log("lineage", rows=len(steps), places=places_of_hotspots(run.hotspots))
    return pd.DataFrame(
        [
            {
                "key": step.key,
                "hotspot_id": step.hotspot_id,
                "hotspot": hotspot_name(step.hotspot_id) if step.hotspot_id else "next number",
                "name": names.get(step.hotspot_id, "") if step.hotspot_id else "",
                "event": step.event.value,
                "related": hotspot_name(step.related_id) if step.related_id else "",
                "overlap": step.overlap,
                "moved_m": step.moved_m,
            }
            for step in steps
        ],
        columns=["key", "hotspot_id", "hotspot", "name", "event", "related", "overlap", "moved_m"],
    )


def freeze(  # noqa: PLR0913 - what is frozen, under which name, and what was decided about it
    workspace: Workspace,
    actor: Actor,
    run: Run,
    sources: list[str],
    name: str,
    *,
    note: str = "",
    overrides: Mapping[str, Override] | None = None,
) -> int:
    """Freeze a run: keep its data's digests, settings and result, and step the register on.

    All or nothing: the snapshot, the numbers of its hotspots and their lineage are one transaction.

    Returns
    -------
    int
        Number of the snapshot.

    Raises
    ------
    InputError
        The name is missing, or an override has no reason or names no hotspot that it can.
    ConflictError
        The name is taken, or the records are not those that the run was made of.
    """
    name, overrides = name.strip()[:100], overrides or {}
    if not name:
        message = "Name the snapshot, for example by its month: 2026-11."
        raise InputError(message)
    if any(not override.why.strip() for override in overrides.values()):
        message = "Say why a match is overridden; the reason stays in the lineage."
        raise InputError(message)
    permit(workspace, actor, Operation.FREEZE)
    with reading(workspace.engine) as connection:
        made_of = datasets.list_record_files(connection, sources)
    if result_of(run_on(workspace, sources, run.params)) != result_of(run):
        raise ConflictError(_CHANGED)
    briefing = briefing_of(workspace, run, sources)
    with work_on(workspace, actor, Operation.FREEZE) as work:
        if name in set(snapshots.list_snapshots(work.connection)["name"]):
            message = f"There is a snapshot '{name}' already; choose another name."
            raise ConflictError(message)
        files = datasets.list_record_files(work.connection, sources)
        if not files.equals(made_of):
            raise ConflictError(_CHANGED)
        result, cells = result_of(run), _cells_of(run)
        sites = datasets.list_imports(work.connection)
        sites = sites[(sites["source"] == "sensitive-sites") & sites["withdrawn_at"].isna()]
        number = snapshots.add_snapshot(
            work.connection,
            name=name,
            note=note.strip()[:MAX_NOTE],
            taken_at=work.now,
            taken_by=actor.name,
            code_version=version("hotspot"),
            params=run.params.as_dict(),
            sources=sources,
            approximate=run.approximate,
            files=files[["path", "source", "month", "import_id", "rows", "sha256"]].to_dict(
                "records"
            ),
            site_imports=[int(one) for one in sites["import_id"]],
            last_import=datasets.last_import(work.connection),
            seed=SEED,
            result=result,
            result_sha256=sha256_of(result.encode()),
            cells=cells,
            cells_sha256=sha256_of(cells),
            briefing=briefing,
            briefing_sha256=sha256_of(briefing.encode()),
        )
        ids = _step_on(workspace, work, run, sources, number, overrides)
        work.log(
            f"snapshot {name}",
            rows=len(run.hotspots),
            shape={"sources": sources, "overrides": len(overrides), **run.params.as_dict()},
            places={hotspot_place(one) for one in ids},
        )
    return number


def _steps(connection: Connection, run: Run, overrides: Mapping[str, Override]) -> list[Step]:
    registered = registered_of(hotspots.registered_hotspots(connection))
    decided = {key: override.hotspot_id for key, override in overrides.items()}
    chosen = [number for number in decided.values() if number is not None]
    known = {one.hotspot_id for one in registered if one.merged_into is None}
    if (
        not set(chosen) <= known
        or len(set(chosen)) < len(chosen)
        or not set(decided) <= set(run.outlines())
    ):
        message = (
            "A match can only be overridden by a registered hotspot that has a place and has not "
            "merged, each once."
        )
        raise InputError(message)
    size = Size(days_of(run.params.as_dict()), bursts_of(run))
    steps = trace(registered, run.outlines(), decided, size=size)
    table = hotspots.registered_hotspots(connection)
    unmet = set(table.loc[table["by_hand"], "hotspot_id"])
    gone = (LineageEvent.DORMANT, LineageEvent.MERGED)
    return [s for s in steps if not (s.event in gone and s.hotspot_id in unmet)]


def _step_on(
    workspace: Workspace,
    work: UnitOfWork,
    run: Run,
    sources: list[str],
    snapshot_id: int,
    overrides: Mapping[str, Override],
) -> list[int]:
    """Step the register on and write the lineage; give the numbers that it tells of."""
    taken = set(names_of(work.connection).values())
    rows, ids = [], []
    outlines = run.outlines()
    for step in _steps(work.connection, run, overrides):
        number = step.hotspot_id
        hotspot = run.hotspot(step.key).iloc[0] if step.key else None
        if hotspot is None:
            state = MERGED if step.event is LineageEvent.MERGED else DORMANT
            hotspots.change_hotspot(
                work.connection, int(number or 0), state=state, merged_into=step.related_id
            )
        elif number is None:
            name = name_for(workspace, (float(hotspot["lng"]), float(hotspot["lat"])), taken)
            taken.add(name)
            number = register_of_run(work, run, str(step.key), sources, name)
        else:
            weights = outlines[str(step.key)]
            hotspots.change_hotspot(
                work.connection,
                number,
                state=ACTIVE,
                merged_into=None,
                by_hand=False,
                cells=list(weights),
                weights=list(weights.values()),
                outline=hotspot["geometry"].wkt,
                approximate=run.approximate,
                params=run.params.as_dict(),
            )
        decided = overrides.get(step.key or "")
        why = decided.why.strip() if decided else ""
        children = (
            None if hotspot is None or pd.isna(hotspot["children"]) else int(hotspot["children"])
        )
        rows.append(
            {
                "snapshot_id": snapshot_id,
                "hotspot_id": number,
                "event": step.event.value,
                "key": step.key,
                "related_id": step.related_id,
                "overlap": step.overlap,
                "moved_m": step.moved_m,
                "events": 0 if hotspot is None else int(hotspot["events"]),
                "children": children,
                "why": why,
                "single_child": hotspot is not None and bool(hotspot["single_child"]),
            }
        )
        ids.append(int(number or 0))
    snapshots.add_lineage(work.connection, rows)
    return ids


def list_snapshots(workspace: Workspace, actor: Actor) -> pd.DataFrame:
    """List the snapshots, the newest first, each with what happened to its records since."""
    with work_on(workspace, actor, Operation.VIEW_SNAPSHOTS) as work:
        table = snapshots.list_snapshots(work.connection)
        table["since"] = [
            " ".join([*erased_words(row), *changes_since(work.connection, row["files"])])
            for row in table.to_dict("records")
        ]
        work.log("snapshots", rows=len(table))
    return table


def snapshots_using(connection: Connection, parts: set[Part]) -> tuple[str, ...]:
    """Name the snapshots that were made of some months of imports."""
    table = snapshots.list_snapshots(connection)
    return tuple(
        str(name)
        for name, files in zip(table["name"], table["files"], strict=True)
        if parts & {part_of(file) for file in files}
    )


def changes_since(connection: Connection, files: list[dict[str, Any]]) -> list[str]:
    """Say what happened since to the records that a snapshot was made of."""
    parts = {part_of(file) for file in files}
    return losses_of(connection, {number for _, _, number in parts}, parts)


def erased_words(frozen: Mapping[Any, Any]) -> list[str]:
    """Say when and by which rule a snapshot was erased, if it was."""
    at = frozen["erased_at"]
    return [] if pd.isna(at) else [f"It was erased on {at:%d %B %Y} ({frozen['erased_rule']})."]


def verify_briefing(frozen: dict[str, Any]) -> dict[str, Any]:
    """Return what a snapshot keeps for its briefing, if it is what was frozen.

    Raises
    ------
    InputError
        It was frozen before there were briefings, it was erased, or it was altered.
    """
    problem, erased = None, erased_words(frozen)
    if erased:
        problem = erased[0].removeprefix("It ").removesuffix(".")
    elif frozen["briefing"] is None:
        problem = "was frozen before there were profiles; freeze the period again"
    elif (
        sha256_of(frozen["briefing"].encode()) != frozen["briefing_sha256"]
        or sha256_of(frozen["result"].encode()) != frozen["result_sha256"]
    ):
        problem = "is not what was frozen: its digests do not agree"
    if problem is not None:
        message = f"No profile can be made of snapshot '{frozen['name']}': it {problem}."
        raise InputError(message)
    briefing: dict[str, Any] = json.loads(frozen["briefing"])
    return briefing


def _cells_of(run: Run) -> bytes:
    """Write the cell table with its labels, for checking clusters without the points."""
    table = run.cell_table.with_columns(label=pl.Series(run.clustering.labels))
    content = io.BytesIO()
    table.write_parquet(content, compression="zstd")
    return content.getvalue()


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()
