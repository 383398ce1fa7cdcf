"""The form that records an action against a hotspot."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from app_pages import cache, state
from hotspot import HotspotError, Run
from hotspot.services import actions
from hotspot.services.session import Actor

NO_PREMISES = "The place as a whole"


def show_action_form(
    actor: Actor, run: Run, sources: list[str], key: str, near: pd.DataFrame
) -> None:
    """Draw the form and record what it sends, once."""
    catalogue = actions.load_catalogue()
    premises = {NO_PREMISES: None} | {
        f"{row.name_} ({row.kind}, {row.distance_m:.0f} m)": (row.source, row.premises_ref)
        for row in near.rename(columns={"name": "name_"}).itertuples()
    }
    with st.form("record_action", clear_on_submit=False, enter_to_submit=False):
        st.markdown(f"**Record an action against {key}**")
        left, right = st.columns(2)
        measure = left.selectbox(
            "Measure", list(catalogue), index=None, placeholder="Choose or type",
            format_func=lambda code: f"{catalogue[code].name} [{code}]",
        )  # fmt: skip
        target = right.selectbox("Directed at", list(premises))
        owner = left.text_input(
            "Owner", placeholder="Name of the person who will do it", max_chars=100
        )
        agency = right.selectbox("Agency", actions.AGENCIES)
        due = left.date_input("Due date", date.today() + timedelta(days=28), format="DD/MM/YYYY")  # noqa: DTZ011
        note = right.text_area(
            "Note", height=80, max_chars=actions.MAX_NOTE,
            help="About the place or the measure. Never a child's name or details.",
        )  # fmt: skip
        sent = st.form_submit_button("Record the action", type="primary")
    if sent:
        _record(actor, run, sources, key, (measure, owner, agency, due, note, premises[target]))


def _record(actor: Actor, run: Run, sources: list[str], key: str, fields: tuple) -> None:  # type: ignore[type-arg]
    measure, owner, agency, due, note, premises = fields
    if measure is None:
        st.error("Choose a measure.")
        return
    try:
        command = actions.RecordAction(
            command_id=state.command_id(), measure_code=measure, owner=owner, agency=agency,
            due_on=due, note=note, premises=premises,
        )  # fmt: skip
        recorded = actions.record_action(cache.workspace(), actor, command, run, key, sources)
    except HotspotError as error:
        from app_pages.widgets import plain

        st.error(plain(str(error)))
        return
    state.next_command()
    name = actions.hotspot_name(recorded.hotspot_id)
    st.session_state[state.FLASH] = f"Recorded against {key}, registered as {name}."
    st.rerun()
