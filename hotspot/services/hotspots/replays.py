"""Replay snapshots: from their own records, or as they were frozen, and say which."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

import pandas as pd
import polars as pl

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.clusters import cluster_cells
from hotspot.analysis.detection.pipeline import detect
from hotspot.analysis.detection.run import Run
from hotspot.analysis.detection.sites import mark_around_sites
from hotspot.params import Params
from hotspot.services.hotspots.snapshots import changes_since, erased_words, result_of, sha256_of
from hotspot.services.records.datasets import part_of
from hotspot.services.workspace.audit_names import hotspot_name, hotspot_place
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import datasets, snapshots
from hotspot.store.record_files import digest_of, scan_records
from hotspot.store.unit_of_work import reading


@dataclass(frozen=True)
class Replay:
    """What replaying a snapshot gave.

    Attributes
    ----------
    is_recomputed
        Whether the hotspots were found again from the points; otherwise they are shown as frozen.
    is_same
        Whether all is as it was frozen: the same bytes, or whole digests and the same clusters.
    text
        That in words.
    hotspots
        The hotspots as they were frozen: `hotspot`, `key`, `events`, `children`, `days`, ...
    """

    is_recomputed: bool
    is_same: bool
    text: str
    hotspots: pd.DataFrame


def replay(workspace: Workspace, actor: Actor, snapshot_id: int) -> Replay:
    """Find the hotspots of a snapshot again, from its own records where they are still there.

    Once records are erased, withdrawn or replaced, nothing is computed again: the frozen result is
    shown, its digests are verified, and its clusters are checked against the frozen cells.

    Raises
    ------
    NotFoundError
        There is no such snapshot.
    """
    permit(workspace, actor, Operation.REPLAY)
    with reading(workspace.engine) as connection:
        frozen = snapshots.read_snapshot(connection, snapshot_id)
        gone = changes_since(connection, frozen["files"])
        steps = snapshots.list_lineage(connection)
    if erased := erased_words(frozen):
        with work_on(workspace, actor, Operation.REPLAY) as work:
            work.log(f"snapshot {frozen['name']}", shape={"erased": True})
        text = f"Nothing is left to replay. {erased[0]} Its line and its lineage stay."
        return Replay(is_recomputed=False, is_same=True, text=text, hotspots=pd.DataFrame())
    steps = steps[(steps["snapshot_id"] == snapshot_id) & steps["key"].notna()]
    is_whole = (
        sha256_of(frozen["result"].encode()) == frozen["result_sha256"]
        and sha256_of(frozen["cells"]) == frozen["cells_sha256"]
        and _is_whole(frozen)
        and _agrees(frozen)
    )
    recomputed = None
    if not gone:
        recomputed = _run_again(workspace, frozen)
        gone = (
            [] if recomputed else ["A file of its records is not what it was when it was frozen."]
        )
    is_same = is_whole and (recomputed is None or result_of(recomputed) == frozen["result"])
    hotspots = pd.DataFrame(json.loads(frozen["result"])["hotspots"])
    numbers = dict(zip(steps["key"], steps["hotspot_id"], strict=True))
    if len(hotspots):
        hotspots.insert(0, "hotspot", [hotspot_name(numbers[key]) for key in hotspots["key"]])
    with work_on(workspace, actor, Operation.REPLAY) as work:
        work.log(
            f"snapshot {frozen['name']}",
            rows=len(hotspots),
            shape={"recomputed": recomputed is not None, "same": is_same},
            places={hotspot_place(int(number)) for number in numbers.values()},
        )
    return Replay(
        recomputed is not None, is_same, _words(gone, recomputed is not None, is_same), hotspots
    )


def _is_whole(frozen: dict[str, Any]) -> bool:
    """Tell whether what a snapshot keeps for its briefing is what was frozen, if it keeps any."""
    briefing = frozen["briefing"]
    return briefing is None or sha256_of(briefing.encode()) == frozen["briefing_sha256"]


def _words(gone: list[str], is_recomputed: bool, is_same: bool) -> str:
    if is_recomputed:
        said = "the same, byte for byte" if is_same else "NOT the same as was frozen"
        return f"Computed again from the points: {said}."
    whole = "its digests are whole" if is_same else "its digests do NOT agree: it was altered"
    return f"Shown as frozen, not computed again; {whole}. {' '.join(gone)}"


def _run_again(workspace: Workspace, frozen: dict[str, Any]) -> Run | None:
    """Detect again in the very files of a snapshot; None where one of them is another now."""
    with reading(workspace.engine) as connection:
        listed = datasets.every_record_file(connection)
        replaced = datasets.replaced_records(connection, frozen["last_import"])
        sites = datasets.list_sites(connection, frozen["site_imports"])
    now = {part_of(row): row for row in listed.to_dict("records")}
    files = [now.get(part_of(file)) for file in frozen["files"]]
    if any(file is None for file in files):
        return None
    table = pd.DataFrame(files, columns=["path", "import_id", "sha256"])
    for path, sha256 in zip(table["path"], table["sha256"], strict=True):
        if digest_of(workspace.records, path) != sha256:
            return None
    records = mark_around_sites(scan_records(workspace.records, table, replaced), sites)
    return detect(records, Params.from_dict(frozen["params"]), approximate=frozen["approximate"])


def _agrees(frozen: dict[str, Any]) -> bool:
    """Tell whether clustering the frozen cells gives the frozen labels."""
    table = pl.read_parquet(io.BytesIO(frozen["cells"]))
    params = Params.from_dict(frozen["params"])
    clusters = cluster_cells(
        table["cell"].to_numpy(), table["weight"].to_numpy(), params.rings, params.min_weight
    )
    return bool((clusters.labels == table["label"].to_numpy()).all())
