"""Premises near the hotspots: context for an assessment, no inference."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session, state, tables
from app_pages.frame.page_end import end_page
from app_pages.frame.text import plain
from app_pages.premises.answers import premises_of
from hotspot.schema import how_many
from hotspot.services.premises import nearby

current = session.current()
actor, run, sources = current.actor, current.chosen_run(), current.sources
st.subheader("Premises nearby")
st.caption(plain(nearby.CAVEAT))
within = st.slider(
    "Within how many metres of a hotspot's outline",
    0,
    500,
    round(session.workspace().settings.premises_within_m),
    25,
    key=state.PREMISES_WITHIN,
    persist_state="session",
)
near = premises_of(actor, run, sources, float(within))
if near.empty:
    tables.show_premises_table(near, run)
    end_page()
kinds = st.pills(
    "Kinds",
    sorted(near["kind"].unique()),
    selection_mode="multi",
    key=state.PREMISES_KINDS,
    persist_state="session",
)
shown = near[near["kind"].isin(kinds)] if kinds else near
keys = ["All hotspots", *run.hotspots["key"]]
chosen = st.selectbox("Hotspot", keys, index=keys.index(state.selected_key(run) or keys[0]))
shown = shown if chosen == keys[0] else shown[shown["key"] == chosen]
st.caption(f"{how_many(len(shown), 'link')}; a premises near two hotspots is listed with each")
tables.show_premises_table(shown, run, with_hotspot=True)
