"""One action: what was agreed, its days on a line, the next step, its history and its effect."""

from __future__ import annotations

import streamlit as st

from app_pages.actions.action_parts import (
    show_agreed,
    show_head,
    show_history,
    show_hotspot_link,
)
from app_pages.actions.amend_form import show_amend_form, show_event_form
from app_pages.actions.answers import actions_of
from app_pages.actions.change_form import show_step_form
from app_pages.actions.clock_form import show_line, show_moment_form
from app_pages.actions.conflicts import seen, show_conflict
from app_pages.actions.effect_card import show_effect_of
from app_pages.actions.links import number_in_address
from app_pages.actions.merge_form import show_merge_form
from app_pages.frame import session
from app_pages.frame.page_end import end_page
from app_pages.frame.session import may
from app_pages.frame.text import plain
from hotspot.access.permissions import Operation

current = session.current()
actor, run, sources = current.actor, current.run, current.sources
actions = actions_of(actor, run, sources)
number = number_in_address()
own = actions[actions["action_id"] == number]
if number is None or own.empty:
    st.subheader("Action")
    st.info(
        "Choose an action in the list."
        if number is None
        else plain(f"There is no action {number} that you may see.")
    )
    st.page_link("actions/actions_page.py", label="All actions")
    end_page()
row = own.iloc[0]
show_head(row)
show_line(actor, row, number)
left, right = st.columns([3, 2], gap="large")
with left:
    if may(actor, Operation.CHANGE_ACTION) and not show_conflict(actor, row, number):
        before = seen(row, number, f"way {number}")
        st.markdown("#### Next step")
        show_step_form(actor, row, number)
        with st.expander("Reassign, change the due date"):
            show_amend_form(actor, before, number)
        with st.expander("Enter a day: a hearing, a review, a correction"):
            show_moment_form(actor, before, number)
        with st.expander("Note something that happened"):
            show_event_form(actor, before, number)
        show_merge_form(actor, before, number, actions)
    if run is not None and may(actor, Operation.VIEW_EFFECT):
        show_effect_of(actor, run, sources, row)
with right:
    show_agreed(row)
    show_hotspot_link(run, row)
    st.markdown("#### History")
    show_history(actor, number)
