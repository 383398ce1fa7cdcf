"""Run the detection on a workspace's records."""

from __future__ import annotations

import calendar
import hashlib
import statistics
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
import polars as pl

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation, is_allowed
from hotspot.analysis.detection.counts import COUNTED_BY, Tally, tally_points
from hotspot.analysis.detection.pipeline import detect_in
from hotspot.analysis.detection.run import Run
from hotspot.analysis.detection.sites import mark_around_sites
from hotspot.errors import InputError
from hotspot.params import (
    FORCE_RECORDS,
    STREET_CRIME,
    STREET_CRIME_A_MONTH,
    Params,
)
from hotspot.schema import FORCE_SOURCES, OPEN_SOURCES, TIME_ZONE
from hotspot.services.hotspots.source_ends import end_of_all, source_ends
from hotspot.services.workspace.audit_names import places_of_hotspots
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import datasets
from hotspot.store.record_files import scan_records
from hotspot.store.unit_of_work import reading

MONTHS_BY_DEFAULT = 12
_MOST_TALLIES = 3
_TALLIES: dict[tuple[Any, ...], Tally] = {}
"""The last counts, by the state of the records and what they depend on: rings and weights change
often. They are the same for everyone; who may see what is decided after."""
_COUNTING = threading.Lock()
_LAST_DAYS: dict[tuple[Any, ...], dict[str, date]] = {}


