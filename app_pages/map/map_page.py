"""The map: where the hotspots are, with the table that says the same, and all else on top of it."""

from __future__ import annotations

import streamlit as st

from app_pages.actions.action_form import show_action_form
from app_pages.actions.answers import actions_of
from app_pages.frame import session, state
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.map import answers, map_parts, map_tables
from app_pages.map.save_map import show_save_map
from app_pages.premises.answers import premises_of
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.left_out import sentence_of
from hotspot.services.premises import nearby
from layers.live import Panels, show_ground, show_live_map

current = session.current()
actor, run, sources = current.actor, current.chosen_run(), current.sources
actions = actions_of(actor, run, sources)
titles = answers.titles_in(actor, run, sources)
ground = answers.ground_of(actor)
notes = map_parts.notes_of(run, sources, titles)
earlier, refused = map_parts.show_controls(actor, run, sources)
classes = map_parts.asked_classes(actor, run, sources)
drawing = answers.drawing_in(actor, run, sources, ground)
map_parts.show_style()


@st.dialog("Record an action", width="large")
def record_action(key: str) -> None:
    """Draw the form that records an action against a hotspot, without leaving the map."""
    near = premises_of(actor, run, sources, session.workspace().settings.premises_within_m)
    show_action_form(actor, run, sources, key, near[near["key"] == key], label=titles[key])


@st.fragment
def show_map_and_table() -> None:
    """Draw the map and what lies on it; choosing a hotspot draws nothing else anew."""
    state.put_place_in_address()  # before the map, which adds to the address
    selected = state.selected_key(run)
    with st.container(key="sheet"):
        sides = st.columns(1 if earlier is None else 2, gap=None)
        with sides[0]:
            asked = show_live_map(
                state.MAP,
                drawing=drawing,
                ground=state.GROUND,
                selected=selected,
                on_choose=lambda: state.select(run, state.chosen_in(state.MAP)),
                on_area=map_parts.area_was_drawn,
                area=state.area_on_map(),
                linked="periods",
                panels=Panels(
                    (*notes, *refused),
                    "" if earlier is None else map_parts.period_words(run.params),
                    map_parts.timeline_of(actor, run, sources),
                    may_open=True,
                    may_act=may(actor, Operation.RECORD_ACTION),
                ),
                on_time=lambda: map_parts.take_time(sources),
            )
        if earlier is not None:
            with sides[1]:
                map_parts.show_earlier(actor, earlier, sources, drawing)
        show_ground(ground)
        map_tables.show_hotspot_table(run, titles, actions, selected, classes)
    if asked.get("open"):
        st.switch_page("hotspots/hotspot_page.py")
    if asked.get("months") or asked.get("week"):
        st.rerun()
    if asked.get("act") in titles:
        record_action(asked["act"])
    map_parts.show_area_answer(actor, run, sources, actions, titles)
    if earlier is not None:
        map_parts.show_both(run, earlier, titles, answers.titles_in(actor, earlier, sources))


show_map_and_table()
map_parts.show_asking_for_classes(actor, run, classes)
if may(actor, Operation.SHARE_MAP):
    show_save_map(actor, run, sources)
st.caption(plain(sentence_of(run.params)))
map_tables.show_left_out(run)
st.caption(plain(f"{nearby.CAVEAT} {ground['attribution']}"))
