"""Build the pages of a session by what its user may do, and run the one that is open."""

from __future__ import annotations

import os
from contextlib import suppress

import streamlit as st

from app_pages.frame import cache, filters, state, widgets
from app_pages.start import first_steps, tour
from hotspot import Run
from hotspot.services.people.session import Operation
from hotspot.settings import WORKSPACE_VARIABLE

PAGES = (
    ("map/map_page.py", "Map", "map", Operation.DETECT, ""),
    ("start/today_page.py", "Today", "today", Operation.DETECT, ""),
    ("hotspots/hotspot_page.py", "Hotspot", "hotspot", Operation.DETECT, ""),
    ("map/overview_page.py", "Overview", "overview", Operation.VIEW_OVERVIEW, ""),
    ("hotspots/evidence_page.py", "Can they be believed?", "belief", Operation.JUDGE, "Analysis"),
    ("hotspots/surroundings_page.py", "What lies around", "around", Operation.JUDGE, "Analysis"),
    ("hotspots/findings_page.py", "Findings", "findings", Operation.VIEW_FINDINGS, "Analysis"),
    ("hotspots/snapshots_page.py", "Snapshots", "snapshots", Operation.VIEW_SNAPSHOTS, "Analysis"),
    ("actions/actions_page.py", "Actions", "actions", Operation.VIEW_ACTIONS, ""),
    ("premises/papers_page.py", "Papers and deadlines", "papers", Operation.VIEW_PAPERS, ""),
    ("meetings/meeting_page.py", "Meeting", "meeting", Operation.HOLD_MEETING, ""),
    ("premises/assessment_page.py", "For assessment", "assessment", Operation.VIEW_ASSESSMENTS, ""),
    ("premises/premises_page.py", "Premises nearby", "premises", Operation.LINK_PREMISES, ""),
    ("premises/register_page.py", "Register", "register", Operation.VIEW_REGISTER, ""),
    ("records/import_page.py", "Import", "import", Operation.IMPORT, "Data"),
    ("records/datasets_page.py", "Datasets", "datasets", Operation.VIEW_DATASETS, "Data"),
    ("records/quality_page.py", "Data quality", "quality", Operation.VIEW_QUALITY, "Data"),
    ("reports/outcomes_page.py", "Outcomes", "performance", Operation.VIEW_OUTCOMES, ""),
    (
        "records/outcome_counts_page.py",
        "Outcome counts",
        "outcomes",
        Operation.VIEW_OUTCOMES,
        "Data",
    ),
    ("people/accounts_page.py", "Accounts", "accounts", Operation.VIEW_ACCOUNTS, ""),
    ("records/retention_page.py", "Retention", "retention", Operation.VIEW_RETENTION, "Data"),
    ("people/log_page.py", "Log", "log", Operation.VIEW_LOG, ""),
    ("people/trace_page.py", "Who saw this place", "trace", Operation.TRACE_PLACE, ""),
    ("start/help_page.py", "Help", "help", Operation.SIGN_IN, ""),
)
"""Script, title, address, what a role must be allowed to have the page at all, and its group."""
START, ELSEWHERE = "start", "start/elsewhere_page.py"
NEED_RUN = frozenset(
    {
        "Map",
        "Today",
        "Hotspot",
        "Actions",
        "Premises nearby",
        "Can they be believed?",
        "What lies around",
        "Snapshots",
        "Outcomes",
        "Findings",
        "For assessment",
        "Meeting",
    }
)
"""Pages beside which the settings of a run are drawn, for those who may run the detection."""

st.set_page_config(page_title="Hotspot", page_icon="🗺️", layout="wide")

if not os.environ.get(WORKSPACE_VARIABLE) or st.get_option("server.address") != "127.0.0.1":
    st.error("Start the app with `hotspot demo` or `hotspot serve -w FOLDER`.")
    st.stop()

with suppress(widgets.PageEnd), widgets.errors_shown():
    workspace = cache.workspace()
    actor = widgets.signed_in()
    widgets.show_style()
    widgets.show_banner()
    open_to_role = [page for page in PAGES if widgets.may(actor, page[3])]
    titles = {title: script for script, title, *_ in open_to_role}
    groups: dict[str, list[st.Page]] = {}
    for number, (script, title, path, _, group) in enumerate(open_to_role):
        made = st.Page(script, title=title, url_path=path if number else START, default=not number)
        groups.setdefault(group, []).append(made)
    # hidden pages, so that a link to one of another role does not end in "Page not found"
    groups[""] += [
        st.Page(ELSEWHERE, title=one[1], url_path=one[2], visibility="hidden")
        for one in PAGES
        if one not in open_to_role[1:]
    ]
    page = st.navigation(groups, position="top")
    if page.url_path == open_to_role[0][2]:  # the first page has no name of its own in the address
        st.switch_page(open_to_role[0][0], query_params=st.query_params.to_dict())
    with st.sidebar:
        st.subheader("Hotspot")
        st.caption(widgets.plain(workspace.settings.name))
        widgets.show_actor(actor)
        run: Run | None = None
        sources: list[str] = []
        state.take_place_from_address()
        needs_run = page.title in NEED_RUN & titles.keys() and widgets.may(actor, Operation.DETECT)
        if needs_run:
            run, sources = filters.show_filters(actor)
    st.session_state[state.CURRENT] = (actor, run, sources)
    widgets.show_flash()
    tour.show_step([script for script, *_ in open_to_role], titles.get(page.title, ELSEWHERE))
    with suppress(widgets.PageEnd), widgets.errors_shown():
        if needs_run and run is None:
            first_steps.show_first_steps(actor)
        else:
            page.run()
    widgets.show_foot()
