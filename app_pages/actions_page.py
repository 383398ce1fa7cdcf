"""All actions: what was agreed, who does it, by when."""

from __future__ import annotations

import streamlit as st

from app_pages import cache, state, tables, widgets
from hotspot import HotspotError
from hotspot.services.actions import ActionState, change_action
from hotspot.services.session import Operation

actor, run, sources = st.session_state[state.CURRENT]
actions = widgets.actions_of(actor, run, sources)
st.subheader("Actions")
if actions.empty:
    st.info("No action is recorded yet. Open a hotspot to record the first one.")
    st.stop()
open_count = int(actions["state"].isin(["agreed", "underway"]).sum())
st.caption(
    f"{len(actions)} recorded, {open_count} open, {int(actions['is_overdue'].sum())} overdue"
)
states = st.pills(
    "Show", [s.value for s in ActionState], selection_mode="multi",
    default=["agreed", "underway"], key=state.ACTION_STATES, persist_state="session",
)  # fmt: skip
shown = actions[actions["state"].isin(states)]
tables.show_actions_table(shown, with_hotspot=True)
if widgets.may(actor, Operation.CHANGE_ACTION) and not shown.empty:
    by_id = shown.set_index("action_id")
    with st.form("change_action", enter_to_submit=False):
        st.markdown("**Move an action on**")
        left, middle, right = st.columns([2, 1, 2])
        number = left.selectbox(
            "Action", list(by_id.index),
            format_func=lambda i: f"{i} · {by_id.loc[i, 'hotspot']} · {by_id.loc[i, 'measure']}",
        )  # fmt: skip
        to = middle.selectbox("New state", [s.value for s in ActionState], index=1)
        note = right.text_input("What happened", max_chars=500)
        sent = st.form_submit_button("Save the new state")
    if sent:
        version = int(by_id.loc[number, "version"])
        try:
            change_action(cache.workspace(), actor, int(number), version, ActionState(to), note)
        except HotspotError as error:
            st.error(widgets.plain(str(error)))
        else:
            st.session_state[state.FLASH] = f"Action {number} is now '{to}'."
            st.rerun()
