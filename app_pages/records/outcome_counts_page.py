"""Monthly counts of outcomes, for the force or a district: typed here or imported, never cases."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.records.answers import outcome_counts_of
from hotspot import HotspotError
from hotspot.access.permissions import Operation
from hotspot.intake.fields.columns import COUNTS
from hotspot.services.reports import outcome_counts

FORCE = "the whole force"

actor = session.current().actor
workspace = session.workspace()
counts = outcome_counts_of(actor)
st.subheader("Outcome counts")
st.caption(
    "Totals a month, as the force counts them. More reports are not bad news in themselves: the "
    "strategy expects them to rise."
)
if counts.empty:
    st.info("No counts are entered yet. Type a month below, or import a small file of them.")
else:
    shown = counts.assign(district=counts["district"].replace("", FORCE))
    st.dataframe(
        shown.rename(columns={"month": "Month", "district": "Area", **COUNTS}).dropna(
            axis="columns", how="all"
        ),
        hide_index=True,
        alt="Monthly counts of outcomes",
    )
if may(actor, Operation.ENTER_OUTCOMES):
    with st.form("outcomes", enter_to_submit=False):
        st.markdown("##### Enter a month")
        first, second = st.columns(2)
        month = first.text_input("Month (YYYY-MM)", max_chars=7)
        area = second.selectbox("Area", [FORCE, *sorted(workspace.area.districts)])
        columns = st.columns(3)
        typed = {
            what: columns[n % 3].number_input(label, 0, 100_000, None, 1)
            for n, (what, label) in enumerate(COUNTS.items())
        }
        st.caption("Leave empty what is not known: nothing is not nought.")
        if st.form_submit_button("Save"):
            try:
                district = "" if area == FORCE else str(area)
                given = {what: None if n is None else int(n) for what, n in typed.items()}
                if all(number is None for number in given.values()):
                    st.error("Type at least one count.")
                else:
                    outcome_counts.enter_counts(workspace, actor, month.strip(), district, given)
                    st.session_state[state.FLASH] = f"Saved the counts of {month} for {area}."
                    state.next_data_turn()
                    st.rerun()
            except HotspotError as error:
                st.error(plain(str(error)))
