"""Build the pages of a session and run the one that is open."""

from __future__ import annotations

import os

import streamlit as st

from app_pages import cache, filters, state, widgets
from hotspot.settings import WORKSPACE_VARIABLE

st.set_page_config(page_title="Hotspot", page_icon="🗺️", layout="wide")

if not os.environ.get(WORKSPACE_VARIABLE) or st.get_option("server.address") != "127.0.0.1":
    st.error("Start the app with `hotspot demo` or `hotspot serve -w FOLDER --only-user NAME`.")
    st.stop()

with widgets.errors_shown():
    workspace = cache.workspace()
    widgets.show_style()
    widgets.show_banner()
    page = st.navigation(
        [
            st.Page("map_page.py", title="Map", url_path="map", default=True),
            st.Page("hotspot_page.py", title="Hotspot", url_path="hotspot"),
            st.Page("actions_page.py", title="Actions", url_path="actions"),
            st.Page("premises_page.py", title="Premises nearby", url_path="premises"),
        ],
        position="top",
    )
    with st.sidebar:
        st.subheader("Hotspot")
        st.caption(widgets.plain(workspace.settings.name))
        actor = widgets.show_actor()
        run, sources = filters.show_filters(actor)
    st.session_state[state.CURRENT] = (actor, run, sources)
    widgets.show_flash()
    page.run()
