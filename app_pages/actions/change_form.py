"""The forms that move an action on and hand it over, and its history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from app_pages.actions.clock_form import deadlines_of
from app_pages.frame import session, state
from app_pages.frame.remember import actions_state, remember
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from app_pages.premises.answers import register_of
from hotspot import HotspotError
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.actions import AGENCIES, EVENTS, RESULTS
from hotspot.disruption.clocks import words_of
from hotspot.disruption.counting import Moment
from hotspot.disruption.ladders import ActionState, Way
from hotspot.disruption.measures import Measure
from hotspot.disruption.real_dates import DATES
from hotspot.services.actions.changes import (
    Amendment,
    Outcome,
    amend_action,
    change_action,
    note_event,
    ways_of,
)
from hotspot.services.actions.gates import gates_at
from hotspot.services.actions.recording import history_of as _history_of
from hotspot.services.workspace.measure_catalogue import (
    catalogue_of,
    moment_at,
    moment_words,
)

Sent = tuple[str, Outcome | None, Moment | None, dict[str, date], tuple[str, ...]]
"""Note, outcome with results, when it happened, days that a step asks, and what was confirmed."""
_ENDS = frozenset({ActionState.COMPLETED})


@remember(actions_state, entries=20, is_shared=False)
def history_of(actor: Actor, number: int) -> pd.DataFrame:
    """Return what happened to an action."""
    return _history_of(session.workspace(), actor, number)


def show_change_form(actor: Actor, actions: pd.DataFrame) -> None:
    """Draw the form for some actions (with a `label` each) and save what it sends."""
    by_id = actions.set_index("action_id")
    st.markdown("**Move an action on**")
    left, right = st.columns([2, 1])
    number = left.selectbox(
        "Action",
        list(by_id.index),
        format_func=lambda i: f"{i} · {by_id.loc[i, 'label']} · {by_id.loc[i, 'measure']}",
    )
    row = by_id.loc[number]
    ways = {way.to: way for way in ways_of(session.workspace(), row.to_dict())}
    to = right.selectbox(f"From '{row['stands']}' to", list(ways), key=f"way {number}")
    sent = _draw_step(actor, int(number), row, ways[to])
    if sent is None:
        return
    note, ended, on, dates, confirmed = sent
    try:
        change_action(
            session.workspace(),
            actor,
            int(number),
            int(row["version"]),
            to,
            note,
            ended=ended,
            on=on,
            dates=dates,
            confirmed=confirmed,
        )
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.session_state[state.FLASH] = f"Action {number} is now '{to}'."
    st.rerun()


def _draw_step(actor: Actor, number: int, row: pd.Series, way: Way) -> Sent | None:
    """Ask what a step needs: when it happened, days to come, the outcome, the reason, results."""
    measure = catalogue_of(session.workspace()).get(str(row["measure_code"]))
    if way.says:
        st.info(plain(way.says))
    with st.form(f"change {number} {way.to}", enter_to_submit=False):
        outcomes = way.outcomes or (measure.outcomes if measure else ())
        asks_outcome = (way.needs_outcome and len(way.outcomes) != 1) or way.state in _ENDS
        event = _event_asked(actor, number, way)
        asks_time = _counts_hours(measure, way) if event else False
        fields = bool(event) + asks_time + len(way.asks) + asks_outcome
        *small, wide = st.columns([1] * fields + [2])
        beside = iter(small)
        on = _ask_moment(event, beside, asks_time=asks_time) if event else None
        dates = {name: _ask_day(next(beside), name) for name in way.asks}
        outcome = next(beside).selectbox("Outcome", ["", *outcomes]) if asks_outcome else ""
        note = wide.text_input(
            "Why" if way.needs_reason else "What happened, if it needs a word", max_chars=500
        )
        confirmed = tuple(
            gate.when
            for gate in (gates_at(measure, way.stage) if measure and way.stage else ())
            if st.checkbox(f"Confirmed: {plain(gate.says)}")
        )
        with st.expander("Results, in numbers"):
            columns = st.columns(4)
            results = {
                name: int(columns[n % 4].number_input(label, 0, 100_000, 0))
                for n, (name, label) in enumerate(RESULTS.items())
            }
        is_meant = asks_about_persons()
        if not st.form_submit_button("Save the new state"):
            return None
    if not may_save((note,), is_meant=is_meant):
        return None
    ended = Outcome(outcome or "", results) if outcome or any(results.values()) else None
    return note, ended, on, {name: day for name, day in dates.items() if day is not None}, confirmed


def _event_asked(actor: Actor, number: int, way: Way) -> str:
    """Return the event whose day is asked; nothing where it is known and the step comes back."""
    name = way.event or way.moment or ""
    known = deadlines_of(actor, number)[0] if name and may(actor, Operation.VIEW_ACTIONS) else {}
    if name in known and way.moment is None:
        st.caption(plain(f"{words_of(name).capitalize()}: {moment_words(known[name])}"))
        return ""
    return name


def _counts_hours(measure: Measure | None, way: Way) -> bool:
    """Tell whether hours count from the event of a step, or a moment is kept of it."""
    clock = measure.clock if measure else ()
    from_it = (step.within.hours for step in clock if step.after == way.event)
    return way.moment is not None or any(hours is not None for hours in from_it)


def _ask_moment(event: str, columns: Iterator[Any], *, asks_time: bool) -> Moment | None:
    """Ask when an event happened."""
    label = f"{words_of(event).capitalize()} on"
    day = next(columns).date_input(label, date.today(), format="DD/MM/YYYY")  # noqa: DTZ011
    return moment_at(
        day, next(columns).time_input("At, if hours count", None) if asks_time else None
    )


def _ask_day(column: Any, name: str) -> date | None:  # noqa: ANN401 - a column of the page
    day: date | None = column.date_input(DATES[name], None, format="DD/MM/YYYY")
    return day


def show_amend_form(actor: Actor, actions: pd.DataFrame) -> None:
    """Draw the form that gives an action another owner or day, and what happened to it so far."""
    by_id = actions.set_index("action_id")
    with st.expander("Hand an action over, give it another day, see its history"):
        number = st.selectbox(
            "Which action",
            list(by_id.index),
            format_func=lambda i: f"{i} · {by_id.loc[i, 'label']} · {by_id.loc[i, 'measure']}",
        )
        row = by_id.loc[number]
        _show_history(actor, int(number))
        _show_event_form(actor, int(number), int(row["version"]))
        change = _draw_change(actor, int(number), row)
        if change is None:
            return
        try:
            amend_action(session.workspace(), actor, int(number), int(row["version"]), change)
        except HotspotError as error:
            st.error(plain(str(error)))
            return
        st.session_state[state.FLASH] = f"Action {number} is changed."
        st.rerun()


def _show_history(actor: Actor, number: int) -> None:
    """Draw what happened to an action, the oldest first."""
    st.dataframe(
        history_of(actor, number).set_axis(["When", "Who", "What", "State", "Said"], axis=1),
        hide_index=True,
        alt=f"History of action {number}, the oldest first",
        column_config={
            "When": st.column_config.DatetimeColumn(
                format="DD MMM YYYY, HH:mm", timezone="Europe/London"
            )
        },
    )


def _draw_change(actor: Actor, number: int, row: pd.Series) -> Amendment | None:
    """Ask for another owner, agency, day or premises, and why."""
    with st.form(f"amend {number}", enter_to_submit=False):
        left, middle, right = st.columns(3)
        owner = left.text_input("Owner from now on", row["owner"], max_chars=100)
        known = [*AGENCIES, *([] if row["agency"] in AGENCIES else [row["agency"]])]
        agency = middle.selectbox("Agency from now on", known, known.index(row["agency"]))
        due = right.date_input("Due", row["due_on"], format="DD/MM/YYYY")
        premises = register_of(actor).to_dict("records")
        target = st.selectbox(
            "Premises it is directed at from now on",
            [None, *range(len(premises))],
            format_func=lambda n: _named(row, premises, n),
        )
        why = st.text_input("Why it is changed", max_chars=300)
        is_meant = asks_about_persons()
        if not st.form_submit_button("Save the change"):
            return None
    if not may_save((why,), is_meant=is_meant):
        return None
    at = None if target is None else premises[target]
    directed = None if at is None else (str(at["source"]), str(at["premises_ref"]))
    return Amendment(owner, str(agency), due, why, directed)


def _named(row: pd.Series, premises: list[dict[Any, Any]], number: int | None) -> str:
    """Name premises of a register with their address; the first choice leaves what there is."""
    if number is None:
        name = row["premises_name"] if "premises_name" in row.index else None
        return f"As before: {name if pd.notna(name) else 'none'}"
    return f"{premises[number]['name']}, {premises[number]['address'] or 'no address'}"


def _show_event_form(actor: Actor, number: int, version: int) -> None:
    with st.form(f"event {number}", enter_to_submit=False):
        left, right = st.columns([1, 2])
        kind = left.selectbox("Something happened", list(EVENTS), format_func=EVENTS.__getitem__)
        note = right.text_input("In a line", max_chars=500)
        is_meant = asks_about_persons()
        if not st.form_submit_button("Note it"):
            return
    if not may_save((note,), is_meant=is_meant):
        return
    try:
        note_event(session.workspace(), actor, number, version, str(kind), note)
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.session_state[state.FLASH] = f"Noted about action {number}: {EVENTS[str(kind)].lower()}."
    st.rerun()
