"""Show the school holidays, and draw the forms that enter and withdraw them."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import cache, state, widgets
from hotspot import HotspotError
from hotspot.services.people.session import Actor, Operation
from hotspot.services.records import calendars

DAY = st.column_config.DateColumn(format="DD MMM YYYY")


def show_holidays(actor: Actor) -> None:
    """List the school holidays; analysts can add and withdraw them."""
    held = cache.holidays(state.data_turn(), actor.name, actor)
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
        if not widgets.may(actor, Operation.ENTER_HOLIDAYS):
            return
        try:
            _show_forms(actor, dict(zip(held["holiday_id"].tolist(), held["name"], strict=True)))
        except HotspotError as error:
            st.error(widgets.plain(str(error)))


def _show_forms(actor: Actor, names: dict[int, str]) -> None:
    workspace = cache.workspace()
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
