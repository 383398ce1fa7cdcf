"""Ask of a run's records how they lie in time and place: repeats, classes, new places, cores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import h3
import numpy as np
import pandas as pd
import polars as pl

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.pipeline import detect
from hotspot.analysis.detection.run import Run
from hotspot.analysis.detection.size import Threshold, cores_of, thresholds
from hotspot.analysis.evidence.accuracy import concentration
from hotspot.analysis.evidence.cell_grid import CellGrid, grid_of
from hotspot.analysis.evidence.hot_cells import hot_cells
from hotspot.analysis.evidence.near_repeat import near_repeat
from hotspot.analysis.evidence.prospective import Watched, scan
from hotspot.analysis.evidence.shrinkage import shrunk_rates
from hotspot.analysis.time.trend import emerging_class
from hotspot.schema import TIME_ZONE
from hotspot.services.hotspots import runs
from hotspot.services.workspace.audit_names import places_of_hotspots
from hotspot.services.workspace.folder import Workspace, permit, work_on

SPACE_M, TIME_DAYS = [0.0, 100.0, 200.0, 400.0], [0.0, 7.0, 14.0]
LEAST_MONTHS = 6
CLASSES = {
    "new": "hot in the last month and never before",
    "consecutive": "hot for the last months without a break, and never before",
    "intensifying": "hot in nearly all months, and more so",
    "persistent": "hot in nearly all months",
    "diminishing": "hot in nearly all months, and less so",
    "sporadic": "hot in the last month, on and off before",
    "oscillating": "hot in the last month, cold before",
    "historical": "hot in nearly all months, but not in the last",
    "none": "not hot in the last month",
}
"""What each class of a hotspot over the months means."""


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
        `key`, `hot_months`, `months`, `class` and `meaning` of each hotspot; empty where the period
        has fewer than six whole months.
    watched
        New places to be watched; None where no day is known, so that nothing was looked for.
    ranks
        `key`, `events`, `per_km2`, `shrunk`, `low`, `high`: records in a km2, as counted and drawn
        towards the common rate.
    thresholds
        Other minimum weights that the data suggest.
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
    used = _dated(select_used(runs.scan(workspace, sources), run.params))
    events = run.cell_table["events"].to_numpy().astype(np.int64)
    ground = grid_of(workspace.area.boundary, run.params.resolution, run.clustering.cells)
    patterns = Patterns(
        concentration=_concentration(events, len(ground)) if len(events) else None,
        repeats=_repeats(used),
        classes=_classes(run, ground, used),
        watched=None if used.is_empty() else scan(used, _cells_of_hotspots(run)),
        ranks=_ranks(run),
        thresholds=thresholds(run),
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


def _dated(used: pl.DataFrame) -> pl.DataFrame:
    """Return the records of which the day is known, with it."""
    day = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.date()
    return used.filter(
        pl.col("occurred_at").is_not_null(), pl.col("time_precision") != "month"
    ).with_columns(day=day)


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


def _classes(run: Run, ground: CellGrid, used: pl.DataFrame) -> pd.DataFrame:
    """Name the pattern of each hotspot over the whole months of the period.

    Hot by local G; more or less so by the share of the month's records that lies around it.
    """
    columns = ["key", "hot_months", "months", "class", "meaning"]
    months = _whole_months(run.params.start, run.params.end)
    if len(months) < LEAST_MONTHS or run.hotspots.empty or used.is_empty():
        return pd.DataFrame(columns=columns)
    tables = [_hot_in(run, ground, used, month) for month in months]
    rows = []
    for key, cells in zip(run.hotspots["key"], run.hotspots["cells"], strict=True):
        own = [table[table["cell"].isin(set(cells))] for table in tables]
        hot = np.array([bool(one["is_hot"].any()) for one in own])
        around = np.array([float(one["around"].max()) if len(one) else 0.0 for one in own])
        name = emerging_class(hot, scores=around)
        rows.append((key, int(hot.sum()), len(months), name, CLASSES[name]))
    return pd.DataFrame(rows, columns=columns)


def _hot_in(run: Run, ground: CellGrid, used: pl.DataFrame, month: date) -> pd.DataFrame:
    own = used.filter(pl.col("day").dt.truncate("1mo") == month)
    if own.is_empty():
        return pd.DataFrame({"cell": [], "around": [], "is_hot": []})
    month_alone = detect(own.drop("cell"), run.params.replace(start=None, end=None))
    cells = hot_cells(month_alone, ground)
    return cells.assign(around=cells["around"] / own.height)


def _whole_months(start: date | None, end: date | None) -> list[date]:
    if start is None or end is None:
        return []
    firsts = pd.date_range(start, end, freq="MS")
    return [one.date() for one in firsts if (one + pd.offsets.MonthEnd(0)).date() <= end]


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
