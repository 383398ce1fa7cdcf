"""One hotspot: its measures, hours, premises and actions."""

from __future__ import annotations

import streamlit as st

from app_pages.actions.action_form import show_action_form
from app_pages.actions.answers import actions_of, inherited_of
from app_pages.actions.effect_card import show_beforehand
from app_pages.frame import session, state, tables
from app_pages.frame.page_end import end_page
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.hotspots.answers import classes_of, names_in, times_of
from app_pages.hotspots.hotspot_parts import show_measures, show_place, show_story
from app_pages.hotspots.pattern_parts import show_class
from app_pages.hotspots.rhythm_chart import show_months, show_rhythm, show_seasons
from app_pages.premises.answers import premises_of
from hotspot.access.permissions import Operation
from hotspot.services.premises import nearby
from hotspot.services.records import datasets

current = session.current()
actor, run, sources = current.actor, current.chosen_run(), current.sources
workspace = session.workspace()
if run.hotspots.empty:
    st.subheader("No hotspot")
    st.caption(plain(run.explain()))
    end_page()
actions = actions_of(actor, run, sources)
names = names_in(actor, run, sources)
selected = state.selected_key(run) or str(run.hotspots["key"].iloc[0])
key = st.selectbox(
    "Hotspot",
    list(run.hotspots["key"]),
    index=list(run.hotspots["key"]).index(selected),
    format_func=lambda k: f"{k} ({names[k]})" if k in names else k,
)
if key != state.selected_key(run):
    state.select(run, key)
row = run.hotspots.set_index("key").loc[key]
near = premises_of(actor, run, sources, workspace.settings.premises_within_m)
show_measures(row)
own_actions = actions[actions["key"] == key]
for number in own_actions["hotspot_id"].unique():
    for change in datasets.changes_under(workspace, int(number)):
        st.warning(plain(f"Registered with records that are gone. {change}"))
hours, beside = st.columns(2)
with hours:
    st.markdown("#### Hours of the week")
    if run.approximate:
        st.caption("Street-level open data know the month only, so there are no hours.")
    else:
        times = times_of(actor, run, sources, key)
        show_rhythm(times.rhythm)
        st.markdown("#### Month by month")
        show_months(times)
        class_place = st.container()
        st.markdown("#### Through the year")
        show_seasons(times.seasons)
with beside:
    show_place(run, sources, key)
    show_story(actor, run, sources, key, names.get(key, ""))
    st.markdown(f"#### Premises within {workspace.settings.premises_within_m:g} m")
    tables.show_premises_table(near[near["key"] == key], run)
    st.caption(plain(nearby.CAVEAT))
st.markdown("#### Actions")
tables.show_actions_table(own_actions)
inherited = inherited_of(actor, run, sources)
for parent, part in inherited[inherited["key"] == key].groupby("inherited_from"):
    st.markdown(f"##### Inherited from {parent}, off which this hotspot split")
    tables.show_actions_table(part)
if may(actor, Operation.VIEW_EFFECT):
    show_beforehand(actor, run, sources, key)
if may(actor, Operation.RECORD_ACTION):
    show_action_form(actor, run, sources, key, near[near["key"] == key])
else:
    st.caption("Your role may read actions but not record them.")
if may(actor, Operation.JUDGE) and not run.approximate:
    with class_place:  # last: it takes a second, and nothing should wait for it
        show_class(classes_of(actor, run, sources), key)
