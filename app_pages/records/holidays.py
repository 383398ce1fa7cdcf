"""Show the school holidays, and draw the forms that enter and withdraw them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.remember import data_state, remember
from app_pages.frame.session import may
from app_pages.frame.text import plain
from hotspot import HotspotError
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.services.records import calendars

DAY = st.column_config.DateColumn(format="DD MMM YYYY")


@remember(data_state, seconds=60, is_shared=False)
def _holidays_of(actor: Actor) -> pd.DataFrame:
    return calendars.list_holidays(session.workspace(), actor)


def show_holidays(actor: Actor) -> None:
    """List the school holidays; analysts can add and withdraw them."""
    held = _holidays_of(actor)
    with st.expander(f"School holidays ({len(held)})"):
        st.caption(
            "Each hotspot compares its rate in the holidays with that in term. Enter the dates of "
            "the local authority, weekends beside them included."
        )
        if not held.empty:
            shown = held[["name", "first_on", "last_on", "entered_by"]]
            st.dataframe(
                shown.set_axis(["Holiday", "First day", "Last day", "Entered by"], axis=1),
                hide_index=True,
                alt="School holidays, by day",
                column_config={"First day": DAY, "Last day": DAY},
            )
        if not may(actor, Operation.ENTER_HOLIDAYS):
            return
        try:
            _show_forms(actor, dict(zip(held["holiday_id"].tolist(), held["name"], strict=True)))
        except HotspotError as error:
            st.error(plain(str(error)))


def _show_forms(actor: Actor, names: dict[int, str]) -> None:
    workspace = session.workspace()
    with st.form("holiday", enter_to_submit=False):
        first, second, third = st.columns([2, 1, 1])
        name = first.text_input("Name of the holiday", max_chars=calendars.MAX_NAME)
        begins = second.date_input("First day", None, format="DD/MM/YYYY")
        ends = third.date_input("Last day", None, format="DD/MM/YYYY")
        if st.form_submit_button("Enter"):
            if begins is None or ends is None:
                st.error("Give the first and the last day.")
            else:
                calendars.enter_holiday(workspace, actor, name, begins, ends)
                state.next_data_turn()
                st.rerun()
    if names:
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        number = left.selectbox("Entered wrongly", list(names), format_func=names.__getitem__)
        if right.button("Withdraw", width="stretch"):
            calendars.withdraw_holiday(workspace, actor, int(number))
            state.next_data_turn()
            st.rerun()
