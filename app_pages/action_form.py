"""The form that records an action against a hotspot."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from app_pages import cache, state
from app_pages.widgets import plain
from hotspot import HotspotError, Run
from hotspot.schema import SOURCE_LABELS
from hotspot.services import actions
from hotspot.services.session import Actor

DUE_IN = timedelta(days=28)


def show_action_form(
    actor: Actor, run: Run, sources: list[str], key: str, near: pd.DataFrame
) -> None:
    """Draw the form and record what it sends, once."""
    fields = _draw(key, near.to_dict("records"))
    if fields is None:
        return
    if fields["measure_code"] is None:
        st.error("Choose a measure.")
        return
    try:
        action = actions.RecordAction(command_id=state.command_id(), **fields)
        recorded = actions.record_action(cache.workspace(), actor, action, run, key, sources)
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    state.next_command()
    name = actions.hotspot_name(recorded.hotspot_id)
    st.session_state[state.FLASH] = f"Recorded against {key}, registered as {name}."
    st.rerun()


def _draw(key: str, premises: list[dict[Any, Any]]) -> dict[str, Any] | None:
    """Draw the fields; give what they hold once the form is sent."""
    catalogue = actions.load_catalogue()
    today = date.today()  # noqa: DTZ011 - a due date is a day on the users' calendar
    with st.form("record_action", clear_on_submit=False, enter_to_submit=False):
        st.markdown(f"**Record an action against {key}**")
        left, right = st.columns(2)
        measure = left.selectbox(
            "Measure", list(catalogue), index=None, placeholder="Choose or type",
            format_func=lambda code: f"{catalogue[code].name} [{code}]",
        )  # fmt: skip
        target = right.selectbox(
            "Directed at", [None, *range(len(premises))],
            format_func=lambda n: "The place as a whole" if n is None else _describe(premises[n]),
        )  # fmt: skip
        owner = left.text_input(
            "Owner", placeholder="Name of the person who will do it", max_chars=100
        )
        agency = right.selectbox("Agency", actions.AGENCIES)
        due = left.date_input("Due date", today + DUE_IN, format="DD/MM/YYYY")
        note = right.text_area(
            "Note", height=80, max_chars=actions.MAX_NOTE,
            help="About the place or the measure. Never a child's name or details.",
        )  # fmt: skip
        if not st.form_submit_button("Record the action"):
            return None
    chosen = None if target is None else premises[target]
    at = (chosen["source"], chosen["premises_ref"]) if chosen else None
    return {"measure_code": measure, "owner": owner, "agency": agency, "due_on": due,
            "note": note, "premises": at}  # fmt: skip


def _describe(premises: dict[Any, Any]) -> str:
    """Tell premises apart that carry the same name in two registers."""
    register = SOURCE_LABELS[premises["source"]].lower()
    return f"{premises['name']} ({premises['kind']}, {premises['distance_m']:.0f} m, {register})"
