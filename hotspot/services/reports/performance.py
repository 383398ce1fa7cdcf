"""Answer the strategy's questions about what was done: how much, by whom, in time, to what end."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd
import polars as pl

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.run import Run
from hotspot.disruption.actions import RESULTS
from hotspot.disruption.ladders import CLOSED, ActionState
from hotspot.schema import TIME_ZONE
from hotspot.services.actions.lists import narrowed
from hotspot.services.workspace.audit_names import places_of_actions
from hotspot.services.workspace.folder import Workspace, work_on
from hotspot.store import actions as stored_actions

FUNNEL = ("recorded", "suspect_identified", "file_to_cps", "charge", "conviction")
NFA = ("nfa_evidence", "nfa_victim", "nfa_no_suspect", "nfa_public_interest", "nfa_other")
MONTHS = 12
_DONE = (ActionState.COMPLETED, ActionState.EFFECT_CHECKED)


def completions(workspace: Workspace, actor: Actor) -> pd.DataFrame:
    """Read on which day each finished action was finished, and what its look at the effect said.

    Returns
    -------
    DataFrame
        `action_id`, `completed_on` (a day, local time) and `effect` (a sentence, or empty).
    """
    with work_on(workspace, actor, Operation.VIEW_ACTIONS) as work:
        actions = narrowed(workspace, work, stored_actions.list_actions(work.connection))
        done = actions[actions["state"].isin(list(_DONE))]
        events = stored_actions.list_moves(work.connection)
        work.log("days on which actions ended", rows=len(done), places=places_of_actions(done))
    return ends_of(events[events["action_id"].isin(done["action_id"])])


def ends_of(moves: pd.DataFrame) -> pd.DataFrame:
    """Find the end of each finished action in its moves.

    A look at the effect that was taken back is none, and the day on which it was taken back is not
    the day on which the action ended.

    Parameters
    ----------
    moves
        `action_id`, `at` (with a time zone), `state` and `note`, the oldest first.

    Returns
    -------
    DataFrame
        As `completions` gives it.
    """
    before = moves.groupby("action_id")["state"].shift()
    is_end = (moves["state"] == ActionState.COMPLETED) & (before != ActionState.EFFECT_CHECKED)
    ended = moves[is_end].groupby("action_id")["at"].last()
    last = moves.groupby("action_id").last()
    said = last["note"].where(last["state"] == ActionState.EFFECT_CHECKED)
    days = [at.astimezone(ZoneInfo(TIME_ZONE)).date() for at in ended]
    ends = pd.DataFrame({"action_id": ended.index, "completed_on": days})
    return ends.assign(effect=ends["action_id"].map(said).fillna(""))


def by_month(run: Run) -> pd.DataFrame:
    """Count what a run counted by month: `month` (2026-10), `events`, `children` (null: unknown).

    Empty where the records do not know their day.
    """
    counted = run.weighted
    if "day" not in counted.columns or not counted["day"].count():
        return pd.DataFrame({"month": [], "events": [], "children": []})
    counts = [pl.col("events").sum()]
    if "child" in counted.columns:
        counts.append(pl.col("child").drop_nulls().n_unique().alias("children"))
    by = counted.drop_nulls("day").group_by(month=pl.col("day").cast(pl.Date).dt.strftime("%Y-%m"))
    months = by.agg(counts).sort("month").to_pandas()
    if "children" not in months:
        months["children"] = pd.array([pd.NA] * len(months), dtype="Int64")
    return months


def interventions(actions: pd.DataFrame) -> pd.DataFrame:
    """Count actions by measure and agency: `measure`, `agency`, `actions`.

    What was decided against or withdrawn was not done and is not counted.
    """
    left_out = [ActionState.DECLINED.value, ActionState.WITHDRAWN.value]
    kept = actions[~actions["state"].isin(left_out)]
    return kept.groupby(["measure", "agency"]).size().rename("actions").reset_index()


def in_time(actions: pd.DataFrame, completed: pd.DataFrame) -> pd.DataFrame:
    """Count the actions of each agency by whether they were, or still are, in time.

    Returns
    -------
    DataFrame
        `agency`, `how` and `actions`. An action is done in time when it was completed on or before
        the day it was due.
    """
    joined = actions.merge(completed, on="action_id", how="left")
    is_done, is_open = joined["completed_on"].notna(), ~joined["state"].isin(list(CLOSED))
    was_late = pd.Series(
        [
            pd.notna(done) and done > due
            for done, due in zip(joined["completed_on"], joined["due_on"], strict=True)
        ],
        index=joined.index,
        dtype=bool,
    )
    how = pd.Series("", index=joined.index)
    how[is_done & ~was_late] = "done in time"
    how[is_done & was_late] = "done late"
    how[~is_done & is_open & ~joined["is_overdue"]] = "open, not due yet"
    how[~is_done & is_open & joined["is_overdue"]] = "open and overdue"
    counted = joined.assign(how=how)[how != ""]
    return counted.groupby(["agency", "how"]).size().rename("actions").reset_index()


def counts_by_step(counts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Sum the force's counts of the last twelve months from reports to convictions.

    They are no attrition: the offences and the charges of the same months are not the same cases
    (see `attrition.attrition`).

    Parameters
    ----------
    counts
        As `outcome_counts.view_counts` gives them.

    Returns
    -------
    (DataFrame, DataFrame, str)
        The steps (`what`, `number`, and `months` that were counted), the reasons for no further
        action (`what`, `number`), and the months in words. Both empty where nothing was counted.
    """
    force = counts[counts["district"] == ""].sort_values("month").tail(MONTHS)
    if force.empty:
        return pd.DataFrame(), pd.DataFrame(), ""
    steps = pd.DataFrame(
        [
            {"what": what, "number": int(force[what].sum()), "months": int(force[what].count())}
            for what in FUNNEL
            if force[what].notna().any()
        ]
    )
    reasons = pd.DataFrame(
        [
            {"what": what, "number": int(force[what].sum())}
            for what in NFA
            if force[what].notna().any()
        ]
    )
    first, last = (f"{pd.Period(force['month'].iloc[at], 'M'):%b %Y}" for at in (0, -1))
    return steps, reasons, f"{first} to {last}"


