"""The form that merges an action which was recorded twice into the one that is kept."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.actions.conflicts import let_go
from app_pages.frame import session
from app_pages.frame.forms import Form
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from hotspot.access.actor import Actor
from hotspot.disruption.ladders import CLOSED
from hotspot.errors import ConflictError
from hotspot.services.actions.merging import merge_duplicate


def show_merge_form(actor: Actor, row: pd.Series, number: int, actions: pd.DataFrame) -> None:
    """Draw the open actions at the same hotspot, and merge this one into the one chosen."""
    is_other = (actions["hotspot"] == row["hotspot"]) & (actions["action_id"] != number)
    others = actions[is_other & ~actions["state"].isin(list(CLOSED))].set_index("action_id")
    if others.empty or row["state"] in CLOSED:
        return
    version, form = int(row["version"]), Form(f"merge {number}")
    with (
        st.expander("It was recorded twice: merge it into another"),
        st.form(f"merge {number} {version}", enter_to_submit=False),
    ):
        into = st.selectbox(
            "The action that is kept",
            list(others.index),
            format_func=lambda n: f"{n} · {others.loc[n, 'measure']} · {others.loc[n, 'owner']}",
        )
        form.fault_at(st, "into")
        reason = st.text_input("How it is known that both are the same", max_chars=300)
        form.fault_at(st, "reason")
        is_meant = asks_about_persons()
        is_sent = st.form_submit_button("Merge it")
        form.show_rest()
    if not is_sent or not may_save((reason,), is_meant=is_meant):
        return
    kept = (int(into), int(others.loc[into, "version"]))

    def merge() -> None:
        merge_duplicate(session.workspace(), actor, (number, version), kept, reason)

    let_go(number)
    try:
        form.save(f"Action {number} is merged into action {into}.", merge)
    except ConflictError as error:
        st.error(plain(f"{error} Neither was changed."))
