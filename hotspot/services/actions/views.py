"""Choose from the actions what somebody needs to see: one's own, late ones, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from hotspot.access.actor import Actor
from hotspot.analysis.detection.run import Run
from hotspot.disruption.ladders import CLOSED, ActionState
from hotspot.disruption.measures import OBJECTIVES, Catalogue
from hotspot.schema import how_many

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
        One of `VIEWS`. One's own are those whose owner is one's account, whatever it is called.
    meeting
        Day of the next meeting: an open action is due before it by its own day or by the next
        deadline of its clock.
    """
    is_open = ~actions["state"].isin(list(CLOSED))
    if view == MINE:
        return actions[_own(actions, actor)]
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


def _own(actions: pd.DataFrame, actor: Actor) -> pd.Series:
    """Tell which actions are somebody's own; a name says it for those alone without an account."""
    if actor.account_id is not None:
        return actions["owner_id"] == actor.account_id
    named = actions["owner"].str.strip().str.casefold() == actor.name.casefold()
    return named & actions["owner_id"].isna()


def without_cooperation(actions: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Leave the actions that do not need the child's co-operation."""
    free = {c for c, measure in catalogue.items() if measure.victim_cooperation == "not_needed"}
    return actions[actions["measure_code"].isin(free)]


def hotspots_without_action(actions: pd.DataFrame, run: Run) -> list[str]:
    """Return the keys of the hotspots of a run that no open action is for."""
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
    objective = _objectives(actions, catalogue)
    counted = pd.crosstab(actions.loc[is_open, "hotspot"], objective[is_open])
    counted = counted.reindex(columns=list(OBJECTIVES), fill_value=0).rename(columns=OBJECTIVES)
    return counted.rename_axis(columns=None).reset_index()


def objectives_by_hotspot(actions: pd.DataFrame, catalogue: Catalogue) -> dict[int, dict[str, int]]:
    """Count the open actions of each registered hotspot by objective (see `OBJECTIVES`)."""
    is_open = ~actions["state"].isin(list(CLOSED))
    pairs = zip(
        actions.loc[is_open, "hotspot_id"], _objectives(actions, catalogue)[is_open], strict=True
    )
    by_hotspot: dict[int, dict[str, int]] = {}
    for number, objective in pairs:
        own = by_hotspot.setdefault(int(number), dict.fromkeys(OBJECTIVES, 0))
        own[str(objective)] = own.get(str(objective), 0) + 1
    return by_hotspot


def balance_in_words(counts: Mapping[str, int]) -> str:
    """Say how protecting and disrupting stand beside each other, and what is missing.

    Protecting a child moves it out of the place; the strategy asks for disrupting abusers as well.
    """
    protecting = counts.get("protection", 0)
    disrupting = counts.get("pursue", 0) + counts.get("prevention", 0)
    said = f"{how_many(protecting, 'open action')} to protect, {disrupting} to disrupt."
    if protecting and not disrupting:
        return f"{said} None addresses what abusers do here."
    if disrupting and not protecting:
        return f"{said} None protects a child here."
    return said


def _objectives(actions: pd.DataFrame, catalogue: Catalogue) -> pd.Series:
    usual = {code: measure.objective for code, measure in catalogue.items()}
    return actions["objective"].where(
        actions["objective"] != "", actions["measure_code"].map(usual)
    )
