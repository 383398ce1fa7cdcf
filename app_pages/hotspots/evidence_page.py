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
    show_method,
    show_reach,
)
from hotspot import HotspotError
from hotspot.analysis.evidence.survival import badge
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
columns = {
    "key": "Hotspot",
    "children": "Children",
    "events": "Events",
    "expected": "Expected weight",
    "ratio": "Times expected",
    "p": "p",
    "stands": "Held in",
    "bootstrap": "Resamples",
    "mark": "Mark",
}
st.dataframe(
    table[list(columns)].rename(columns=columns),
    hide_index=True,
    column_config={
        "Expected weight": st.column_config.NumberColumn(format="%.1f"),
        "Times expected": st.column_config.NumberColumn(format="%.1f"),
        "p": st.column_config.NumberColumn(
            format="%.3f", help="How often chance alone makes a hotspot as strong, anywhere."
        ),
        "Held in": st.column_config.TextColumn(help="Of the settings and moved grids tried."),
        "Resamples": st.column_config.NumberColumn(
            format="percent", help="Share of resampled records in which it is found again."
        ),
    },
    alt="Each hotspot's comparison with chance and how firmly it stands",
)
with st.expander("The same in words, one hotspot a line"):
    for row in table.to_dict("records"):
        chance = (
            "chance alone seldom makes one as strong"
            if row["p"] <= 0.05
            else ("chance alone may well make one as strong")
        )
        said = f"**{row['key']}**: {badge(row['held'], row['tried'])} Compared with "
        st.markdown(f"- {said}{judged.baseline}, {chance} (p = {row['p']:.3f}).")
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
