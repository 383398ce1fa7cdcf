"""What pages ask about actions, remembered."""

from __future__ import annotations

from datetime import date

import pandas as pd

from app_pages.frame import session
from app_pages.frame.remember import actions_state, data_state, remember
from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.services.actions import inheritance, lists, reminders
from hotspot.services.reports import performance


@remember(actions_state, entries=20, is_shared=False)
def actions_of(actor: Actor, run: Run | None, sources: list[str]) -> pd.DataFrame:  # noqa: ARG001
    """Return all actions with the hotspot of the run that carries each."""
    return lists.list_actions(session.workspace(), actor, run)


@remember(actions_state, data_state, entries=20, is_shared=False)
def inherited_of(actor: Actor, run: Run, sources: list[str]) -> pd.DataFrame:  # noqa: ARG001
    """List the actions that hotspots of a run inherited."""
    return inheritance.inherited_actions(session.workspace(), actor, run)


@remember(actions_state, is_shared=False)
def reminders_of(actor: Actor, today: date) -> pd.DataFrame:
    """List what falls due in the next fourteen days, and what is late."""
    return reminders.list_reminders(session.workspace(), actor, today)


@remember(actions_state, is_shared=False)
def papers_of(actor: Actor) -> pd.DataFrame:
    """List the papers of premises."""
    return lists.list_papers(session.workspace(), actor)


@remember(actions_state, is_shared=False)
def completions_of(actor: Actor) -> pd.DataFrame:
    """Read when actions ended."""
    return performance.completions(session.workspace(), actor)
