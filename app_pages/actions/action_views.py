"""Choose which actions are shown, and show what is missing: hotspots without any, balance."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.text import plain
from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.disruption.ladders import CLOSED, ActionState
from hotspot.services.actions import views
from hotspot.services.workspace import measure_catalogue

MEETS_EVERY = timedelta(days=28)


def choose_actions(actor: Actor, actions: pd.DataFrame) -> pd.DataFrame:
    """Draw the choices, and give the actions that are chosen."""
    view = st.pills(
        "List",
        list(views.VIEWS),
        default=views.ALL,
        required=True,
        wrap=True,
        format_func=views.VIEWS.__getitem__,
    )
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    alone = left.toggle("Only what does not need the child's co-operation", key=state.ALONE)
    meeting = date.today() + MEETS_EVERY  # noqa: DTZ011 - a day on the users' calendar
    if view == views.SOON:
        meeting = right.date_input("Next meeting", meeting, format="DD/MM/YYYY")
    states = st.pills(
        "Show",
        [s.value for s in ActionState],
        selection_mode="multi",
        default=[s.value for s in ActionState if s not in CLOSED],
        key=state.ACTION_STATES,
        persist_state="session",
        wrap=True,
    )
    shown = views.chosen(actions, str(view), actor, meeting)
    if alone:
        catalogue = measure_catalogue.catalogue_of(session.workspace())
        shown = views.without_cooperation(shown, catalogue)
    is_of_state = shown["state"].isin(states)
    return shown if view == views.UNCHECKED else shown[is_of_state]


def show_gaps(actions: pd.DataFrame, run: Run, names: dict[str, str]) -> None:
    """Name the hotspots without an open action, and count the others' by objective."""
    bare = views.hotspots_without_action(actions, run)
    if bare:
        said = "; ".join(f"{key} ({names[key]})" if key in names else key for key in bare)
        st.info(plain(f"No open action: {said}."))
    balance = views.balance_of(actions, measure_catalogue.catalogue_of(session.workspace()))
    if not balance.empty:
        with st.expander("Balance of the open actions by objective"):
            st.dataframe(
                balance.rename(columns={"hotspot": "Hotspot"}),
                hide_index=True,
                alt="Open actions of each hotspot by objective",
            )
