"""The form that records an action against a hotspot."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app_pages.actions.amend_form import asks_if_late_is_meant
from app_pages.actions.links import link_to
from app_pages.actions.measure_card import show_measure
from app_pages.frame import session, state
from app_pages.frame.forms import Form
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.disruption.actions import AGENCIES, MAX_NOTE, RecordAction
from hotspot.disruption.measures import OBJECTIVES, SUBJECTS, Measure
from hotspot.schema import SOURCE_LABELS
from hotspot.services.actions import days, recording
from hotspot.services.workspace import measure_catalogue
from hotspot.services.workspace.audit_names import hotspot_name


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
    if meeting_id is None and _is_recorded(label):
        return
    st.markdown(f"**Record an action against {plain(label)}**")
    measure = _choose_measure(label)
    form = Form(f"record {label}")
    fields = _draw(measure, near.to_dict("records"), form, label)
    if fields is None:
        return
    if measure is None:
        st.error("Choose a measure.")
        return
    is_meant = fields.pop("is_meant")
    texts = tuple(str(fields[name]) for name in _TEXTS)
    if not may_save(texts, is_meant=is_meant):
        return
    command, done = state.command_id(), {"label": label}

    def record() -> None:
        action = RecordAction(command, measure.code, meeting_id=meeting_id, **fields)
        recorded = _record(actor, action, run, key, sources, number)
        name = hotspot_name(recorded.hotspot_id)
        done["said"] = f"Recorded against {label}, registered as {name}."
        done["number"] = str(recorded.action_id)

    said = f"Agreed: {measure.name}." if meeting_id is not None else f"Recorded: {measure.name}."
    form.save(said, record, after=lambda: _end(done, meeting_id))


_TEXTS = (
    "note",
    "necessity",
    "victim_impact",
    "family_views",
    "reference",
    "sharing_agreement",
)
"""Fields that hold free text."""


def _end(done: dict[str, str], meeting_id: int | None) -> None:
    """Let the next form be a new one; on a page, what was recorded stands in its place."""
    state.next_command()
    if meeting_id is None:
        st.session_state[state.RECORDED] = done
        st.session_state.pop(state.FLASH, None)


def _is_recorded(label: str) -> bool:
    """Draw what was just recorded here in place of the form, until another is asked for."""
    done = st.session_state.get(state.RECORDED)
    if done is None or done["label"] != label:
        return False
    st.success(plain(done["said"]))
    with st.container(horizontal=True):
        link_to(int(done["number"]), f"Action {done['number']}")
        if st.button("Record another action here"):
            st.session_state.pop(state.RECORDED)
            st.rerun()
    return True


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


def _choose_measure(label: str) -> Measure | None:
    """Choose a measure, and show what it needs at the moment of choosing."""
    catalogue = measure_catalogue.catalogue_of(session.workspace())
    left, middle, right = st.columns([3, 1, 2], vertical_alignment="bottom")
    command = state.command_id()
    subject = middle.selectbox(
        "Against whom or what",
        list(SUBJECTS),
        index=None,
        placeholder="anything",
        format_func=SUBJECTS.__getitem__,
        key=f"subject at {label}",
    )
    words = "Only what does not need the child's co-operation"
    alone = right.toggle(words, key=f"alone at {label}")
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
        key=f"measure of {command} at {label}",
    )
    with st.container():  # always there: else the form below moves, and what is typed is lost
        if code is None:
            return None
        show_measure(catalogue[code])
    return catalogue[code]


def _draw(
    measure: Measure | None, premises: list[dict[Any, Any]], form: Form, label: str
) -> dict[str, Any] | None:
    """Draw the fields; give what they hold once the form is sent.

    The form is that of one place: what is typed at one never stands at the next.
    """
    name = f"record {state.command_id()} at {label}"
    with st.form(name, clear_on_submit=False, enter_to_submit=False):
        left, right = st.columns(2)
        owner = left.text_input(
            "Owner", placeholder="Name of the person who will do it", max_chars=100
        )
        form.fault_at(left, "owner")
        target = right.selectbox(
            "Directed at",
            [None, *range(len(premises))],
            1 if len(premises) == 1 else 0,
            format_func=lambda n: "The place as a whole" if n is None else _describe(premises[n]),
        )
        form.fault_at(right, "premises")
        agency = left.selectbox("Agency", AGENCIES)
        form.fault_at(left, "agency")
        proposal = days.due_by_default(session.workspace())
        due = right.date_input("Due date", proposal, format="DD/MM/YYYY")
        is_late_meant = asks_if_late_is_meant(right, form)
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
        confirmed = _ask_confirmed(measure, form)
        proposed = st.checkbox("Only proposed: not agreed yet")
        is_meant = asks_about_persons()
        is_sent = st.form_submit_button("Record the action", type="primary")
        form.show_rest()
    if not is_sent:
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
        "confirmed": confirmed,
        "is_proposed": proposed,
        "is_late_meant": bool(is_late_meant),
        "is_meant": is_meant,
    }


def _ask_confirmed(measure: Measure | None, form: Form) -> tuple[str, ...]:
    """Ask of each gate of the choice that it does not stand in the way."""
    with st.container():  # always there, as above
        confirmed = tuple(
            gate.when
            for gate in (measure.gates if measure else ())
            if gate.level == "error"
            and not gate.at
            and st.checkbox(f"Confirmed: {plain(gate.says)}")
        )
    form.fault_at(st, "confirmed")
    form.fault_at(st, "measure")
    return confirmed


def _describe(premises: dict[Any, Any]) -> str:
    """Tell premises apart that carry the same name in two registers."""
    register = SOURCE_LABELS[premises["source"]].lower()
    away = f", {premises['distance_m']:.0f} m" if "distance_m" in premises else ""
    return f"{premises['name']} ({premises['kind']}{away}, {register})"
