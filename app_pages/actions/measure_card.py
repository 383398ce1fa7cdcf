"""Show what a measure is, who decides, what must hold before it, and its deadlines."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app_pages.frame import session
from app_pages.frame.text import plain
from hotspot.disruption.clocks import ClockStep, Deadline, words_of
from hotspot.disruption.measures import Measure
from hotspot.services.workspace import measure_catalogue

COOPERATION = {
    "not_needed": "The child's co-operation is not needed.",
    "helps": "The child's co-operation helps.",
    "needed": "The child's co-operation is needed.",
}


def show_measure(measure: Measure) -> None:
    """Draw the card of a measure, at the moment of choosing."""
    said = [
        f"Basis: {measure.basis}.",
        f"Applied for by: {measure.applied_for_by}.",
        f"Decided by: {measure.decided_by}.",
        COOPERATION[measure.victim_cooperation],
    ]
    if measure.breach:
        said.append(f"Breach: {measure.breach}.")
    st.caption(plain(" ".join(said)))
    if measure.doubt:
        st.warning(plain(f"Not settled: {measure.doubt}."))
    if measure.checked_by is None:
        st.caption("This entry is not yet checked by your legal team.")
    _show_gates(measure)
    _show_provenance(measure)
    if measure.clock:
        today = date.today()  # noqa: DTZ011 - a day on the users' calendar
        first = words_of(measure.clock[0].after)
        with st.expander(f"Deadlines if '{first}' were today"):
            happened = {measure.clock[0].after: today}
            workspace = session.workspace()
            show_deadlines(measure_catalogue.deadlines_of(workspace, measure.code, happened))
            show_waiting(measure_catalogue.waiting_for(workspace, measure.code, happened))


def _show_gates(measure: Measure) -> None:
    """Draw the warnings of the choice, and what is asked at later stages."""
    for gate in measure.gates:
        if gate.level == "warning" and not gate.at:
            st.info(plain(gate.words))
    later = [f"Before '{gate.at}': {gate.words}" for gate in measure.gates if gate.at]
    if later:
        st.caption(plain(" ".join(later)))


def _show_provenance(measure: Measure) -> None:
    """Draw where the entry and each of its deadlines stand, and what is from memory."""
    with st.expander("Where this stands in law, and what is still to be checked"):
        st.caption(plain(measure.comes_from))
        if measure.in_force_from is not None:
            day = measure.in_force_from
            st.caption(f"In force since {day.day} {day:%B %Y}, as far as is known.")
        rows = [
            {
                "Deadline": step.says,
                "Stands in": step.provenance.words if step.provenance else step.stands_in,
            }
            for step in measure.clock
        ]
        if rows:
            st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Where each deadline stands")


def show_waiting(steps: list[ClockStep]) -> None:
    """Draw the deadlines that have no day until an event is known."""
    if steps:
        said = [f"{step.says}, once '{words_of(step.after)}' is known" for step in steps]
        st.caption(plain(f"No day yet: {'; '.join(said)}."))


def show_deadlines(deadlines: list[Deadline]) -> None:
    """Draw deadlines with their rules and sources, the nearest first, and what they rest on."""
    rows = [
        {
            "Due": f"{one.due_at:%a %d %b %Y, %H:%M}"
            if one.due_at
            else f"{one.due_on:%a %d %b %Y}",
            "What": one.says if one.duty == "law" else f"{one.says} ({one.duty})",
            "Rule": one.rule,
            "Source": one.source,
            "Taken for granted": one.assumption,
        }
        for one in sorted(deadlines, key=lambda one: one.due_on)
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Deadlines, the nearest first")
    cautions = list(dict.fromkeys(text for one in deadlines for text in one.cautions))
    if cautions:
        st.caption(plain(f"Please note: {'; '.join(cautions)}."))
