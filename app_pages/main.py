"""Build the pages of a session by what its user may do, and run the one that is open."""

from __future__ import annotations

import os
from contextlib import suppress

import streamlit as st

from app_pages.frame import filters, session, state
from app_pages.frame.banner import show_banner, show_flash, show_foot, show_style
from app_pages.frame.page_end import PageEnd, errors_shown
from app_pages.frame.session import may, show_actor, signed_in
from app_pages.frame.text import plain
from app_pages.pages import PAGES, Page
from app_pages.start import first_steps, tour
from hotspot import Run
from hotspot.access.permissions import Operation
from hotspot.settings import WORKSPACE_VARIABLE

START, ELSEWHERE = "start", "start/elsewhere_page.py"

st.set_page_config(page_title="Hotspot", page_icon="🗺️", layout="wide")

if not os.environ.get(WORKSPACE_VARIABLE) or st.get_option("server.address") != "127.0.0.1":
    st.error("Start the app with `hotspot demo` or `hotspot serve -w FOLDER`.")
    st.stop()

with suppress(PageEnd), errors_shown():
    workspace = session.workspace()
    actor = signed_in()
    show_style()
    show_banner()
    open_to_role = [page for page in PAGES if may(actor, page.operation)]
    first = open_to_role[0]
    at_address: dict[str, Page] = {}
    groups: dict[str, list[st.Page]] = {}
    for page in open_to_role:
        path = START if page is first else page.path
        made = st.Page(page.script, title=page.title, url_path=path, default=page is first)
        at_address[made.url_path] = page
        groups.setdefault(page.group, []).append(made)
    # hidden pages, so that a link to one of another role does not end in "Page not found"
    groups[""] += [
        st.Page(ELSEWHERE, title=page.title, url_path=page.path, visibility="hidden")
        for page in PAGES
        if page not in open_to_role[1:]
    ]
    chosen = st.navigation(groups, position="top")
    if chosen.url_path == first.path:  # the first page has no name of its own in the address
        st.switch_page(first.script, query_params=st.query_params.to_dict())
    here = at_address.get(chosen.url_path)
    needs_run = here is not None and here.needs_run and may(actor, Operation.DETECT)
    with st.sidebar:
        st.subheader("Hotspot")
        st.caption(plain(workspace.settings.name))
        show_actor(actor)
        run: Run | None = None
        sources: list[str] = []
        state.take_place_from_address()
        if needs_run:
            run, sources = filters.show_filters(actor)
    session.set_current(session.Current(actor, run, sources))
    show_flash()
    tour.show_step([page.script for page in open_to_role], here.script if here else ELSEWHERE)
    with suppress(PageEnd), errors_shown():
        if needs_run and run is None:
            first_steps.show_first_steps(actor)
        else:
            chosen.run()
    show_foot()
