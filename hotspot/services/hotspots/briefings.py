"""Keep with a snapshot what its briefing needs of the records: hours, trends, caveats, sources."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.run import Run
from hotspot.schema import SOURCE_LABELS
from hotspot.services.hotspots.coverage import whole_period
from hotspot.services.hotspots.runs import holdings, scan
from hotspot.services.hotspots.times import DAY_NAMES, Times, holiday_spans, records_in, times_in
from hotspot.services.records.caveats import caveats_in, changes_in
from hotspot.services.workspace.folder import Workspace
from hotspot.store import datasets
from hotspot.store.unit_of_work import reading

_WINDOW_HOURS = 4
_FEWEST_TIMED = 10
"""Fewer records with an hour make no pattern."""


def briefing_of(workspace: Workspace, run: Run, sources: list[str]) -> str:
    """Write what a briefing needs of the records of a run, since records are erased in time.

    Returns
    -------
    str
        JSON: `hotspots` by key (`hours` (7 by 24), `timed`, `untimed`, `change`, `trend`,
        `holidays`, `caveats`, `shared_caveats`, `largest_child_share`) and `sources` (`source`,
        `label`, `first`, `last`, `records`, `refreshed_on`).
    """
    used = select_used(scan(workspace, sources), run.params)
    period = whole_period(holdings(workspace), sources, run.params)
    with reading(workspace.engine) as connection:
        holidays = holiday_spans(connection)
        changes = changes_in(connection, run.params, sources)
        files = datasets.list_record_files(connection, sources)
        imports = datasets.list_imports(connection)
    by_hotspot = {}
    for _, row in run.hotspots.iterrows():
        inside = records_in(used, row["cells"])
        share = row["largest_child_share"]
        by_hotspot[row["key"]] = _of_times(times_in(inside, period, holidays)) | {
            "caveats": caveats_in(row, inside, sources, changes),
            "shared_caveats": caveats_in(row, inside, sources, changes, is_shared=True),
            "largest_child_share": None if pd.isna(share) else float(share),
        }
    whole = {"hotspots": by_hotspot, "sources": _sources(files, imports)}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hours_in_words(hours: NDArray[np.float64], *, is_shared: bool = False) -> str:
    """Say in which four hours of the day and on which two days most of the events were.

    Parameters
    ----------
    hours
        Expected events, shape (7, 24), Monday first.
    is_shared
        For readers outside the force: shares rounded to a tenth.
    """
    total = hours.sum()
    if total < _FEWEST_TIMED:
        return "Too few records have an hour to see a pattern."
    by_hour, by_day = hours.sum(axis=0), hours.sum(axis=1)
    windows = [by_hour.take(range(h, h + _WINDOW_HOURS), mode="wrap").sum() for h in range(24)]
    start = int(np.argmax(windows))
    days = sorted(np.argsort(-by_day, kind="stable")[:2].tolist())
    step = 0.1 if is_shared else 0.01
    shares = [round(share / total / step) * step for share in (windows[start], by_day[days].sum())]
    first, then = ("About ", "about ") if is_shared else ("", "")
    return (
        f"{first}{shares[0]:.0%} of the records with an hour are between {start:02}:00 and "
        f"{(start + _WINDOW_HOURS) % 24:02}:00; {then}{shares[1]:.0%} are on "
        f"{DAY_NAMES[days[0]]} and {DAY_NAMES[days[1]]}."
    )


def _of_times(times: Times) -> dict[str, Any]:
    return {
        "hours": times.rhythm.events.round(2).tolist(),
        "timed": times.rhythm.timed,
        "untimed": times.rhythm.untimed,
        "change": times.change.word if times.change else "",
        "trend": times.trend_word,
        "holidays": times.seasons.holidays.word if times.seasons.holidays else "",
    }


def _sources(files: pd.DataFrame, imports: pd.DataFrame) -> list[dict[str, Any]]:
    """Tell of each source which months are held and when it was last refreshed."""
    at = imports.set_index("import_id")["imported_at"]
    rows = []
    for source, part in files.groupby("source"):
        months = sorted(month for month in part["month"] if month != "undated")
        rows.append(
            {
                "source": str(source),
                "label": SOURCE_LABELS.get(str(source), str(source)),
                "first": months[0] if months else "",
                "last": months[-1] if months else "",
                "records": int(part["rows"].sum()),
                "refreshed_on": f"{part['import_id'].map(at).max():%Y-%m-%d}",
            }
        )
    return rows
