"""What a partner sees: the hotspots of its own districts, suppressed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.page_end import end_page
from app_pages.frame.text import plain
from app_pages.map import map_tables
from app_pages.map.answers import overview_of
from hotspot.disclosure.ground import SENTENCE
from hotspot.disclosure.suppression import BAND_SENTENCE, RULE_SENTENCE, withheld_in_words
from layers.live import Ground, drawing_of_shared, show_ground, show_live_map, still_part

actor = session.current().actor
workspace = session.workspace()
districts = ", ".join(sorted(actor.districts))
shared = overview_of(actor)
st.subheader(f"Hotspots in {plain(districts)}")
if shared is None:
    st.info("No records are imported yet. The force imports them; then its hotspots stand here.")
    end_page()
st.caption(
    plain(
        f"{shared.period}. {BAND_SENTENCE} {RULE_SENTENCE} {SENTENCE} More records are not bad "
        "news in themselves: more may be reported."
    )
)
st.caption(plain(withheld_in_words(shared.withheld.total())))
if shared.hotspots.empty:
    st.info("No hotspot of your districts can be shown at present.")
    end_page()


def choose(widget: str) -> None:
    """Remember what was chosen on the map or in the table."""
    st.session_state[state.CHOSEN_SHARED] = state.chosen_in(widget)


chosen = st.session_state.get(state.CHOSEN_SHARED)
no_points = pd.DataFrame({"lng": [], "lat": [], "name": [], "kind": []})
map_side, table_side = st.columns([3, 2])
with map_side:
    show_live_map(
        state.MAP,
        drawing=drawing_of_shared(shared),
        ground=state.GROUND,
        selected=chosen,
        on_choose=lambda: choose(state.MAP),
    )
    show_ground(still_part(state.GROUND, Ground(shared.basemap, no_points, no_points)))
with table_side:
    map_tables.show_overview_table(shared, chosen, lambda: choose(state.TABLE))
