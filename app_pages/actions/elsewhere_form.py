"""Record an action against what no run meets: put in by hand, a business, a profession."""

from __future__ import annotations

import streamlit as st

from app_pages.actions.action_form import show_action_form
from app_pages.hotspots.answers import registered_outlines
from app_pages.premises.answers import register_of
from hotspot import Run
from hotspot.access.actor import Actor

_PREMISES = 0
"""Stands for premises of a register among the numbers of hotspots."""


def show_record_elsewhere(actor: Actor, run: Run, sources: list[str]) -> None:
    """Draw the choice of a registered hotspot of any kind, or of premises, and the form."""
    table = registered_outlines(actor)
    table = table[table["state"] != "merged"]
    labels = {
        int(row["hotspot_id"]): f"{row['hotspot']} {row['name']} ({row['kind']})"
        for row in table.to_dict("records")
    }
    labels[_PREMISES] = "Premises of a register"
    number = st.selectbox(
        "Record an action against",
        list(labels),
        index=None,
        placeholder="A registered hotspot, a profession, or premises of a register",
        format_func=labels.__getitem__,
    )
    if number is None:
        return
    premises = register_of(actor)
    if number == _PREMISES:
        show_action_form(actor, run, sources, "", premises, label="premises of a register")
        return
    none, label = premises.head(0), labels[number]
    show_action_form(actor, run, sources, "", none, label=label, number=number)
