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
from app_pages.meetings.meeting_parts import show_agreed, show_minutes, show_open_form, show_present

PRESENT, ASKED, HOTSPOTS, AGREED, MINUTES = (
    "Present",
    "What was agreed before",
    "Hotspots",
    "Agreed today",
    "Minutes",
)

current = session.current()
actor, run, sources = current.actor, current.chosen_run(), current.sources
st.html(
    "<style>.stMainBlockContainer{font-size:1.3rem}"
    ".stMainBlockContainer :is(p,li,label,button,input,textarea,td,th){font-size:1.25rem}"
    ".stMainBlockContainer [data-testid=stMetricValue] *{font-size:2.8rem;white-space:normal}"
    ".stMainBlockContainer [data-testid=stVerticalBlock]{gap:.7rem}"
    ".stSidebar{display:none}</style>"
)
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
title, warned = st.columns([3, 2], vertical_alignment="center")
title.subheader(plain(f"{meeting.name}, {meeting.held_on:%d %B %Y}"))
warned.caption("Photographs of this screen are not permitted.")
step = st.segmented_control(
    "Step",
    (PRESENT, ASKED, HOTSPOTS, AGREED, MINUTES),
    default=PRESENT,
    required=True,
    key=state.MEETING_STEP,
    persist_state="session",
    label_visibility="collapsed",
)
if step == PRESENT:
    show_present(actor, meeting)
elif step == ASKED:
    show_asked(actor, meeting)
elif step == HOTSPOTS:
    show_hotspots(actor, run, sources, meeting)
elif step == AGREED:
    show_agreed(actor, meeting)
else:
    show_minutes(actor, run, sources, meeting)
