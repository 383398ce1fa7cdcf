"""Show the deadlines of an action, and draw the form that records when something happened."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app_pages.actions.measure_card import show_deadlines, show_waiting
from app_pages.frame import session, state
from app_pages.frame.exporting import show_export
from app_pages.frame.remember import actions_state, remember
from app_pages.frame.session import may
from app_pages.frame.text import plain
from hotspot import HotspotError
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.clocks import Deadline, events_of, starts_of, words_of
from hotspot.disruption.real_dates import DATES
from hotspot.services.actions import clocks as action_clocks
from hotspot.services.workspace import measure_catalogue
from hotspot.services.workspace.exports import ExportFile
from hotspot.services.workspace.measure_catalogue import moment_at, moment_words


@remember(actions_state, entries=20)
def deadlines_of(actor: Actor, number: int) -> tuple[dict[str, str], list[Deadline]]:
    """Return what happened to an action, and its deadlines."""
    return action_clocks.deadlines_of_action(session.workspace(), actor, number)


def show_clock(actor: Actor, actions: pd.DataFrame) -> None:
    """Draw the clock of one of some actions (with a `label` each) and save what is entered."""
    workspace = session.workspace()
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
            happened, deadlines = deadlines_of(actor, int(number))
        except HotspotError as error:
            st.error(plain(str(error)))
            return
        events = events_of(clocks[row["measure_code"]])
        if deadlines:
            show_deadlines(deadlines)
            events_known = {n: w for n, w in happened.items() if n in events}
            known = {n: measure_catalogue.moment_of(w) for n, w in events_known.items()}
            show_waiting(measure_catalogue.waiting_for(workspace, str(row["measure_code"]), known))
            said = [f"{_words(name)} {moment_words(w)}" for name, w in happened.items()]
            st.caption(plain(f"Entered: {'; '.join(said)}"))
        elif events:
            starts = starts_of(clocks[row["measure_code"]])
            first = " or ".join(f"'{words_of(start)}'" for start in starts)
            st.caption(f"The clock starts when {first} is recorded.")
        if deadlines and may(actor, Operation.EXPORT_ACTIONS):
            _show_calendar(actor, int(number), int(row["version"]))
        _show_form(actor, int(number), int(row["version"]), events)


def _show_calendar(actor: Actor, number: int, version: int) -> None:
    def prepare(recipients: str, reason: str) -> ExportFile:
        return action_clocks.export_calendar(session.workspace(), actor, number, recipients, reason)

    show_export(
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
            "What happened, or is to come", [*events, *DATES], format_func=_words
        )
        day = middle.date_input("On", date.today(), format="DD/MM/YYYY")  # noqa: DTZ011
        at = right.time_input("At, if hours count", None)
        wrong = last.checkbox("Take it back")
        if not st.form_submit_button("Save the day"):
            return
    moment = None if wrong else moment_at(day, at)
    try:
        action_clocks.record_moment(session.workspace(), actor, number, version, str(event), moment)
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.session_state[state.FLASH] = f"Action {number}: '{_words(str(event)).lower()}' is saved."
    st.rerun()


def _words(name: str) -> str:
    return DATES.get(name) or words_of(name).capitalize()
