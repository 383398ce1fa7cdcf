"""Draw the forms that change the register: freezing a run, and a hotspot put in by hand."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.remember import data_state, remember
from app_pages.frame.text import plain
from app_pages.hotspots import answers
from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.services.hotspots import coverage, register, runs, snapshots
from hotspot.services.hotspots.register import KINDS, ByHand
from hotspot.services.workspace.audit_names import hotspot_name


@remember(data_state, is_shared=False)
def _proposed(actor: Actor, run: Run, sources: list[str]) -> pd.DataFrame:  # noqa: ARG001
    return snapshots.propose(session.workspace(), actor, run)


def show_freeze(actor: Actor, run: Run, sources: list[str]) -> None:
    """Say what freezing the run would make of each hotspot, and draw the form that does it."""
    proposed = _proposed(actor, run, sources)
    st.markdown("##### What freezing this run would make of each hotspot")
    months = runs.holdings(session.workspace())
    if said := coverage.coverage_words(months, sources, run.params):
        st.warning(plain(f"{said} Freeze a period of whole months where it is to be compared."))
    shown = proposed[["key", "event", "hotspot", "name", "related", "moved_m"]]
    st.dataframe(
        shown.set_axis(
            ["In this run", "Event", "Number", "Name", "From or into", "Moved (m)"], axis=1
        ),
        hide_index=True,
        alt="Proposed lineage",
        column_config={"Moved (m)": st.column_config.NumberColumn(format="%.0f")},
    )
    with st.form("freeze", enter_to_submit=False):
        left, right = st.columns([1, 3])
        end = run.params.end
        name = left.text_input("Name", f"{end:%Y-%m}" if end else "", max_chars=100)
        note = right.text_input("Note", max_chars=300)
        with st.expander("The match is wrong: say otherwise"):
            first, second, third = st.columns([1, 1, 3])
            held = answers.registered(actor)
            held = held[held["state"] != "merged"]
            known = dict(zip(held["hotspot_id"].tolist(), held["name"].tolist(), strict=True))
            numbers: list[int] = [0, *known]
            key = first.selectbox("Hotspot", ["", *proposed["key"].dropna()])
            number = second.selectbox(
                "Is really",
                numbers,
                format_func=lambda n: f"{hotspot_name(n)} {known[n]}" if n else "a new hotspot",
            )
            why = third.text_input("Because", max_chars=300)
        if st.form_submit_button("Freeze this run"):
            decided = {key: snapshots.Override(number or None, why)} if key else None
            snapshots.freeze(
                session.workspace(), actor, run, sources, name, note=note, overrides=decided
            )
            st.session_state[state.FLASH] = f"{name} is frozen."
            state.next_data_turn()
            st.rerun()


def show_register_by_hand(actor: Actor) -> None:
    """Draw the form that registers a hotspot that no run has met."""
    with st.expander("Register a hotspot by hand"), st.form("hand", enter_to_submit=False):
        st.caption(
            'It takes actions and is labelled "not from the analysis" until a snapshot meets '
            "it. No person's name belongs here."
        )
        called = st.text_input("Name of the place", max_chars=100)
        kind = st.selectbox("Kind", KINDS)
        told = st.text_input("Known from", max_chars=300, help="An agency, a meeting, a log.")
        first, second, third, fourth = st.columns(4)
        grade = first.text_input("Grade (3x5x2), if intelligence", max_chars=5)
        lat = second.number_input("Latitude", value=None, format="%.5f")
        lng = third.number_input("Longitude", value=None, format="%.5f")
        radius = fourth.number_input("Radius in metres", 20, 2000, 100)
        if st.form_submit_button("Register"):
            hand = ByHand(called, str(kind), told, grade, lng, lat, float(radius))
            number = register.register_by_hand(session.workspace(), actor, hand)
            st.session_state[state.FLASH] = f"{hotspot_name(number)} is registered."
            state.next_data_turn()
            st.rerun()
