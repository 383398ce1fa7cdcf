"""Ask of a run's records how they lie in time and place: repeats, classes, new places, cores."""

from __future__ import annotations

from dataclasses import dataclass

import h3
import numpy as np
import pandas as pd
import polars as pl

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.run import Run
from hotspot.analysis.detection.size import Threshold, cores_of, thresholds
from hotspot.analysis.evidence.accuracy import concentration
from hotspot.analysis.evidence.cell_grid import grid_of
from hotspot.analysis.evidence.near_repeat import near_repeat
from hotspot.analysis.evidence.prospective import Watched, scan
from hotspot.analysis.evidence.shrinkage import shrunk_rates
from hotspot.services.hotspots import runs
from hotspot.services.hotspots.classes import classes_in, dated
from hotspot.services.hotspots.coverage import whole_period
from hotspot.services.hotspots.evidence import threshold_of
from hotspot.services.workspace.audit_names import places_of_hotspots
from hotspot.services.workspace.folder import Workspace, permit, work_on

SPACE_M, TIME_DAYS = [0.0, 100.0, 200.0, 400.0], [0.0, 7.0, 14.0]


@dataclass(frozen=True)
class Concentration:
    """How few cells hold half of the records.

    Attributes
    ----------
    share
        Share of the area's cells that hold half of the records.
    chance
        The same where as many records fall on its cells by chance (mean of 99 deals).
    records, cells
        How many there are, empty cells too.
    """

    share: float
    chance: float
    records: int
    cells: int

    @property
    def sentence(self) -> str:
        """Say it, against what, and what it cannot tell, in two sentences."""
        return (
            f"Half of the {self.records:,} records lie in {self.share:.2%} of the {self.cells:,} "
            f"cells of the area; spread evenly by chance they would lie in {self.chance:.2%}. "
            "It tells how unevenly records lie, not why: people live unevenly too."
        )


@dataclass(frozen=True)
class Patterns:
    """How the records of a run lie in time and place.

    Attributes
    ----------
    concentration
        How few cells hold half of the records; None without records.
    repeats
        Near repeats: `distance`, `time`, `pairs`, `expected`, `ratio`, `p`; empty where no day or
        too few records are known.
    classes
        See `classes.classes_in`.
    watched
        New places to be watched; None where no day is known, so that nothing was looked for.
    ranks
        `key`, `events`, `per_km2`, `shrunk`, `low`, `high`: records in a km2, as counted and drawn
        towards the common rate.
    thresholds
        Other minimum weights that the data suggest, one of them relative to the baseline.
    """

    concentration: Concentration | None
    repeats: pd.DataFrame
    classes: pd.DataFrame
    watched: list[Watched] | None
    ranks: pd.DataFrame
    thresholds: list[Threshold]


def patterns_of(workspace: Workspace, actor: Actor, run: Run, sources: list[str]) -> Patterns:
    """Look for patterns in the records of a run."""
    permit(workspace, actor, Operation.JUDGE)
    used = dated(select_used(runs.scan(workspace, sources), run.params))
    events = run.cell_table["events"].to_numpy().astype(np.int64)
    ground = grid_of(workspace.area.boundary, run.params.resolution, run.clustering.cells)
    period = whole_period(runs.holdings(workspace), sources, run.params)
    relative = threshold_of(workspace, run, ground)
    patterns = Patterns(
        concentration=_concentration(events, len(ground)) if len(events) else None,
        repeats=_repeats(used),
        classes=classes_in(run, ground, used, period),
        watched=None if used.is_empty() else scan(used, _cells_of_hotspots(run)),
        ranks=_ranks(run),
        thresholds=thresholds(run) + ([relative] if relative else []),
    )
    watched = patterns.watched or []
    with work_on(workspace, actor, Operation.JUDGE) as work:
        work.log(
            "patterns",
            rows=len(run.hotspots),
            shape={"watched": len(watched)},
            places=places_of_hotspots(run.hotspots) | {f"cell {one.cell:x}" for one in watched},
        )
    return patterns


