"""Today: what needs me, by what my role may do; each part leads to its page."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app_pages.frame import state, widgets
from app_pages.start.today_parts import (
    show_actions,
    show_changes,
    show_doubts,
    show_meeting,
    show_premises,
    show_sources,
)
from hotspot.services.people.session import Operation

actor, run, sources = st.session_state[state.CURRENT]
today = date.today()  # noqa: DTZ011 - a day on the users' calendar
st.subheader(f"Today, {today.day} {today:%B %Y}")
if widgets.may(actor, Operation.JUDGE):
    left, right = st.columns(2)
    with left:
        show_changes(actor)
    with right:
        show_doubts(actor, run, sources)
        show_sources(actor, today)
if widgets.may(actor, Operation.ASSESS_PREMISES) and not widgets.may(actor, Operation.JUDGE):
    show_premises(actor, today)
if widgets.may(actor, Operation.HOLD_MEETING):
    show_meeting(actor)
if widgets.may(actor, Operation.VIEW_ACTIONS):
    show_actions(actor, run, sources, today)
