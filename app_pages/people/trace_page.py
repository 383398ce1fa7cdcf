"""Who saw or received what about a place: one question, one answer."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session, state, tables
from app_pages.frame.page_end import errors_shown
from hotspot.services.upkeep import log

COLUMNS = {
    "at": "When",
    "actor": "Who",
    "roles": "Role",
    "agency": "Agency",
    "operation": "What",
    "recipients": "For whom",
    "place": "Place",
    "how": "How the place was in it",
    "reason": "Why",
}

actor = session.current().actor
st.subheader("Who saw or received what about this place")
st.caption(
    "For a request for access, a complaint or a breach. A view or a file counts if it named the "
    "place or showed its ground (cells of about 900 m), so it may count too much, never too little."
)
with st.form("trace", enter_to_submit=False):
    left, right = st.columns(2)
    question = left.text_input("Hotspot (HS-0001) or part of a premises' name", max_chars=100)
    reason = right.text_input("Why you ask", max_chars=300, help="Kept in the log.")
    sent = st.form_submit_button("Ask")
if sent:
    with errors_shown():
        st.session_state[state.TRACE_VIEW] = log.trace_place(
            session.workspace(), actor, question, reason
        )
if state.TRACE_VIEW in st.session_state:
    trace = st.session_state[state.TRACE_VIEW]
    st.text("About: " + "; ".join(trace.places))
    st.caption(f"{len(trace.rows):,} times")
    tables.show_log_table(trace.rows, COLUMNS, "Who saw or received what, newest first")
