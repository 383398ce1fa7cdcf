"""Choose from the actions what somebody needs to see: one's own, late ones, what is missing."""

from __future__ import annotations

from datetime import date

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.analysis.detection.run import Run
from hotspot.disruption.ladders import CLOSED, ActionState
from hotspot.disruption.measures import OBJECTIVES, Catalogue

ALL, MINE, AGENCY, OVERDUE, SOON = "all", "mine", "agency", "overdue", "soon"
UNCHECKED = "unchecked"
VIEWS = {
    ALL: "All",
    MINE: "Mine",
    AGENCY: "My agency's",
    OVERDUE: "Overdue",
    SOON: "Due or expiring before the next meeting",
    UNCHECKED: "Completed, effect not checked",
}


def chosen(actions: pd.DataFrame, view: str, actor: Actor, meeting: date) -> pd.DataFrame:
    """Leave the actions of a view.

    Parameters
    ----------
    actions
        As `action_lists.list_actions` gives them.
    view
        One of `VIEWS`. One's own are those whose owner bears one's name.
    meeting
        Day of the next meeting: an open action is due before it by its own day or by the next
        deadline of its clock.
    """
    is_open = ~actions["state"].isin(list(CLOSED))
    if view == MINE:
        own = actions["owner"].str.strip().str.casefold() == actor.name.casefold()
        return actions[own]
    if view == AGENCY:
        return actions[actions["agency"].str.casefold() == actor.agency.casefold()]
    if view == OVERDUE:
        return actions[actions["is_overdue"]]
    if view == UNCHECKED:
        return actions[actions["state"] == ActionState.COMPLETED]
    if view == SOON:
        soonest = pd.Series(
            [
                min(day for day in (due, deadline) if pd.notna(day))
                for due, deadline in zip(actions["due_on"], actions["next_due"], strict=True)
            ],
            index=actions.index,
            dtype=object,
        )
        return actions[is_open & (soonest < meeting)]
    return actions


def without_cooperation(actions: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Leave the actions that do not need the child's co-operation."""
    free = {c for c, measure in catalogue.items() if measure.victim_cooperation == "not_needed"}
    return actions[actions["measure_code"].isin(free)]


def hotspots_without_action(actions: pd.DataFrame, run: Run) -> list[str]:
    """Give the keys of the hotspots of a run that no open action is for."""
    is_open = ~actions["state"].isin(list(CLOSED))
    served = set(actions.loc[is_open, "key"].dropna())
    return [str(key) for key in run.hotspots["key"] if key not in served]


def balance_of(actions: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Count the open actions of each hotspot by objective: protective ones beside disruptive ones.

    Returns
    -------
    DataFrame
        `hotspot` and a column for each of `OBJECTIVES`, in words. An action without an objective
        of its own counts under that of its measure.
    """
    is_open = ~actions["state"].isin(list(CLOSED))
    usual = {code: measure.objective for code, measure in catalogue.items()}
    objective = actions["objective"].where(
        actions["objective"] != "", actions["measure_code"].map(usual)
    )
    counted = pd.crosstab(actions.loc[is_open, "hotspot"], objective[is_open])
    counted = counted.reindex(columns=list(OBJECTIVES), fill_value=0).rename(columns=OBJECTIVES)
    return counted.rename_axis(columns=None).reset_index()
