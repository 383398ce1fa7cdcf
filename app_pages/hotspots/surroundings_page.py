"""What lies around: events near types of premises and access points, against chance (analysts)."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session
from app_pages.hotspots.surroundings_parts import show_nearness, show_outside, show_rising

current = session.current()
actor, run, sources = current.actor, current.chosen_run(), current.sources
st.subheader("What lies around")
st.caption(
    "Which types of premises have more events near them than others in the same streets. It says "
    "nothing about any one business: a premises is assessed on incidents of its own."
)
show_nearness(actor, run, sources)
show_rising(actor, run, sources)
show_outside(actor, run, sources)
