"""The disruption meeting, projected: one thing at a time, large, by keyboard, suppressed."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.page_end import end_page
from app_pages.frame.text import plain
from app_pages.meetings.answers import meeting_in, meetings_of
from app_pages.meetings.meeting_asked import show_asked
from app_pages.meetings.meeting_hotspots import show_hotspots
from app_pages.meetings.meeting_papers import show_minutes
from app_pages.meetings.meeting_parts import show_agreed, show_open_form, show_present
from app_pages.meetings.meeting_style import STYLE
from app_pages.meetings.place import STEP, are_keys_on, stand_at, standing, switch_keys
from layers.keys import Key, show_keys

current = session.current()
actor, run, sources = current.actor, current.chosen_run(), current.sources
st.html(STYLE)
known = meetings_of(actor)
opened = known[known["closed_at"].isna()]
if opened.empty:
    st.subheader("Meeting")
    show_open_form(actor, date.today())  # noqa: DTZ011 - a day on the users' calendar
    if len(known):
        labels = {
            int(r["meeting_id"]): f"{r['name']}, {r['held_on']:%d %b %Y}"
            for r in known.to_dict("records")
        }
        number = st.selectbox("Minutes of", list(labels), format_func=labels.__getitem__)
        show_minutes(actor, run, sources, meeting_in(actor, run, sources, int(number)))
    end_page()
row: pd.Series = opened.iloc[0]
meeting = meeting_in(actor, run, sources, int(row["meeting_id"]))
title, warned, switch = st.columns([3, 3, 1], vertical_alignment="center")
title.subheader(plain(f"{meeting.name}, {meeting.held_on:%d %B %Y}"))
warned.caption("Photographs of this screen are not permitted.")
with switch:
    switch_keys(actor, meeting)
STEPS = {
    "Attendance": lambda: show_present(actor, meeting),
    "Matters arising": lambda: show_asked(actor, meeting),
    "Hotspots": lambda: show_hotspots(actor, run, sources, meeting),
    "Actions agreed": lambda: show_agreed(actor, meeting),
    "Minutes": lambda: show_minutes(actor, run, sources, meeting),
}
if state.MEETING_STEP not in st.session_state:
    st.session_state[state.MEETING_STEP] = standing(actor, meeting).get(STEP) or next(iter(STEPS))
left, right = st.columns([3, 2], vertical_alignment="center")
with right:  # before the steps, so that a key turns to one
    keys = [
        Key(str(n), name, "steps" if n == len(STEPS) else "") for n, name in enumerate(STEPS, 1)
    ]
    turned = show_keys("step keys", keys if are_keys_on(actor, meeting) else [], "steps")
    if turned:
        st.session_state[state.MEETING_STEP] = turned
step = left.segmented_control(
    "Step",
    list(STEPS),
    required=True,
    key=state.MEETING_STEP,
    persist_state="session",
    label_visibility="collapsed",
)
stand_at(actor, meeting, STEP, str(step))
STEPS[str(step)]()
