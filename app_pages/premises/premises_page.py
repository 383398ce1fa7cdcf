"""Premises near the hotspots: context for an assessment, no inference."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import cache, state, tables, widgets
from hotspot.schema import how_many
from hotspot.services.premises import nearby

actor, run, sources = st.session_state[state.CURRENT]
st.subheader("Premises nearby")
st.caption(widgets.plain(nearby.CAVEAT))
within = st.slider(
    "Within how many metres of a hotspot's outline",
    0,
    500,
    round(cache.workspace().settings.premises_within_m),
    25,
    key=state.PREMISES_WITHIN,
    persist_state="session",
)
near = widgets.premises_of(actor, run, sources, float(within))
if near.empty:
    tables.show_premises_table(near, run)
    widgets.end_page()
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
