"""The map: where the hotspots are, with the table that says the same."""

from __future__ import annotations

import streamlit as st

from app_pages.actions.answers import actions_of
from app_pages.frame import session, state
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.hotspots.answers import names_in
from app_pages.map import answers, map_parts, map_tables
from app_pages.map.save_map import show_save_map
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.left_out import sentence_of
from hotspot.analysis.detection.size import size_cautions
from hotspot.services.premises import nearby
from layers.live import show_ground, show_live_map

current = session.current()
actor, run, sources = current.actor, current.chosen_run(), current.sources
workspace = session.workspace()
actions = actions_of(actor, run, sources)
names = names_in(actor, run, sources)
ground = answers.ground_of(actor)

title, explanation = st.columns([4, 7], vertical_alignment="center")
title.markdown("#### Where the hotspots are")
explanation.markdown(f":small[{plain(run.explain())}]")
for caution in size_cautions(run):
    st.warning(plain(caution))
earlier = map_parts.show_controls(actor, run, sources)
drawing = answers.drawing_in(actor, run, sources, ground)


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
            classes = map_parts.asked_classes(actor, run, sources)
            map_tables.show_hotspot_table(run, names, actions, selected, classes)
            map_parts.show_area_answer(actor, run, sources, actions)
            if may(actor, Operation.SHARE_MAP):
                show_save_map(actor, run, sources)
    if earlier is not None:
        map_parts.show_both(run, earlier)
        map_tables.show_hotspot_table(run, names, actions, selected)
        map_parts.show_area_answer(actor, run, sources, actions)


show_map_and_table()
st.caption(plain(sentence_of(run.params)))
map_tables.show_left_out(run)
st.caption(plain(f"{nearby.CAVEAT} {ground['attribution']}"))
