"""The map: where the hotspots are, with the table that says the same."""

from __future__ import annotations

import streamlit as st

from app_pages import cache, state, tables, widgets
from hotspot.services import premises
from hotspot.services.runs import sentence_of
from hotspot.services.session import Operation
from layers.live import drawing_of_run, show_live_map

actor, run, sources = st.session_state[state.CURRENT]
workspace = cache.workspace()
actions = widgets.actions_of(actor, run, sources)
names = widgets.names_in(actor, run, sources)
near = widgets.premises_of(actor, run, sources, workspace.settings.premises_within_m)
selected = state.selected_key(run)

st.markdown(f"#### Where the hotspots are\n{widgets.plain(run.explain())}")
st.caption(widgets.plain(sentence_of(run.params)))
map_side, table_side = st.columns([3, 2])
with map_side:
    show_live_map(
        state.MAP,
        drawing=drawing_of_run(run, names, has_premises=not near.empty),
        premises=near.drop_duplicates(["source", "premises_ref"]),
        places=cache.places(premises.version_of(workspace), actor.name, actor),
        basemap=workspace.basemap,
        selected=selected,
        on_select=lambda: state.select(run, state.chosen_on_map()),
    )
with table_side:
    tables.show_hotspot_table(run, names, actions, selected)
    if selected:
        st.page_link("hotspot_page.py", label=f"Open {selected}: measures, premises, actions")
    else:
        st.caption("Choose a hotspot on the map or in the table.")
    if widgets.may(actor, Operation.SHARE_MAP):
        widgets.show_save_map(actor, run, sources)
tables.show_left_out(run)
st.caption(widgets.plain(f"{premises.CAVEAT} {widgets.attribution(sources, near)}"))