@dataclass(frozen=True)
class Holdings:
    """What records a workspace holds.

    Attributes
    ----------
    months
        Months (YYYY-MM) by source, ascending, with their number of records; a source without
        records is absent.
    digest
        Changes whenever the records do.
    last_days
        Local day of the newest record of each of the force's sources, slips into the future left
        out.
    """

    months: dict[str, dict[str, int]]
    digest: str
    last_days: dict[str, date] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources that have records."""
        return tuple(self.months)


def holdings(workspace: Workspace) -> Holdings:
    """List the sources and months held, and their newest days.

    Days alone, of no record in particular: nothing is logged.
    """
    with reading(workspace.engine) as connection:
        files = datasets.list_record_files(connection)
        last = datasets.last_import(connection)
        withdrawn = datasets.count_changes(connection)
    dated = files[files["month"] != "undated"]
    months: dict[str, dict[str, int]] = {str(source): {} for source in files["source"].unique()}
    for source, month, rows in zip(dated["source"], dated["month"], dated["rows"], strict=True):
        months[source][month] = months[source].get(month, 0) + int(rows)
    months = {source: dict(sorted(by_month.items())) for source, by_month in months.items()}
    digests = "".join(sorted(files["sha256"]))
    state = f"{digests} {last} {withdrawn}"
    digest = hashlib.sha256(state.encode()).hexdigest()
    return Holdings(months, digest, _last_days(workspace, digest, files))


def _last_days(workspace: Workspace, digest: str, files: pd.DataFrame) -> dict[str, date]:
    """Return the newest day of each of the force's sources, of its newest month's files alone."""
    key = (workspace.folder, digest)
    known_days = _LAST_DAYS.get(key)
    if known_days is not None:
        return known_days
    today = date.today()  # noqa: DTZ011 - a day on the users' calendar
    days = {}
    known = files[files["source"].isin(FORCE_SOURCES) & (files["month"] <= f"{today:%Y-%m}")]
    for source, own in known.groupby("source"):
        newest = own[own["month"] == own["month"].max()]
        local = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.date()
        records = scan_records(workspace.records, newest, {})
        day = records.select(local.filter(local <= today).max()).collect().item()
        if day is not None:
            days[str(source)] = day
    _LAST_DAYS.clear()
    _LAST_DAYS[key] = days
    return days


def newest_days(workspace: Workspace) -> dict[str, date]:
    """Return the local day of each source's newest record, slips into the future left out.

    A day alone, of no record in particular: nothing is logged.
    """
    local = pl.col("occurred_at").dt.convert_time_zone(TIME_ZONE).dt.date()
    today = date.today()  # noqa: DTZ011 - a day on the users' calendar
    days = {}
    for source in holdings(workspace).sources:
        newest = scan(workspace, [source]).select(local.filter(local <= today).max())
        day = newest.collect().item()
        if day is not None:
            days[source] = day
    return days


def choose_sources(
    held: Holdings, wanted: list[str] | None = None, *, mix_approximate: bool = False
) -> list[str]:
    """Choose what to run on: all of the force's own sources, else the single open-data source.

    Raises
    ------
    InputError
        The choice is not clear, is not held, or mixes snap points with the force's records.
    """
    available = ", ".join(held.sources) or "none yet"
    if not wanted:
        wanted = [s for s in FORCE_SOURCES if s in held.sources]
        wanted = wanted or [s for s in OPEN_SOURCES if s in held.sources]
        if (len(wanted) > 1 and wanted[0] in OPEN_SOURCES) or not wanted:
            message = f"Choose with --source what to run on (held: {available})."
            raise InputError(message)
    unknown = [source for source in wanted if source not in held.sources]
    if unknown:
        message = f"There are no records of {', '.join(unknown)} (held: {available})."
        raise InputError(message)
    kinds = {source in OPEN_SOURCES for source in wanted}
    if len(kinds) > 1 and not mix_approximate:
        message = (
            "Street-level open data are snap points and are not mixed with a force's own records. "
            "Run them apart, or add --mix-approximate if you mean it."
        )
        raise InputError(message)
    return sorted(set(wanted))


def default_params(held: Holdings, sources: list[str]) -> Params:
    """Return the defaults for a kind of run: the twelve months up to the last one held.

    A last month that is not whole in all of the sources that are still brought (see
    `source_ends.end_of_all`), or has less than a tenth of the usual records, is passed over: its
    count would look like a fall. A month that has not begun is a slip of the hand and is passed
    over too.
    The minimum weight of street crime follows the number of months that are held.
    """
    is_open = bool(set(sources) & set(OPEN_SOURCES))
    params = STREET_CRIME if is_open else FORCE_RECORDS
    this_month = f"{date.today():%Y-%m}"  # noqa: DTZ011 - a month on the users' calendar
    months = months_of(held, sources)
    months = {month: n for month, n in months.items() if month <= this_month} or months
    if not months:
        return params
    end = end_of_all(ends_of(held, sources))
    if end is not None:
        months = {month: n for month, n in months.items() if last_day_of(month) <= end} or months
    usual = statistics.median(months.values())
    last = last_day_of(max(month for month, rows in months.items() if rows >= usual / 10))
    years, month = divmod(last.year * 12 + last.month - MONTHS_BY_DEFAULT, 12)
    first = date(years, month + 1, 1)
    if is_open:
        covered = sum(month >= f"{first:%Y-%m}" for month in months)
        params = params.replace(min_weight=STREET_CRIME_A_MONTH * covered)
    return params.replace(start=first, end=last)


def ends_of(held: Holdings, sources: list[str]) -> dict[str, date]:
    """Return the day up to which each of some sources is whole (see `source_ends.source_ends`).

    Open data know whole months only and have none.
    """
    newest = {one: held.last_days[one] for one in sources if one in held.last_days}
    return source_ends(held.months, newest)


def choices_of(workspace: Workspace, sources: list[str]) -> dict[str, list[str]]:
    """List the roles, kinds, levels of risk and classes of precision that some records have.

    Words alone, of no record in particular: nothing is logged.
    """
    records = scan(workspace, sources)
    columns = ("role", "kind", "risk", "precision")
    return {
        name: sorted(records.select(pl.col(name).drop_nulls().unique()).collect()[name].to_list())
        for name in columns
    }


def months_of(held: Holdings, sources: list[str]) -> dict[str, int]:
    """Add up the records of some sources by month, ascending."""
    total: Counter[str] = Counter()
    for source in sources:
        total.update(held.months[source])
    return dict(sorted(total.items()))


def last_day_of(month: str) -> date:
    """Return the last day of a month written YYYY-MM."""
    year, number = int(month[:4]), int(month[5:7])
    return date(year, number, calendar.monthrange(year, number)[1])


def detect_hotspots(workspace: Workspace, actor: Actor, sources: list[str], params: Params) -> Run:
    """Find the hotspots in a workspace's records of some sources.

    The records are read before the unit of work opens: a long run keeps no other user waiting.
    Hotspots that one child's records drive are an analyst's to see; others are told how many were
    withheld.
    """
    permit(workspace, actor, Operation.DETECT)
    run = run_on(workspace, sources, params)
    if not is_allowed(actor, Operation.JUDGE):
        run = run.without_single_child()
    with work_on(workspace, actor, Operation.DETECT) as work:
        work.log(
            "hotspots",
            rows=len(run.hotspots),
            shape=shape_of(run, sources),
            places=places_of_hotspots(run.hotspots),
        )
    return run


def run_on(workspace: Workspace, sources: list[str], params: Params) -> Run:
    """Run the detection; the service that calls this checks the permission and logs it."""
    key = (
        workspace.folder,
        holdings(workspace).digest,
        tuple(sources),
        *(getattr(params, name) for name in COUNTED_BY),
    )
    with _COUNTING:
        tally = _TALLIES.pop(key, None)
    tally = tally or tally_points(scan(workspace, sources), params)
    with _COUNTING:
        _TALLIES[key] = tally
        while len(_TALLIES) > _MOST_TALLIES:
            del _TALLIES[next(iter(_TALLIES))]
    return detect_in(tally, params, approximate=bool(set(sources) & set(OPEN_SOURCES)))


def forget_counts() -> None:
    """Keep no counts of records that are erased."""
    with _COUNTING:
        _TALLIES.clear()


def shape_of(run: Run, sources: list[str]) -> dict[str, Any]:
    """Return the shape of a run for the log: its sources, settings and counts."""
    return {"sources": sources, **run.params.as_dict(), "records_used": run.records_used}


def scan(workspace: Workspace, sources: list[str]) -> pl.LazyFrame:
    """Read the records that stand; those around a sensitive site are marked."""
    with reading(workspace.engine) as connection:
        files = datasets.list_record_files(connection, sources)
        replaced = datasets.replaced_records(connection)
        sites = datasets.list_sites(connection)
    records = scan_records(workspace.records, files, replaced)
    return mark_around_sites(records, sites)
