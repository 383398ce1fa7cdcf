"""Say what was recorded before and after an action, and no more than the records carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import h3
import pandas as pd
import polars as pl

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.cells import add_cells
from hotspot.analysis.detection.counts import select_used
from hotspot.analysis.detection.run import Run
from hotspot.analysis.time.before_after import (
    LONGEST_DAYS,
    REFERENCE_DAYS,
    ComparedCounts,
    Window,
    before_and_after,
    window_of,
)
from hotspot.disruption.ladders import ActionState
from hotspot.errors import InputError
from hotspot.schema import TIME_ZONE, Role
from hotspot.services.actions.lists import visible
from hotspot.services.hotspots.coverage import whole_period
from hotspot.services.hotspots.register import carried_by
from hotspot.services.hotspots.runs import default_params, holdings, scan
from hotspot.services.workspace.audit_names import places_of_actions, places_of_hotspots
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.store import actions, hotspots, moments
from hotspot.store.unit_of_work import Connection, reading

TOO_FEW = "Too few to tell: a change of this size could not have been seen here."
_QUIET = "It cannot be said what the action did: other things change too."


@dataclass(frozen=True)
class Effect:
    """What can be said of an action.

    Attributes
    ----------
    counts
        The counts; None where nothing can be said yet.
    why_not
        Why nothing can be said, a sentence; empty where something can.
    """

    counts: ComparedCounts | None
    why_not: str = ""

    def sentence(self) -> str:
        """Say it for those who may know the counts."""
        if self.counts is None:
            return self.why_not
        return self.counts.sentence

    def shared_sentence(self) -> str:
        """Say it for a shared view: no counts, which would be of less than twelve weeks."""
        if self.counts is None:
            return self.why_not
        place = self.counts.place
        if place.word == "no clear change":
            return f"No clear change. {_QUIET}"
        if place.word not in {"fewer", "more"}:
            return TOO_FEW
        return (
            f"{place.word.capitalize()} records here than expected from the year before and the "
            f"other hotspots. {_QUIET}"
        )


def effect_of(  # noqa: PLR0913 - which action, on what run, when, and what does not count
    workspace: Workspace,
    actor: Actor,
    action_id: int,
    run: Run,
    sources: list[str],
    *,
    days: tuple[date, date] | None = None,
    without: tuple[str, ...] = (),
) -> Effect:
    """Compare the place of an action before and after it with a control and their surroundings.

    Parameters
    ----------
    days
        The first and last day on which it was done; by its history otherwise.
    without
        Kinds of records that the action itself makes; graded intelligence never counts.

    Raises
    ------
    NotFoundError
        There is no such action that the actor may see.
    """
    permit(workspace, actor, Operation.VIEW_EFFECT)
    with reading(workspace.engine) as connection:
        table = hotspots.registered_hotspots(connection).set_index("hotspot_id")
        carried = carried_by(connection, run)
    with work_on(workspace, actor, Operation.VIEW_EFFECT) as work:
        row = visible(workspace, work, action_id).iloc[0]
        first, last = days or _days(work.connection, row)
        number = int(row["hotspot_id"])
        work.log(
            f"effect of action {action_id}",
            rows=1,
            shape={"without": len(without)},
            places=places_of_actions(row.to_frame().T),
        )
    try:
        window = window_of(first, last, _held_until(workspace, sources))
        cells: list[str] = list(table["cells"].loc[number])
        others = {
            str(key): [str(cell) for cell in of]
            for key, of in zip(run.hotspots["key"], run.hotspots["cells"], strict=True)
            if key != carried.get(number)
        }
        counts = _compared(workspace, run, sources, cells, others, window, without)
    except InputError as error:
        return Effect(None, str(error))
    return Effect(counts)


def seen_beforehand(
    workspace: Workspace, actor: Actor, run: Run, sources: list[str], key: str
) -> str:
    """Say, before anything is done at a hotspot of a run, which change could be seen afterwards.

    Raises
    ------
    NotFoundError
        The run has no such hotspot.
    """
    permit(workspace, actor, Operation.VIEW_EFFECT)
    cells = [str(cell) for cell in run.hotspot(key)["cells"].iloc[0]]
    others = {
        str(other): [str(cell) for cell in of]
        for other, of in zip(run.hotspots["key"], run.hotspots["cells"], strict=True)
        if other != key
    }
    try:
        day = _held_until(workspace, sources) - timedelta(LONGEST_DAYS)
        counts = _compared(
            workspace, run, sources, cells, others, Window(day, day, LONGEST_DAYS), ()
        )
        said = (
            f"In {counts.window.days} days about {counts.place.expected:.0f} records are expected "
            "here from its year before, each child counted once in four weeks. "
            + fall_seen(counts.place.detectable)
        )
    except InputError as error:
        said = str(error)
    with work_on(workspace, actor, Operation.VIEW_EFFECT) as work:
        places = places_of_hotspots(run.hotspot(key))
        work.log("what could be seen of an action", rows=1, places=places)
    return said


def fall_seen(share: float | None) -> str:
    """Say which fall could be seen, in four of five cases."""
    if share is None:
        return "Not even a fall to nothing could be told from chance."
    return f"A fall of less than {share:.0%} could not be told from chance."


def _compared(  # noqa: PLR0913, PLR0917 - what is compared with what, when, on which records
    workspace: Workspace,
    run: Run,
    sources: list[str],
    cells: list[str],
    others: dict[str, list[str]],
    window: Window,
    without: tuple[str, ...],
) -> ComparedCounts:
    if run.approximate or not cells:
        message = "Street-level open data know neither day nor place well enough for this."
        raise InputError(message)
    resolution = h3.get_resolution(cells[0])
    if run.params.resolution != resolution:
        message = f"The hotspot was registered at cell size {resolution}; choose it on the left."
        raise InputError(message)
    start = window.first - timedelta(REFERENCE_DAYS)
    period = run.params.replace(start=start, end=window.after[1])
    used = select_used(scan(workspace, sources), period)
    used = used.filter(
        (pl.col("role") != Role.INTEL).fill_null(value=True),
        (pl.col("time_precision") != "month").fill_null(value=True),
        ~pl.col("kind").is_in(list(without)).fill_null(value=False),
    )
    used = used.drop("cell") if "cell" in used.columns else used
    return before_and_after(add_cells(used, resolution), cells, others, window)


def kinds_recorded(workspace: Workspace, sources: list[str]) -> list[str]:
    """List the kinds of records, to choose what an action makes itself; of no record in
    particular, so nothing is logged.
    """  # noqa: D205 - one sentence
    kinds = scan(workspace, sources).select(pl.col("kind").drop_nulls().unique()).collect()
    return sorted(kinds["kind"].to_list())


def days_of_action(workspace: Workspace, action_id: int) -> tuple[date, date]:
    """Return the first and last day on which an action was done, by its history: a first guess."""
    with reading(workspace.engine) as connection:
        rows = actions.list_actions(connection)
        row = rows[rows["action_id"] == action_id].iloc[0]
        return _days(connection, row)


def _days(connection: Connection, row: pd.Series) -> tuple[date, date]:
    """Take what happened first and what ended it from the clock's events and the history."""
    number = int(row["action_id"])
    happened = [
        date.fromisoformat(when[:10])
        for when in moments.list_moments(connection).get(number, {}).values()
    ]
    events = actions.list_action_events(connection, number)
    zone = ZoneInfo(TIME_ZONE)
    moved = events[events["event"] == "state changed"]
    underway = [
        at.astimezone(zone).date() for at in moved.loc[moved["state"] == ActionState.UNDERWAY, "at"]
    ]
    done = [
        at.astimezone(zone).date()
        for at in moved.loc[moved["state"] == ActionState.COMPLETED, "at"]
    ]
    recorded = row["recorded_at"].astimezone(zone).date()
    first = min(happened or underway or done or [recorded])
    last = max([*happened, *underway] or done or [first])
    return first, max(first, last)


def _held_until(workspace: Workspace, sources: list[str]) -> date:
    """Return the last day of the last month of which each of the sources holds all."""
    held = holdings(workspace)
    end = whole_period(held, sources, default_params(held, sources)).end
    if end is None:
        message = "No record has a day, so nothing can be said of before and after."
        raise InputError(message)
    return end
