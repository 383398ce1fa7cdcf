"""A council's licensing officer: what is done about premises of the own districts, and by when."""

from __future__ import annotations

import streamlit as st

from app_pages.actions.change_form import show_change_form
from app_pages.frame import cache, state, tables, widgets
from app_pages.premises import premises_cache
from app_pages.premises.assessment_forms import show_engagement_form
from hotspot.services.actions import lists
from hotspot.services.actions.recording import CLOSED
from hotspot.services.people.session import Operation

actor, _, _ = st.session_state[state.CURRENT]
version = lists.version_of(cache.workspace())
papers = cache.papers(version, actor.name, actor)
st.subheader("Papers and deadlines")
st.caption(
    "Visits, letters, notices and applications about premises in "
    + widgets.plain(", ".join(sorted(actor.districts)))
    + ". Police records, intelligence and hotspots are not part of this page."
)
if papers.empty:
    st.info("Nothing is recorded about premises of your districts yet.")
else:
    open_count = int((~papers["state"].isin(list(CLOSED))).sum())
    overdue = int(papers["is_overdue"].sum())
    st.caption(f"{len(papers)} recorded, {open_count} open, {overdue} overdue")
    tables.show_papers_table(papers)
    own = papers[papers["is_own"]]
    if own.empty:
        st.caption("None of them is your own council's to move on.")
    elif widgets.may(actor, Operation.CHANGE_ACTION):
        show_change_form(actor, own.assign(label=own["premises_name"].fillna("")))
st.markdown("#### What was done with businesses")
done = premises_cache.engagements(widgets.premises_version(), actor.name, actor)
if done.empty:
    st.caption("Nothing is recorded yet.")
else:
    labels = {
        "on_day": "Day",
        "premises": "Premises",
        "kind": "What",
        "said": "Agreed or found",
        "follow_up_on": "Look again",
    }
    tables.show_days(
        done.rename(columns=labels), "What was done with businesses", ["Day", "Look again"]
    )
register = widgets.register_of(actor)
known = {
    (row["source"], row["premises_ref"]): f"{row['name']} · {row['address'] or 'no address'}"
    for row in register.to_dict("records")
}
place = st.selectbox(
    "Premises",
    list(known),
    index=None,
    format_func=known.__getitem__,
    placeholder="Type a name or an address",
)
if place is not None:
    show_engagement_form(actor, place)
