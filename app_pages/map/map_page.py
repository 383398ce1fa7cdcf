"""The map: where the hotspots are, with the table that says the same."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import cache, state, widgets
from app_pages.map import map_cache, map_parts, map_tables
from hotspot.services.hotspots.runs import sentence_of
from hotspot.services.people.session import Operation
from hotspot.services.premises import nearby
from layers.live import show_ground, show_live_map

actor, run, sources = st.session_state[state.CURRENT]
workspace = cache.workspace()
actions = widgets.actions_of(actor, run, sources)
names = widgets.names_in(actor, run, sources)
ground = map_cache.ground_of(actor)

title, found = st.columns([4, 7], vertical_alignment="center")
title.markdown("#### Where the hotspots are")
found.markdown(f":small[{widgets.plain(run.explain())}]")
earlier = map_parts.show_controls(actor, run, sources)
drawing = map_cache.drawing_in(actor, run, sources, actions, ground)


@st.fragment
def show_map_and_table() -> None:
    """Draw the map and what stands beside it; choosing a hotspot draws nothing else anew."""
    state.put_place_in_address()  # before the map, which adds to the address
    selected = state.selected_key(run)
    map_side, other_side = st.columns([4, 3] if earlier is None else 2)
    with map_side:
        if earlier is not None:
            st.markdown(f"##### {map_parts.period_words(run.params)}")
        opened = show_live_map(
            state.MAP,
            drawing=drawing,
            ground=state.GROUND,
            selected=selected,
            on_choose=lambda: state.select(run, state.chosen_in(state.MAP)),
            on_area=map_parts.area_was_drawn,
            area=state.area_on_map(),
            linked="periods",
            may_open=True,
        )
        if opened:
            st.switch_page("hotspots/hotspot_page.py")
        show_ground(ground)
    with other_side:
        if earlier is not None:
            map_parts.show_earlier(actor, earlier, sources, drawing)
        else:
            map_tables.show_hotspot_table(run, names, actions, selected)
            map_parts.show_area_answer(actor, run, sources, actions)
            if widgets.may(actor, Operation.SHARE_MAP):
                widgets.show_save_map(actor, run, sources)
    if earlier is not None:
        map_parts.show_both(run, earlier)
        map_tables.show_hotspot_table(run, names, actions, selected)
        map_parts.show_area_answer(actor, run, sources, actions)


show_map_and_table()
st.caption(widgets.plain(sentence_of(run.params)))
map_tables.show_left_out(run)
st.caption(widgets.plain(f"{nearby.CAVEAT} {ground['attribution']}"))
