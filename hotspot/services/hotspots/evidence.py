"""Ask of a run's hotspots whether they can be believed: against chance, and in other settings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.cells import CellIds, index_points
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.run import Run
from hotspot.analysis.evidence.accuracy import hold_out
from hotspot.analysis.evidence.cell_grid import CellGrid, grid_of
from hotspot.analysis.evidence.significance import SIMULATIONS, Judgement, judge
from hotspot.analysis.evidence.survival import Survival, survival
from hotspot.errors import InputError
from hotspot.services.hotspots.runs import scan
from hotspot.services.workspace.audit_names import places_of_hotspots
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import datasets
from hotspot.store.unit_of_work import reading

EVEN, INCIDENTS, PREMISES = "even", "incidents", "premises"
BASELINES = {
    EVEN: "an even spread over the area",
    INCIDENTS: "all recorded crime of the open data, which lies where people are",
    PREMISES: "the registered premises, which lie where people go",
}
"""What records can be compared with, in words."""
_OPEN = "police-uk"


def baselines_of(workspace: Workspace, run: Run) -> list[str]:
    """Return the baselines that a run can be compared with: those the workspace has data of."""
    with reading(workspace.engine) as connection:
        has_open = not datasets.list_record_files(connection, [_OPEN]).empty
        has_premises = not datasets.all_rows(connection, "premises").empty
    offered = {EVEN: True, INCIDENTS: has_open and not run.approximate, PREMISES: has_premises}
    return [name for name, is_there in offered.items() if is_there]


def judge_hotspots(
    workspace: Workspace,
    actor: Actor,
    run: Run,
    baseline: str = EVEN,
    simulations: int = SIMULATIONS,
) -> Judgement:
    """Compare the hotspots of a run with chance (see `significance.judge`).

    Raises
    ------
    InputError
        The workspace has no data of the baseline.
    """
    permit(workspace, actor, Operation.JUDGE)
    if baseline not in baselines_of(workspace, run):
        message = f"There is nothing to compare with as '{baseline}'; import it first."
        raise InputError(message)
    cells = _baseline_cells(workspace, run, baseline)
    ground = _ground(workspace, run)
    counts = None
    if cells is not None:
        counts = np.bincount(ground.at(cells[np.isin(cells, ground.cells)]), minlength=len(ground))
    judgement = judge(run, ground, counts, name=BASELINES[baseline], simulations=simulations)
    _log(workspace, actor, run, {"baseline": baseline, "simulations": simulations})
    return judgement


def try_settings(workspace: Workspace, actor: Actor, run: Run, sources: list[str]) -> Survival:
    """Try other settings and moved grids on a run's records (see `survival.survival`)."""
    permit(workspace, actor, Operation.JUDGE)
    trial = survival(select_used(scan(workspace, sources), run.params), run)
    _log(workspace, actor, run, {"settings": len(trial.settings), "shifts": trial.shifts})
    return trial


def accuracy_of(workspace: Workspace, actor: Actor, run: Run, sources: list[str]) -> pd.DataFrame:
    """Hold out the last third of a run's period, and see what the first two thirds foretold.

    Returns
    -------
    DataFrame
        See `accuracy.hold_out`; empty where the first part has no hotspot.

    Raises
    ------
    InputError
        The run has no period.
    """
    permit(workspace, actor, Operation.JUDGE)
    start, end = run.params.start, run.params.end
    if start is None or end is None or (end - start).days < 60:
        message = "Choose a period of two months or more: its last third is held out."
        raise InputError(message)
    cut = start + (end - start) * 2 / 3
    early = run.params.replace(end=cut, min_weight=run.params.min_weight * 2 / 3)
    late = run.params.replace(start=cut.fromordinal(cut.toordinal() + 1))
    records = scan(workspace, sources)
    parts = [select_used(records, params).drop("cell") for params in (early, late)]
    accuracy = hold_out(parts[0], parts[1], _ground(workspace, run), early)
    _log(workspace, actor, run, {"held_out_from": late.start.isoformat() if late.start else ""})
    return accuracy


def _ground(workspace: Workspace, run: Run) -> CellGrid:
    return grid_of(workspace.area.boundary, run.params.resolution, run.clustering.cells)


def _baseline_cells(workspace: Workspace, run: Run, baseline: str) -> CellIds | None:
    """Return the cell of each event of a baseline."""
    if baseline == EVEN:
        return None
    if baseline == PREMISES:
        with reading(workspace.engine) as connection:
            table = datasets.all_rows(connection, "premises").dropna(subset=["lng", "lat"])
        return _cells(table["lat"].to_numpy(), table["lng"].to_numpy(), run)
    everything = {"only_kinds": None, "only_risks": None, "only_precisions": None, "harm": None}
    params = run.params.replace(child_cap_days=None, **everything)
    used = select_used(scan(workspace, [_OPEN]), params)
    return used["cell"].to_numpy()


def _cells(lat: NDArray[np.float64], lng: NDArray[np.float64], run: Run) -> CellIds:
    return index_points(lat.astype(np.float64), lng.astype(np.float64), run.params.resolution)


def _log(workspace: Workspace, actor: Actor, run: Run, shape: dict[str, object]) -> None:
    with work_on(workspace, actor, Operation.JUDGE) as work:
        work.log(
            "hotspots", rows=len(run.hotspots), shape=shape, places=places_of_hotspots(run.hotspots)
        )
