"""A council's licensing officer: what is done about premises of the own districts, and by when."""

from __future__ import annotations

import streamlit as st

from app_pages.actions.answers import papers_of
from app_pages.actions.change_form import show_change_form
from app_pages.frame import session, tables
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.premises.answers import engagements_of, register_of
from app_pages.premises.assessment_forms import show_engagement_form
from hotspot.access.permissions import Operation
from hotspot.disruption.ladders import CLOSED
from hotspot.services.actions import lists

actor = session.current().actor
version = lists.version_of(session.workspace())
papers = papers_of(actor)
st.subheader("Papers and deadlines")
st.caption(
    "Visits, letters, notices and applications about premises in "
    + plain(", ".join(sorted(actor.districts)))
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
    elif may(actor, Operation.CHANGE_ACTION):
        show_change_form(actor, own.assign(label=own["premises_name"].fillna("")))
st.markdown("#### What was done with businesses")
done = engagements_of(actor)
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
register = register_of(actor)
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
