"""What was imported: every file with its balance sheet for good, and the way to withdraw one."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.page_end import end_page
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.records.answers import datasets_of
from app_pages.records.import_check import show_reasons, show_unused
from hotspot import HotspotError
from hotspot.access.permissions import Operation
from hotspot.services.records import datasets
from hotspot.services.workspace.audit_names import hotspot_name

actor = session.current().actor
workspace = session.workspace()
held = datasets_of(actor)
st.subheader("Datasets")
if held.empty:
    st.info("Nothing is imported yet.")
    if may(actor, Operation.IMPORT):
        st.page_link("records/import_page.py", label="Import the first file")
    end_page()
table = held.assign(
    rows=[sheet["rows_in"] for sheet in held["balance"]],
    used=[sheet["used"] for sheet in held["balance"]],
    what=["withdrawn" if gone else "counts" for gone in held["withdrawn_at"].notna()],
)
columns = {
    "import_id": "Import",
    "label": "Source",
    "file_name": "File",
    "imported_at": "When",
    "imported_by": "By",
    "rows": "Rows in",
    "used": "Used",
    "what": "State",
}
event = st.dataframe(
    table[list(columns)].rename(columns=columns),
    hide_index=True,
    on_select="rerun",
    selection_mode="single-row",
    key=state.DATASETS,
    alt="Imports, the newest first",
    column_config={
        "When": st.column_config.DatetimeColumn(
            format="DD MMM YYYY, HH:mm", timezone="Europe/London"
        )
    },
)
rows = event["selection"]["rows"]
named = zip(table["import_id"].tolist(), table["file_name"].tolist(), strict=True)
labels = {int(n): f"{n}: {name}" for n, name in named}
numbers = list(labels)
number = st.selectbox(
    "Import",
    numbers,
    numbers.index(table["import_id"].iloc[rows[0]]) if rows else 0,
    format_func=labels.__getitem__,
)
chosen = held[held["import_id"] == number].iloc[0]
if chosen["withdrawn_why"]:
    when = f"Withdrawn on {chosen['withdrawn_at']:%d %B %Y} by {chosen['withdrawn_by']}"
    st.warning(plain(f"{when}: {chosen['withdrawn_why']}"))
show_reasons(chosen["balance"])
with st.expander("What was decided when it was read"):
    st.caption(f"SHA-256 of the file: {chosen['sha256']}")
    for note in chosen["notes"]:
        st.markdown(f"- {plain(note)}")
if may(actor, Operation.EXPORT_UNUSED):
    show_unused(actor, int(number))
if may(actor, Operation.WITHDRAW_IMPORT) and not chosen["withdrawn_why"]:
    with st.expander("Withdraw this import"), st.form("withdraw", enter_to_submit=False):
        st.caption("Its rows count no longer; the balance sheet stays, with the reason.")
        why = st.text_input("Why", max_chars=300)
        if st.form_submit_button("Withdraw"):
            try:
                done = datasets.withdraw_import(workspace, actor, int(number), why)
                text = f"Import {number} is withdrawn."
                if done.import_again:
                    files = ", ".join(name for _, name in done.import_again)
                    text += f" Import again, since they left out rows as known: {files}."
                if done.hotspots:
                    names = ", ".join(hotspot_name(n) for n in done.hotspots)
                    text += f" Registered with its records: {names}; look at them again."
                st.session_state[state.FLASH] = text
                state.next_data_turn()
                st.rerun()
            except HotspotError as error:
                st.error(plain(str(error)))
