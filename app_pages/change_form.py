"""The forms that move an action on and hand it over, and its history."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages import cache, state, widgets
from hotspot import HotspotError
from hotspot.services.actions import (
    AGENCIES,
    ActionState,
    Amendment,
    amend_action,
    change_action,
)
from hotspot.services.session import Actor


def show_change_form(actor: Actor, actions: pd.DataFrame) -> None:
    """Draw the form for some actions (with a `label` each) and save what it sends."""
    by_id = actions.set_index("action_id")
    with st.form("change_action", enter_to_submit=False):
        st.markdown("**Move an action on**")
        left, middle, right = st.columns([2, 1, 2])
        number = left.selectbox(
            "Action", list(by_id.index),
            format_func=lambda i: f"{i} · {by_id.loc[i, 'label']} · {by_id.loc[i, 'measure']}",
        )  # fmt: skip
        to = middle.selectbox("New state", [s.value for s in ActionState], index=1)
        note = right.text_input("What happened", max_chars=500)
        sent = st.form_submit_button("Save the new state")
    if not sent:
        return
    version = int(by_id.loc[number, "version"])
    try:
        change_action(cache.workspace(), actor, int(number), version, ActionState(to), note)
    except HotspotError as error:
        st.error(widgets.plain(str(error)))
        return
    st.session_state[state.FLASH] = f"Action {number} is now '{to}'."
    st.rerun()


def show_amend_form(actor: Actor, actions: pd.DataFrame) -> None:
    """Draw the form that gives an action another owner or day, and what happened to it so far."""
    by_id = actions.set_index("action_id")
    with st.expander("Hand an action over, give it another day, see its history"):
        number = st.selectbox(
            "Which action", list(by_id.index),
            format_func=lambda i: f"{i} · {by_id.loc[i, 'label']} · {by_id.loc[i, 'measure']}",
        )  # fmt: skip
        row = by_id.loc[number]
        history = cache.history_of(int(row["version"]), int(number), actor.name, actor)
        shown = history.set_axis(["When", "Who", "What", "State", "Said"], axis=1)
        st.dataframe(
            shown, hide_index=True, alt=f"History of action {number}, the oldest first",
            column_config={"When": st.column_config.DatetimeColumn(
                format="DD MMM YYYY, HH:mm", timezone="Europe/London")},
        )  # fmt: skip
        with st.form(f"amend {number}", enter_to_submit=False):
            left, middle, right = st.columns(3)
            owner = left.text_input("Owner from now on", row["owner"], max_chars=100)
            known = [*AGENCIES, *([] if row["agency"] in AGENCIES else [row["agency"]])]
            agency = middle.selectbox("Agency from now on", known, known.index(row["agency"]))
            due = right.date_input("Due", row["due_on"], format="DD/MM/YYYY")
            why = st.text_input("Why it is changed", max_chars=300)
            if not st.form_submit_button("Save the change"):
                return
        try:
            change = Amendment(owner, str(agency), due, why)
            amend_action(cache.workspace(), actor, int(number), int(row["version"]), change)
        except HotspotError as error:
            st.error(widgets.plain(str(error)))
            return
        st.session_state[state.FLASH] = f"Action {number} is changed."
        st.rerun()
