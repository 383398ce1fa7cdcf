"""Show the deadlines of an action, and draw the form that records when something happened."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app_pages.actions.measure_card import show_deadlines
from app_pages.frame import cache, state, widgets
from hotspot import HotspotError
from hotspot.services.actions import clocks as action_clocks
from hotspot.services.people.session import Actor, Operation
from hotspot.services.workspace import measure_catalogue
from hotspot.services.workspace.exports import ExportFile


def show_clock(actor: Actor, actions: pd.DataFrame) -> None:
    """Draw the clock of one of some actions (with a `label` each) and save what is entered."""
    workspace = cache.workspace()
    catalogue = measure_catalogue.catalogue_of(workspace)
    clocks = {code: measure.clock for code, measure in catalogue.items()}
    timed = actions[actions["measure_code"].isin(list(clocks))].set_index("action_id")
    if timed.empty:
        return
    with st.expander("Deadlines and days of actions"):
        number = st.selectbox(
            "Deadlines of",
            list(timed.index),
            format_func=lambda i: f"{i} · {timed.loc[i, 'label']} · {timed.loc[i, 'measure']}",
        )
        row = timed.loc[number]
        try:
            happened, deadlines = cache.deadlines_of(
                int(row["version"]), int(number), actor.name, actor
            )
        except HotspotError as error:
            st.error(widgets.plain(str(error)))
            return
        events = measure_catalogue.events_of(clocks[row["measure_code"]])
        if deadlines:
            show_deadlines(deadlines)
            said = [
                f"{_words(name)} {action_clocks.moment_words(w)}" for name, w in happened.items()
            ]
            st.caption(widgets.plain(f"Entered: {'; '.join(said)}"))
        elif events:
            first = action_clocks.words_of(events[0])
            st.caption(f"The clock starts when '{first}' is recorded.")
        if deadlines and widgets.may(actor, Operation.EXPORT_ACTIONS):
            _show_calendar(actor, int(number), int(row["version"]))
        _show_form(actor, int(number), int(row["version"]), events)


def _show_calendar(actor: Actor, number: int, version: int) -> None:
    def prepare(recipients: str, reason: str) -> ExportFile:
        return action_clocks.export_calendar(cache.workspace(), actor, number, recipients, reason)

    widgets.show_export(
        actor,
        f"calendar {number} {version}",
        "Save the deadlines as a calendar",
        "An iCalendar file with alarms three days before: measure and reference, nothing else.",
        prepare,
    )


def _show_form(actor: Actor, number: int, version: int, events: list[str]) -> None:
    with st.form(f"moment {number}", enter_to_submit=False):
        left, middle, right, last = st.columns([2, 1, 1, 1], vertical_alignment="bottom")
        event = left.selectbox(
            "What happened, or is to come", [*events, *measure_catalogue.DATES], format_func=_words
        )
        day = middle.date_input("On", date.today(), format="DD/MM/YYYY")  # noqa: DTZ011
        at = right.time_input("At, if hours count", None)
        wrong = last.checkbox("Take it back")
        if not st.form_submit_button("Save the day"):
            return
    moment = None if wrong else action_clocks.moment_at(day, at)
    try:
        action_clocks.record_moment(cache.workspace(), actor, number, version, str(event), moment)
    except HotspotError as error:
        st.error(widgets.plain(str(error)))
        return
    st.session_state[state.FLASH] = f"Action {number}: '{_words(str(event)).lower()}' is saved."
    st.rerun()


def _words(name: str) -> str:
    return measure_catalogue.DATES.get(name) or action_clocks.words_of(name).capitalize()
