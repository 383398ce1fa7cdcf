"""Outcomes: the strategy's questions as pictures, each with its table."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import cache, state, widgets
from app_pages.reports import outcome_charts
from hotspot.services.actions import lists, views
from hotspot.services.premises.nearby import version_of

actor, run, sources = st.session_state[state.CURRENT]
workspace = cache.workspace()
actions = widgets.actions_of(actor, run, sources)
completed = cache.completions(lists.version_of(workspace), actor.name, actor)
counts = cache.outcomes_of(version_of(workspace), state.data_turn(), actor.name, actor)
st.subheader("Outcomes")
left, right = st.columns(2)
with left:
    outcome_charts.show_prevalence(run)
    outcome_charts.show_timeliness(actions, completed)
with right:
    outcome_charts.show_interventions(actions)
    outcome_charts.show_attrition(counts)
outcome_charts.show_what_worked(actions, completed)
st.markdown("#### Hotspots without an action")
bare = views.hotspots_without_action(actions, run)
st.markdown(
    f"{len(bare)} of {len(run.hotspots)} hotspots have no open action: {', '.join(bare)}."
    if bare
    else "Every hotspot has an open action."
)
st.page_link("actions/actions_page.py", label="All actions")
