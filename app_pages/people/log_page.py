"""The log of who did what, for the auditor: filters, check, export."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session, state, tables
from app_pages.frame.exporting import show_export
from app_pages.frame.page_end import end_page, errors_shown
from app_pages.frame.text import plain
from hotspot import HotspotError
from hotspot.access.log_filter import LogFilter
from hotspot.access.permissions import LogCategory, Operation
from hotspot.services.upkeep import log
from hotspot.services.workspace.exports import ExportFile

COLUMNS = {
    "at": "When",
    "actor": "Who",
    "account_id": "Account",
    "roles": "Role",
    "agency": "Agency",
    "operation": "What",
    "subject": "Of what",
    "rows": "Rows",
    "recipients": "For whom",
    "reason": "Why",
    "category": "Kind",
    "shape": "How",
    "client": "From",
    "session": "Session",
    "audit_id": "Row",
}

actor = session.current().actor
workspace = session.workspace()
st.subheader("Log")
with st.form("log", enter_to_submit=False):
    first, second, third, fourth = st.columns(4)
    who = first.text_input("Who (part of the name, or #account)", max_chars=100)
    subject = second.text_input("Of what (part of it)", max_chars=100)
    days = third.date_input("Days, from and to", [], format="DD/MM/YYYY")
    kinds = fourth.multiselect("Kinds", [c.value for c in LogCategory])
    what = first.multiselect("What", [o.value for o in Operation])
    reason = second.text_input("Why you look", max_chars=300, help="Kept in the log.")
    sent = st.form_submit_button("Show")
span = days if isinstance(days, tuple) else (days,)
wanted = LogFilter(
    who, subject, tuple(what), tuple(kinds), *((*span, None, None)[:2] if span else ())
)
if sent:
    with errors_shown():
        st.session_state[state.LOG_VIEW] = log.view_log(workspace, actor, wanted, reason)
if state.LOG_VIEW in st.session_state:
    rows, total = st.session_state[state.LOG_VIEW]
    st.caption(f"{total:,} rows fit; the newest {len(rows):,} are shown")
    tables.show_log_table(rows, COLUMNS, "Rows of the log, newest first")
else:
    st.info("Set what you look for, say why, and press Show.")


def prepare(_recipients: str, reason: str) -> ExportFile:
    """Make the file of all rows that fit the filters above."""
    return log.export_log(workspace, actor, wanted, reason)


show_export(
    actor,
    f"log {wanted}",
    "Save the rows that fit",
    "A CSV file of all rows that fit the filters above, with their seals.",
    prepare,
    has_recipients=False,
)
with st.expander("Check the log"):
    st.caption(
        "Every row is sealed together with the one before it, by a key outside the database."
    )
    if st.button("Check every seal"):
        try:
            verdict = log.verify_log(workspace, actor)
        except HotspotError as error:
            st.error(plain(str(error)))
            end_page()
        if verdict.problems:
            st.error(plain("The log is not whole: " + "; ".join(verdict.problems)))
        else:
            st.success(f"The log is whole: {verdict.head.audit_id:,} rows.")
        st.text("Keep this where others cannot write, and check against it later:")
        st.code(log.head_text(verdict.head), language=None)
