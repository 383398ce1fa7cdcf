"""Name how each hotspot of a run was hot over the whole months of its period."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import polars as pl

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.pipeline import detect
from hotspot.analysis.detection.run import Run
from hotspot.analysis.evidence.cell_grid import CellGrid, grid_of
from hotspot.analysis.evidence.hot_cells import hot_cells
from hotspot.analysis.time.trend import emerging_class
from hotspot.params import Params
from hotspot.schema import TIME_ZONE
from hotspot.services.hotspots import runs
from hotspot.services.hotspots.coverage import whole_period
from hotspot.services.workspace.audit_names import places_of_hotspots
from hotspot.services.workspace.folder import Workspace, permit, work_on

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
CALLED = {"none": "quiet now"}
"""What a class is called on screen, where its own name would read oddly."""
TOO_SHORT = "Choose a period of six whole months to see how each was hot over them."
HOW_TESTED = (
    "Hot: more lies around one of its cells than an even spread of that month's records over the "
    "area would put there (local G, 5 % false on average; classes of Esri's rules). A town centre "
    "is often hot by that, so it tells when and not that the place is unusual."
)
"""By what the classes are tested and what they cannot tell, in two sentences."""


def classes_of(workspace: Workspace, actor: Actor, run: Run, sources: list[str]) -> pd.DataFrame:
    """Name the class of each hotspot of a run over its months (see `classes_in`)."""
    permit(workspace, actor, Operation.JUDGE)
    used = dated(select_used(runs.scan(workspace, sources), run.params))
    ground = grid_of(workspace.area.boundary, run.params.resolution, run.clustering.cells)
    period = whole_period(runs.holdings(workspace), sources, run.params)
    classes = classes_in(run, ground, used, period)
    with work_on(workspace, actor, Operation.JUDGE) as work:
        work.log("classes", rows=len(classes), places=places_of_hotspots(run.hotspots))
    return classes


def dated(used: pl.DataFrame) -> pl.DataFrame:
    """Return the records of which the day is known, with it."""
    day = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.date()
    return used.filter(
        pl.col("occurred_at").is_not_null(), pl.col("time_precision") != "month"
    ).with_columns(day=day)


def classes_in(run: Run, ground: CellGrid, used: pl.DataFrame, period: Params) -> pd.DataFrame:
    """Name the pattern of each hotspot over the whole months of a period.

    Hot by local G; more or less so by the share of the month's records that lies around it.

    Parameters
    ----------
    used
        Dated records of the run (see `dated`).
    period
        Settings whose start and end all of the sources hold: a month that is held in part would
        look quiet.

    Returns
    -------
    DataFrame
        `key`, `hot_months`, `months`, `class` and `meaning` of each hotspot; empty where there are
        fewer than six whole months or no record has a day.
    """
    columns = ["key", "hot_months", "months", "class", "meaning"]
    months = _whole_months(period.start, period.end)
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
