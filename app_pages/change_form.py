"""The form that moves an action on."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages import cache, state, widgets
from hotspot import HotspotError
from hotspot.services.actions import ActionState, change_action
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
