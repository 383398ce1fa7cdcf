"""Today: what needs me, by what my role may do; each part leads to its page."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app_pages.frame import session
from app_pages.frame.session import may
from app_pages.start.today_parts import (
    show_actions,
    show_changes,
    show_doubts,
    show_meeting,
    show_premises,
    show_sources,
)
from hotspot.access.permissions import Operation

current = session.current()
actor, run, sources = current.actor, current.run, current.sources
today = date.today()  # noqa: DTZ011 - a day on the users' calendar
st.subheader(f"Today, {today.day} {today:%B %Y}")
if may(actor, Operation.JUDGE):
    left, right = st.columns(2)
    with left:
        show_changes(actor)
    with right:
        show_doubts(actor, run, sources)
        show_sources(actor, today)
if may(actor, Operation.ASSESS_PREMISES) and not may(actor, Operation.JUDGE):
    show_premises(actor, today)
if may(actor, Operation.HOLD_MEETING):
    show_meeting(actor)
if may(actor, Operation.VIEW_ACTIONS):
    show_actions(actor, run, sources, today)
