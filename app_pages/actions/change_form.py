"""The form that moves an action on: the usual next step, or another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from app_pages.actions.clock_form import deadlines_of
from app_pages.actions.conflicts import Pending, keep, let_go, seen, show_conflict
from app_pages.frame import session
from app_pages.frame.forms import Form
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.actions import RESULTS
from hotspot.disruption.clocks import words_of
from hotspot.disruption.counting import Moment
from hotspot.disruption.day_rules import counts_hours
from hotspot.disruption.ladders import ActionState, Way
from hotspot.disruption.measures import Measure
from hotspot.disruption.real_dates import DATES
from hotspot.errors import ConflictError
from hotspot.services.actions import days
from hotspot.services.actions.changes import Outcome, change_action, ways_of
from hotspot.services.actions.gates import gates_at
from hotspot.services.workspace.measure_catalogue import catalogue_of, moment_at, moment_words


@dataclass(frozen=True)
class Sent:
    """What a form has sent for a step: how it ended, days, what was confirmed, and the note."""

    note: str
    ended: Outcome | None
    on: Moment | None
    dates: dict[str, date]
    confirmed: tuple[str, ...]


_ENDS = frozenset({ActionState.COMPLETED})


def show_change_form(actor: Actor, actions: pd.DataFrame) -> None:
    """Draw the form for some actions (with a `label` each) and save what it sends."""
    by_id = actions.set_index("action_id")
    st.markdown("**Move an action on**")
    number = st.selectbox(
        "Action",
        list(by_id.index),
        format_func=lambda i: f"{i} · {by_id.loc[i, 'label']} · {by_id.loc[i, 'measure']}",
    )
    show_step_form(actor, by_id.loc[number], int(number))


def show_step_form(actor: Actor, row: pd.Series, number: int) -> None:
    """Draw the steps that an action can take, and save the one that is sent, once."""
    if show_conflict(actor, row, number):
        return
    anchor = f"way {number}"
    before = seen(row, number, anchor)
    ways = {way.to: way for way in ways_of(session.workspace(), before.to_dict())}
    to = st.selectbox(f"From '{before['stands']}' to", list(ways), key=anchor)
    form = Form(f"change {number}")
    sent = _draw_step(actor, number, before, ways[to], form)
    if sent is None:
        return
    version = int(before["version"])

    def move(by: Actor, at: int) -> None:
        change_action(
            session.workspace(),
            by,
            number,
            at,
            to,
            sent.note,
            ended=sent.ended,
            on=sent.on,
            dates=sent.dates,
            confirmed=sent.confirmed,
        )

    let_go(number)
    try:
        form.save(f"Action {number} is now '{to}'.", lambda: move(actor, version))
    except ConflictError:
        keep(number, Pending(f"'{to}'", sent.note, move, version, to))


def _draw_step(actor: Actor, number: int, row: pd.Series, way: Way, form: Form) -> Sent | None:
    """Ask what a step needs: when it happened, days to come, the outcome, the reason, results."""
    measure = catalogue_of(session.workspace()).get(str(row["measure_code"]))
    if way.says:
        st.info(plain(way.says))
    with st.form(f"change {number} {row['version']} {way.to}", enter_to_submit=False):
        on, dates, outcome, note = _draw_fields(actor, number, measure, way, form)
        confirmed = tuple(
            gate.when
            for gate in (gates_at(measure, way.stage) if measure and way.stage else ())
            if st.checkbox(f"Confirmed: {plain(gate.says)}")
        )
        form.fault_at(st, "confirmed")
        results = _draw_results()
        is_meant = asks_about_persons()
        is_sent = st.form_submit_button("Save the new state", type="primary")
        form.show_rest()
    if not is_sent or not may_save((note,), is_meant=is_meant):
        return None
    ended = Outcome(outcome, results) if outcome or any(results.values()) else None
    return Sent(note, ended, on, dates, confirmed)


def _draw_fields(
    actor: Actor, number: int, measure: Measure | None, way: Way, form: Form
) -> tuple[Moment | None, dict[str, date], str, str]:
    """Draw the fields of a step side by side, each with what was wrong with it."""
    outcomes = way.outcomes or (measure.outcomes if measure else ())
    asks_outcome = (way.needs_outcome and len(way.outcomes) != 1) or way.state in _ENDS
    event = _event_asked(actor, number, way)
    is_timed = measure is not None and counts_hours(measure, event)
    asks_time = bool(event) and (is_timed or way.moment is not None)
    count = bool(event) + asks_time + len(way.asks) + asks_outcome
    *small, wide = st.columns([1] * count + [2])
    beside = iter(small)
    on = _ask_moment(event, beside, form, asks_time=asks_time) if event else None
    dates = {name: _ask_day(next(beside), name, form) for name in way.asks}
    outcome = ""
    if asks_outcome:
        column = next(beside)
        outcome = column.selectbox("Outcome", ["", *outcomes]) or ""
        form.fault_at(column, "outcome")
    why = "Why" if way.needs_reason else "What happened, if it needs a word"
    note = wide.text_input(why, max_chars=500)
    form.fault_at(wide, "note")
    form.fault_at(wide, "premises")
    return on, {name: day for name, day in dates.items() if day is not None}, outcome, note


def _draw_results() -> dict[str, int]:
    with st.expander("Results, in numbers"):
        columns = st.columns(4)
        return {
            name: int(columns[n % 4].number_input(label, 0, 100_000, 0))
            for n, (name, label) in enumerate(RESULTS.items())
        }


def _event_asked(actor: Actor, number: int, way: Way) -> str:
    """Return the event whose day is asked; nothing where it is known and the step comes back."""
    name = way.event or way.moment or ""
    known = deadlines_of(actor, number)[0] if name and may(actor, Operation.VIEW_ACTIONS) else {}
    if name in known and way.moment is None:
        st.caption(plain(f"{words_of(name).capitalize()}: {moment_words(known[name])}"))
        return ""
    return name


def _ask_moment(
    event: str, columns: Iterator[Any], form: Form, *, asks_time: bool
) -> Moment | None:
    """Ask when an event happened."""
    column = next(columns)
    label = f"{words_of(event).capitalize()} on"
    day = column.date_input(label, days.today(), format="DD/MM/YYYY")
    form.fault_at(column, "on")
    if not asks_time:
        return moment_at(day, None)
    column = next(columns)
    at = column.time_input("At, if hours count", None)
    form.fault_at(column, "at")
    return moment_at(day, at)


def _ask_day(column: Any, name: str, form: Form) -> date | None:  # noqa: ANN401 - a column
    day: date | None = column.date_input(DATES[name], None, format="DD/MM/YYYY")
    form.fault_at(column, name)
    return day