def by_measure(actions: pd.DataFrame, completed: pd.DataFrame) -> pd.DataFrame:
    """Gather what is known of each measure: how often, done, looked at, what came of it.

    Returns
    -------
    DataFrame
        `measure`, `recorded`, `done`, `looked_at` (done with a look at the effect), `fewer`,
        `more`, `cannot_tell` (what the looks said) and `results` in words, the most recorded first.
    """
    joined = actions.merge(completed, on="action_id", how="left")
    rows = []
    for measure, part in joined.groupby("measure"):
        said = part["effect"].fillna("")
        looked = said[said != ""]
        fewer, more = looked.str.startswith("Fewer"), looked.str.startswith("More")
        rows.append(
            {
                "measure": measure,
                "recorded": len(part),
                "done": int(part["completed_on"].notna().sum()),
                "looked_at": len(looked),
                "fewer": int(fewer.sum()),
                "more": int(more.sum()),
                "cannot_tell": int((~fewer & ~more).sum()),
                "results": _results(part["results"]),
            }
        )
    columns = [
        "measure",
        "recorded",
        "done",
        "looked_at",
        "fewer",
        "more",
        "cannot_tell",
        "results",
    ]
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["recorded", "measure"], ascending=[False, True], ignore_index=True
    )


def _results(of: pd.Series) -> str:
    """Write the summed results of some actions in words."""
    summed = dict.fromkeys(RESULTS, 0)
    for results in of:
        for name, count in (results if isinstance(results, dict) else {}).items():
            summed[name] += count
    return ", ".join(f"{RESULTS[name].lower()} {count}" for name, count in summed.items() if count)