def split_of(workspace: Workspace, actor: Actor, run: Run, key: str) -> pd.DataFrame:
    """Show the cores inside a hotspot of a run (see `size.cores_of`).

    Raises
    ------
    NotFoundError
        The run has no such hotspot.
    """
    permit(workspace, actor, Operation.JUDGE)
    cores = cores_of(run, key)
    with work_on(workspace, actor, Operation.JUDGE) as work:
        work.log("cores of a hotspot", rows=len(cores), places=places_of_hotspots(run.hotspot(key)))
    return cores


def _cells_of_hotspots(run: Run) -> np.ndarray:
    names = [cell for cells in run.hotspots["cells"] for cell in cells]
    return np.array([int(cell, 16) for cell in names], dtype=np.uint64)


def _concentration(events: np.ndarray, cells: int) -> Concentration:
    rng = np.random.default_rng(1)
    total = int(events.sum())
    deals = [np.bincount(rng.integers(0, cells, total), minlength=cells) for _ in range(99)]
    chance = float(np.mean([_half(deal) for deal in deals]))
    everywhere = np.concatenate([events, np.zeros(cells - len(events), dtype=np.int64)])
    return Concentration(_half(everywhere), chance, total, cells)


def _half(events: np.ndarray) -> float:
    curve = concentration(events)
    at = int(np.searchsorted(curve["event_share"].to_numpy(), 0.5 - 1e-12))
    return float(curve["place_share"].iloc[at])


def _repeats(used: pl.DataFrame) -> pd.DataFrame:
    columns = ["distance", "time", "pairs", "expected", "ratio", "p"]
    keys = [name for name in ("child", "lng", "lat", "day") if name in used.columns]
    lone = used.filter(pl.col("child").is_null()) if "child" in keys else used.clear()
    known = used.filter(pl.col("child").is_not_null()) if "child" in keys else used
    records = pl.concat([known.unique(keys, maintain_order=True), lone])
    if records.height < 2:
        return pd.DataFrame(columns=columns)
    lat, lng = records["lat"].to_numpy(), records["lng"].to_numpy()
    metres = np.column_stack([lng * 111_320 * np.cos(np.radians(np.median(lat))), lat * 111_320])
    days = records["day"].to_physical().to_numpy().astype(np.float64)
    children = None
    if "child" in keys:
        children = np.array(records["child"].cast(pl.String).to_list(), dtype=object)
    found = near_repeat(metres, days, SPACE_M, TIME_DAYS, children=children)
    rows = [
        (
            f"{SPACE_M[i]:.0f} to {SPACE_M[i + 1]:.0f} m",
            f"{TIME_DAYS[j]:.0f} to {TIME_DAYS[j + 1]:.0f} days",
            int(found.observed[i, j]),
            float(found.expected[i, j]),
            float(found.ratio[i, j]),
            float(found.p[i, j]),
        )
        for i in range(len(SPACE_M) - 1)
        for j in range(len(TIME_DAYS) - 1)
    ]
    return pd.DataFrame(rows, columns=columns)


def _ranks(run: Run) -> pd.DataFrame:
    table = run.hotspots[["key", "events"]].reset_index(drop=True)
    counts = run.hotspots["events"].to_numpy(dtype=np.float64)
    rates = shrunk_rates(counts, run.hotspots["area_km2"].to_numpy(dtype=np.float64))
    return table.assign(
        per_km2=rates["rate"], shrunk=rates["shrunk"], low=rates["low"], high=rates["high"]
    )


def middle_of(watched: Watched) -> tuple[float, float]:
    """Return latitude and longitude of the middle of a watched place, WGS84 degrees."""
    lat, lng = h3.cell_to_latlng(f"{watched.cell:x}")
    return float(lat), float(lng)
