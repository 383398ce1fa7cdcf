"""Ask of a run's hotspots whether they can be believed: against chance, and in other settings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.run import Run
from hotspot.analysis.detection.size import Threshold
from hotspot.analysis.evidence.accuracy import hold_out
from hotspot.analysis.evidence.baseline import counts_in, people_in, scattered
from hotspot.analysis.evidence.cell_grid import CellGrid, Numbers, grid_of
from hotspot.analysis.evidence.significance import (
    NOTHING_AROUND,
    SIMULATIONS,
    Judgement,
    greatest_by_chance,
    judge,
    without_baseline,
)
from hotspot.analysis.evidence.survival import Survival, survival
from hotspot.errors import InputError
from hotspot.intake.places.lookups import ReferenceFiles
from hotspot.intake.places.population import population_of
from hotspot.services.hotspots.runs import scan
from hotspot.services.workspace.audit_names import places_of_hotspots
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import datasets
from hotspot.store.unit_of_work import reading

EVEN, INCIDENTS, POPULATION, PREMISES = "even", "incidents", "population", "premises"
BASELINES = {
    POPULATION: "where people live (the force's own file)",
    INCIDENTS: "all recorded crime of the open data, which lies where people are",
    PREMISES: "the registered premises, which lie where people go",
    EVEN: "an even spread over the area",
}
"""What records can be compared with, in words, what comes nearest to where people are first."""
LIMITS = {
    POPULATION: "People live elsewhere than they go, so a town centre stands out whatever draws "
    "them there. Where the file is coarser than the cells, chance alone gave p of 0.05 or less in "
    "1 to 5 of 10 invented months.",
    INCIDENTS: "Crime is recorded where people are and where police are. A place may stand out "
    "because little else is recorded there.",
    PREMISES: "Premises lie where people go to eat, drink and stay. A park or a station may stand "
    "out because it has none.",
    EVEN: "No town is spread evenly, so every town centre is above it. It describes and tests "
    "nothing.",
}
"""What a comparison with each baseline cannot tell, in two sentences."""
_OPEN = "police-uk"


def baselines_of(workspace: Workspace, run: Run) -> list[str]:
    """Return the baselines that a run can be compared with: those the workspace has data of.

    A population leads where the force has laid one into the workspace (`population_of`).
    Open data are offered where they have a month of the run's period. They know the month only, so
    they cannot follow a choice of weekdays or hours.
    """
    with reading(workspace.engine) as connection:
        files = datasets.list_record_files(connection, [_OPEN])
        has_premises = not datasets.all_rows(connection, "premises").empty
    first, last = (f"{day:%Y-%m}" if day else "" for day in (run.params.start, run.params.end))
    held = files["month"].between(first, last or "9999-12").any()
    is_timed = run.params.only_weekdays is not None or run.params.only_hours is not None
    has_open = bool(held) and not run.approximate and not is_timed
    has_people = bool(ReferenceFiles(workspace.reference).population)
    offered = {POPULATION: has_people, INCIDENTS: has_open, PREMISES: has_premises, EVEN: True}
    return [name for name, is_there in offered.items() if is_there]


def judge_hotspots(
    workspace: Workspace,
    actor: Actor,
    run: Run,
    baseline: str | None = None,
    simulations: int = SIMULATIONS,
) -> Judgement:
    """Compare the hotspots of a run with chance (see `significance.judge`).

    Parameters
    ----------
    baseline
        One of `BASELINES`; None for the first of `baselines_of`.

    Raises
    ------
    InputError
        The workspace has no data of the baseline, or too few in the run's period.
    """
    permit(workspace, actor, Operation.JUDGE)
    offered = baselines_of(workspace, run)
    baseline = baseline or offered[0]
    if baseline not in offered:
        raise InputError(_why_not_offered(run, baseline))
    ground = _ground(workspace, run)
    counts = _counts(workspace, run, ground, baseline)
    judgement = judge(run, ground, counts, name=BASELINES[baseline], simulations=simulations)
    _log(workspace, actor, run, {"baseline": baseline, "simulations": simulations})
    return judgement


def threshold_of(workspace: Workspace, run: Run, ground: CellGrid) -> Threshold | None:
    """Return the least weight above what chance makes of the baseline that leads in 19 of 20 deals.

    None where there is nothing but an even spread, or too little of the baseline; the service that
    calls this checks the permission and logs it.
    """
    baseline = baselines_of(workspace, run)[0]
    try:
        counts = _counts(workspace, run, ground, baseline)
        if counts is None or not run.records_used:
            return None
        greatest = greatest_by_chance(run, ground, counts)
    except InputError:
        return None
    most = float(greatest[int(np.ceil(0.95 * len(greatest))) - 1])
    why = (
        "above what chance puts within reach of any cell in 19 of 20 deals of these records among "
        f"their own places and {BASELINES[baseline]}"
    )
    return Threshold(float(np.floor(most) + 1), why)


def baseline_cautions(workspace: Workspace, actor: Actor, run: Run) -> list[str]:
    """Say why hotspots of a run cannot be tested against the baseline that leads, if so.

    Of no record in particular: nothing is logged.
    """
    permit(workspace, actor, Operation.JUDGE)
    baseline = baselines_of(workspace, run)[0]
    if run.hotspots.empty:
        return []
    if baseline == EVEN:
        said = (
            "There is nothing of this period to test the hotspots against but an even spread, "
            "which describes and tests nothing. Import open data of the period or a register of "
            "premises."
        )
        return [said]
    ground = _ground(workspace, run)
    try:
        counts = _counts(workspace, run, ground, baseline)
        untested = without_baseline(run, ground, counts) if counts is not None else []
    except InputError as error:
        return [f"The hotspots cannot be tested against {BASELINES[baseline]}: {error}"]
    if not untested:
        return []
    return [
        f"{', '.join(untested)} cannot be tested against {BASELINES[baseline]}: {NOTHING_AROUND}."
    ]


def _why_not_offered(run: Run, baseline: str) -> str:
    if baseline == INCIDENTS and (run.params.only_weekdays or run.params.only_hours):
        return (
            "Open data know the month only: they cannot follow a choice of weekdays or hours. "
            "Count all days and hours, or compare with the registered premises."
        )
    if baseline == POPULATION:
        return (
            "The workspace holds no population: lay a CSV of places and numbers of people into its "
            "folder reference/population."
        )
    return (
        f"There is nothing of this period to compare with as '{baseline}'; import it first, or "
        "choose another period."
    )


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


def _counts(workspace: Workspace, run: Run, ground: CellGrid, baseline: str) -> Numbers | None:
    """Count the events of a baseline in the cells of the ground; None for an even spread."""
    resolution = run.params.resolution
    if baseline == EVEN:
        return None
    if baseline == POPULATION:
        where = population_of(ReferenceFiles(workspace.reference))
        lat, lng, people = (where[name].to_numpy() for name in ("lat", "lng", "people"))
        return people_in(ground, lat, lng, people, resolution)
    if baseline == PREMISES:
        with reading(workspace.engine) as connection:
            table = datasets.all_rows(connection, "premises").dropna(subset=["lng", "lat"])
        lat, lng = (table[name].to_numpy(dtype=np.float64) for name in ("lat", "lng"))
        return counts_in(ground, lat, lng, resolution)
    everything = {"only_kinds": None, "only_risks": None, "only_precisions": None, "harm": None}
    params = run.params.replace(child_cap_days=None, **everything)
    used = select_used(scan(workspace, [_OPEN]), params)
    return counts_in(ground, *scattered(used["lat"].to_numpy(), used["lng"].to_numpy()), resolution)


def _log(workspace: Workspace, actor: Actor, run: Run, shape: dict[str, object]) -> None:
    with work_on(workspace, actor, Operation.JUDGE) as work:
        work.log(
            "hotspots", rows=len(run.hotspots), shape=shape, places=places_of_hotspots(run.hotspots)
        )
