"""The forms that reassign an action and note what happened to it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app_pages.actions.conflicts import Pending, keep, let_go
from app_pages.frame import session
from app_pages.frame.forms import Form
from app_pages.frame.wording import asks_about_persons, may_save
from app_pages.premises.answers import register_of
from hotspot.access.actor import Actor
from hotspot.disruption.actions import AGENCIES, EVENTS
from hotspot.errors import ConflictError
from hotspot.services.actions.changes import Amendment, amend_action, note_event


def show_amend_form(actor: Actor, row: pd.Series, number: int) -> None:
    """Draw the form that gives an action another owner, day or premises, and save it once."""
    version, form = int(row["version"]), Form(f"amend {number}")
    change = _draw_change(actor, number, row, form)
    if change is None:
        return

    def amend(by: Actor, at: int) -> None:
        amend_action(session.workspace(), by, number, at, change)

    let_go(number)
    try:
        form.save(f"Action {number} is changed.", lambda: amend(actor, version))
    except ConflictError:
        says = f"{change.owner} ({change.agency}), due {change.due_on:%d %B %Y}"
        keep(number, Pending(says, change.why, amend, version))


def _draw_change(actor: Actor, number: int, row: pd.Series, form: Form) -> Amendment | None:
    """Ask for another owner, agency, day or premises, and why."""
    with st.form(f"amend {number} {row['version']}", enter_to_submit=False):
        left, right = st.columns(2)
        owner = left.text_input("Owner from now on", row["owner"], max_chars=100)
        form.fault_at(left, "owner")
        known = [*AGENCIES, *([] if row["agency"] in AGENCIES else [row["agency"]])]
        agency = right.selectbox("Agency from now on", known, known.index(row["agency"]))
        due = left.date_input("Due", row["due_on"], format="DD/MM/YYYY")
        is_late_meant = asks_if_late_is_meant(left, form)
        premises = register_of(actor).to_dict("records")
        target = right.selectbox(
            "Premises it is directed at from now on",
            [None, *range(len(premises))],
            format_func=lambda n: _named(row, premises, n),
        )
        why = st.text_input("Why it is changed", max_chars=300)
        form.fault_at(st, "why")
        is_meant = asks_about_persons()
        is_sent = st.form_submit_button("Save the change")
        form.show_rest()
    if not is_sent or not may_save((why,), is_meant=is_meant):
        return None
    at = None if target is None else premises[target]
    directed = None if at is None else (str(at["source"]), str(at["premises_ref"]))
    return Amendment(owner, str(agency), due, why, directed, is_late_meant)


def asks_if_late_is_meant(place: Any, form: Form) -> bool:  # noqa: ANN401 - a column of the page
    """Say what is wrong with a due date, and where it has passed ask whether that is meant."""
    form.fault_at(place, "due_on")
    with place.container():
        return form.is_asked("due_on") and st.checkbox("The due date has passed, and that is meant")


def _named(row: pd.Series, premises: list[dict[Any, Any]], number: int | None) -> str:
    """Name premises of a register with their address; the first choice leaves what there is."""
    if number is None:
        name = row["premises_name"] if "premises_name" in row.index else None
        return f"As before: {name if pd.notna(name) else 'none'}"
    return f"{premises[number]['name']}, {premises[number]['address'] or 'no address'}"


def show_event_form(actor: Actor, row: pd.Series, number: int) -> None:
    """Draw the form that notes what happened to an action without moving it."""
    version, form = int(row["version"]), Form(f"event {number}")
    with st.form(f"event {number} {version}", enter_to_submit=False):
        kind = str(st.selectbox("Something happened", list(EVENTS), format_func=EVENTS.__getitem__))
        note = st.text_input("In a line", max_chars=500)
        form.fault_at(st, "note")
        is_meant = asks_about_persons()
        is_sent = st.form_submit_button("Note it")
        form.show_rest()
    if not is_sent or not may_save((note,), is_meant=is_meant):
        return

    def add(by: Actor, at: int) -> None:
        note_event(session.workspace(), by, number, at, kind, note)

    let_go(number)
    try:
        said = f"Noted about action {number}: {EVENTS[kind].lower()}."
        form.save(said, lambda: add(actor, version))
    except ConflictError:
        keep(number, Pending(EVENTS[kind].lower(), note, add, version))
