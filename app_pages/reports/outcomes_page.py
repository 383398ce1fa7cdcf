"""Outcomes: the strategy's questions as pictures, each with its table."""

from __future__ import annotations

import streamlit as st

from app_pages.actions.answers import actions_of, completions_of
from app_pages.frame import session
from app_pages.records.answers import outcome_counts_of
from app_pages.reports import outcome_charts
from hotspot.services.actions import views

current = session.current()
actor, run, sources = current.actor, current.chosen_run(), current.sources
workspace = session.workspace()
actions = actions_of(actor, run, sources)
completed = completions_of(actor)
counts = outcome_counts_of(actor)
st.subheader("Outcomes")
left, right = st.columns(2)
with left:
    outcome_charts.show_prevalence(run)
    outcome_charts.show_timeliness(actions, completed)
with right:
    outcome_charts.show_interventions(actions)
    outcome_charts.show_steps(counts)
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
