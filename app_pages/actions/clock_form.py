"""Show the deadlines of an action on a line, and record when something happened."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app_pages.actions.conflicts import Pending, keep, let_go
from app_pages.actions.measure_card import show_deadlines, show_waiting
from app_pages.frame import session
from app_pages.frame.exporting import show_export
from app_pages.frame.forms import Form
from app_pages.frame.remember import actions_state, remember
from app_pages.frame.session import may
from app_pages.frame.text import plain
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.clocks import Deadline, events_of, starts_of, words_of
from hotspot.disruption.measures import Measure
from hotspot.disruption.real_dates import DATES
from hotspot.errors import ConflictError
from hotspot.services.actions import clocks as action_clocks
from hotspot.services.actions import days
from hotspot.services.actions.timeline import Station, stations_of
from hotspot.services.workspace import measure_catalogue
from hotspot.services.workspace.exports import ExportFile
from hotspot.services.workspace.measure_catalogue import moment_at

_MARKS = {
    "done": ":green-badge[done]",
    "late": ":red-badge[late]",
    "passed": ":orange-badge[passed]",
    "next": ":blue-badge[next]",
    "to come": ":gray-badge[to come]",
}


@remember(actions_state, entries=20)
def deadlines_of(actor: Actor, number: int) -> tuple[dict[str, str], list[Deadline]]:
    """Return what happened to an action, and its deadlines."""
    return action_clocks.deadlines_of_action(session.workspace(), actor, number)


def show_line(actor: Actor, row: pd.Series, number: int) -> None:
    """Draw what happened and what is due on one line, the earliest first, the past with it."""
    happened, deadlines = deadlines_of(actor, number)
    measure = measure_catalogue.catalogue_of(session.workspace()).get(str(row["measure_code"]))
    stations = stations_of(measure, row.to_dict(), happened, deadlines, days.today())
    with st.container(horizontal=True, gap="small"):
        for station in stations:
            _show_station(station)
    if measure is not None:
        _show_rules(actor, measure, (number, int(row["version"])), happened, deadlines)


def _show_station(station: Station) -> None:
    with st.container(border=True, width=225):
        at = f"{station.on:%a %d %b %Y}"
        st.markdown(f"**{plain(at)}** {_MARKS[station.mark]}")
        away = f" ({station.away})" if station.away else ""
        st.caption(plain(f"{station.says}{away}"))


def _show_rules(
    actor: Actor,
    measure: Measure,
    seen: tuple[int, int],
    happened: dict[str, str],
    deadlines: list[Deadline],
) -> None:
    """Draw the rule and the source of each deadline, and let them leave as a calendar."""
    events = events_of(measure.clock)
    if not deadlines and events:
        first = " or ".join(f"'{words_of(start)}'" for start in starts_of(measure.clock))
        st.caption(f"The clock starts when {first} is recorded.")
    if not deadlines:
        return
    with st.expander("Rules and sources of the deadlines"):
        show_deadlines(deadlines)
        known = {n: measure_catalogue.moment_of(w) for n, w in happened.items() if n in events}
        show_waiting(measure_catalogue.waiting_for(session.workspace(), measure.code, known))
        if may(actor, Operation.EXPORT_ACTIONS):
            _show_calendar(actor, *seen)


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


def show_moment_form(actor: Actor, row: pd.Series, number: int) -> None:
    """Draw the form that records a day, or takes one back."""
    measure = measure_catalogue.catalogue_of(session.workspace()).get(str(row["measure_code"]))
    known = measure.clock if measure is not None else ()
    version = int(row["version"])
    form = Form(f"moment {number}")
    with st.form(f"moment {number} {version}", enter_to_submit=False):
        event = st.selectbox(
            "What happened, or is to come", [*events_of(known), *DATES], format_func=_words
        )
        left, right = st.columns(2)
        day = left.date_input("On", days.today(), format="DD/MM/YYYY")
        form.fault_at(left, "on")
        at = right.time_input("At, if hours count", None)
        form.fault_at(right, "at")
        is_wrong = st.checkbox("Take it back")
        is_sent = st.form_submit_button("Save the day")
        form.show_rest()
    if not is_sent:
        return
    _save(actor, (number, version), str(event), form, day=None if is_wrong else (day, at))


def _save(
    actor: Actor, seen: tuple[int, int], event: str, form: Form, *, day: tuple[date, object] | None
) -> None:
    number, version = seen
    moment = None if day is None else moment_at(*day)  # type: ignore[arg-type]

    def record(by: Actor, at: int) -> None:
        action_clocks.record_moment(session.workspace(), by, number, at, event, moment)

    let_go(number)
    said = f"Action {number}: '{_words(event).lower()}' is saved."
    try:
        form.save(said, lambda: record(actor, version))
    except ConflictError:
        keep(number, Pending(f"the day of '{_words(event).lower()}'", "", record, version))


def _words(name: str) -> str:
    return DATES.get(name) or words_of(name).capitalize()
