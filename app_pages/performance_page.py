"""Outcomes: the strategy's questions as pictures, each with its table."""

from __future__ import annotations

import streamlit as st

from app_pages import cache, performance_charts, state, widgets
from hotspot.services import action_lists, action_views
from hotspot.services.premises import version_of

actor, run, sources = st.session_state[state.CURRENT]
workspace = cache.workspace()
actions = widgets.actions_of(actor, run, sources)
completed = cache.completions(action_lists.version_of(workspace), actor.name, actor)
counts = cache.outcomes_of(version_of(workspace), state.data_turn(), actor.name, actor)
st.subheader("Outcomes")
left, right = st.columns(2)
with left:
    performance_charts.show_prevalence(run)
    performance_charts.show_timeliness(actions, completed)
with right:
    performance_charts.show_interventions(actions)
    performance_charts.show_attrition(counts)
performance_charts.show_what_worked(actions, completed)
st.markdown("#### Hotspots without an action")
bare = action_views.hotspots_without_action(actions, run)
st.markdown(
    f"{len(bare)} of {len(run.hotspots)} hotspots have no open action: {', '.join(bare)}."
    if bare
    else "Every hotspot has an open action."
)
st.page_link("actions_page.py", label="All actions")
