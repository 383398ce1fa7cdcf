"""Can they be believed: each hotspot against chance, in other settings, and held out (analysts)."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.page_end import end_page
from app_pages.frame.remember import run_name
from app_pages.frame.text import plain
from app_pages.hotspots.evidence_parts import (
    judge,
    settings_tried,
    show_held_out,
    show_in_words,
    show_judged,
    show_method,
    show_reach,
)
from hotspot import HotspotError
from hotspot.services.hotspots import evidence

current = session.current()
actor, run, sources = current.actor, current.chosen_run(), current.sources
workspace = session.workspace()
st.subheader("Can they be believed?")
st.caption(
    "For analysts only: none of this is shown in meetings or leaves the force. More records are "
    "not bad news in themselves."
)
if run.hotspots.empty:
    st.info(plain(run.explain()))
    end_page()
offered = evidence.baselines_of(workspace, run)
with st.form("tests asked for", border=False, enter_to_submit=False):
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    baseline = left.selectbox("Compare with", offered, format_func=evidence.BASELINES.__getitem__)
    is_asked = right.form_submit_button("Test the hotspots", width="stretch")
asked = (run_name(run, sources), baseline)
if is_asked:
    st.session_state[state.BELIEF] = asked
if st.session_state.get(state.BELIEF) != asked:
    st.info(f"{len(run.hotspots)} hotspots are to be tested: it takes some seconds to a minute.")
    end_page()
try:
    judged = judge(actor, run, sources, baseline)
    tried = settings_tried(actor, run, sources)
except HotspotError as error:
    st.error(plain(str(error)))
    end_page()
table = judged.table.merge(tried.table, on="key").merge(
    run.hotspots[["key", "children", "events", "single_child"]], on="key"
)
table["stands"] = [
    f"{held} of {tried}" for held, tried in zip(table["held"], table["tried"], strict=True)
]
table["mark"] = table["single_child"].map({True: "one child", False: ""})
show_judged(table, judged)
st.caption(plain(evidence.LIMITS[baseline]))
show_in_words(table, judged)
if table["single_child"].any():
    st.warning(
        "Driven by one child's records: raise with the child's lead professional, do not brief as "
        "a hotspot. Shared views withhold them."
    )
show_method(judged, tried)
left, right = st.columns(2)
with left:
    show_reach(run)
with right:
    show_held_out(actor, run, sources)
