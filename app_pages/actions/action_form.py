"""The form that records an action against a hotspot."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from app_pages.actions.measure_card import show_measure
from app_pages.frame import session, state
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from hotspot import HotspotError, Run
from hotspot.access.actor import Actor
from hotspot.disruption.actions import AGENCIES, MAX_NOTE, RecordAction
from hotspot.disruption.measures import OBJECTIVES, SUBJECTS, Measure
from hotspot.schema import SOURCE_LABELS
from hotspot.services.actions import recording
from hotspot.services.workspace import measure_catalogue
from hotspot.services.workspace.audit_names import hotspot_name

DUE_IN = timedelta(days=28)


def show_action_form(  # noqa: PLR0913 - what, where, on what run, at what, and in which meeting
    actor: Actor,
    run: Run,
    sources: list[str],
    key: str,
    near: pd.DataFrame,
    *,
    label: str = "",
    meeting_id: int | None = None,
    number: int | None = None,
) -> None:
    """Draw the form and record what it sends, once.

    Parameters
    ----------
    near
        Premises that the action can be directed at.
    label
        What the hotspot is called on the page; its key otherwise.
    meeting_id
        The meeting that agrees it, if one does.
    number
        Number of a registered hotspot that it is recorded against, whether or not the run meets it.
    """
    label = label or key
    st.markdown(f"**Record an action against {plain(label)}**")
    measure = _choose_measure()
    fields = _draw(measure, near.to_dict("records"))
    if fields is None:
        return
    if measure is None:
        st.error("Choose a measure.")
        return
    is_meant = fields.pop("is_meant")
    try:
        action = RecordAction(
            command_id=state.command_id(),
            measure_code=measure.code,
            meeting_id=meeting_id,
            **fields,
        )
        texts = (
            action.note,
            action.necessity,
            action.victim_impact,
            action.family_views,
            action.reference,
            action.sharing_agreement,
        )
        if not may_save(texts, is_meant=is_meant):
            return
        recorded = _record(actor, action, run, key, sources, number)
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    state.next_command()
    name = hotspot_name(recorded.hotspot_id)
    st.session_state[state.FLASH] = (
        f"Recorded against {label}, registered as {name}."
        if meeting_id is None
        else f"Agreed: {measure.name}."
    )
    st.rerun()


def _record(
    actor: Actor,
    action: RecordAction,
    run: Run,
    key: str,
    sources: list[str],
    number: int | None,
) -> recording.Recorded:
    """Record an action against a registered hotspot, a hotspot of the run, or premises alone."""
    workspace = session.workspace()
    if number is not None:
        return recording.record_action_at(workspace, actor, action, number)
    if not key:
        return recording.record_action_of_premises(workspace, actor, action)
    return recording.record_action(workspace, actor, action, run, key, sources)


def _choose_measure() -> Measure | None:
    """Choose a measure, and show what it needs at the moment of choosing."""
    catalogue = measure_catalogue.catalogue_of(session.workspace())
    left, middle, right = st.columns([3, 1, 2], vertical_alignment="bottom")
    subject = middle.selectbox(
        "Against whom or what",
        list(SUBJECTS),
        index=None,
        placeholder="anything",
        format_func=SUBJECTS.__getitem__,
    )
    alone = right.toggle("Only what does not need the child's co-operation")
    codes = [
        code
        for code, measure in catalogue.items()
        if (not alone or measure.victim_cooperation == "not_needed")
        and (subject is None or subject in measure.subject)
    ]
    code = left.selectbox(
        "Measure",
        codes,
        index=None,
        placeholder="Choose or type",
        format_func=lambda code: f"{catalogue[code].name} [{code}]",
    )
    with st.container():  # always there: else the form below moves, and what is typed is lost
        if code is None:
            return None
        show_measure(catalogue[code])
    return catalogue[code]


def _draw(measure: Measure | None, premises: list[dict[Any, Any]]) -> dict[str, Any] | None:
    """Draw the fields; give what they hold once the form is sent."""
    today = date.today()  # noqa: DTZ011 - a due date is a day on the users' calendar
    with st.form("record_action", clear_on_submit=False, enter_to_submit=False):
        left, right = st.columns(2)
        owner = left.text_input(
            "Owner", placeholder="Name of the person who will do it", max_chars=100
        )
        target = right.selectbox(
            "Directed at",
            [None, *range(len(premises))],
            1 if len(premises) == 1 else 0,
            format_func=lambda n: "The place as a whole" if n is None else _describe(premises[n]),
        )
        agency = left.selectbox("Agency", AGENCIES)
        due = right.date_input("Due date", today + DUE_IN, format="DD/MM/YYYY")
        objectives = list(OBJECTIVES)
        objective = left.selectbox(
            "Objective",
            objectives,
            objectives.index(measure.objective) if measure else None,
            format_func=OBJECTIVES.__getitem__,
        )
        reference = right.text_input("Reference elsewhere", max_chars=100)
        necessity = left.text_input("Why it is necessary and proportionate", max_chars=300)
        impact = right.text_input("What it means for the child", max_chars=300)
        views = left.text_input(
            "Views of children and families that shape it",
            max_chars=300,
            help="What was said, in a line that names nobody.",
        )
        agreement = right.text_input("Information sharing agreement (reference)", max_chars=100)
        note = st.text_area(
            "Note",
            height=80,
            max_chars=MAX_NOTE,
            help="About the place or the measure. Never a child's name or details.",
        )
        with st.container():  # always there, as above
            confirmed = [
                gate.when
                for gate in (measure.gates if measure else ())
                if gate.level == "error"
                and not gate.at
                and st.checkbox(f"Confirmed: {plain(gate.says)}")
            ]
        proposed = st.checkbox("Only proposed: not agreed yet")
        is_meant = asks_about_persons()
        if not st.form_submit_button("Record the action"):
            return None
    chosen = None if target is None else premises[target]
    at = (chosen["source"], chosen["premises_ref"]) if chosen else None
    return {
        "owner": owner,
        "agency": agency,
        "due_on": due,
        "note": note,
        "premises": at,
        "objective": objective or "",
        "necessity": necessity,
        "victim_impact": impact,
        "reference": reference,
        "family_views": views,
        "sharing_agreement": agreement,
        "confirmed": tuple(confirmed),
        "is_proposed": proposed,
        "is_meant": is_meant,
    }


def _describe(premises: dict[Any, Any]) -> str:
    """Tell premises apart that carry the same name in two registers."""
    register = SOURCE_LABELS[premises["source"]].lower()
    away = f", {premises['distance_m']:.0f} m" if "distance_m" in premises else ""
    return f"{premises['name']} ({premises['kind']}{away}, {register})"
