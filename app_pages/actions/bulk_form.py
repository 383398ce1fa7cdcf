"""The form that gives several actions another owner or another day at once."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.actions.amend_form import asks_if_late_is_meant
from app_pages.frame import session
from app_pages.frame.forms import Form
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from hotspot.access.actor import Actor
from hotspot.disruption.actions import AGENCIES
from hotspot.errors import ConflictError
from hotspot.schema import how_many
from hotspot.services.actions.bulk import Change, amend_several

_AS_BEFORE = "as before"


def show_bulk_form(actor: Actor, actions: pd.DataFrame) -> None:
    """Draw the choice of several actions and what they get, and save all of it or nothing."""
    labels = {
        int(row["action_id"]): f"{row['action_id']} · {row['measure']} · {row['owner']}"
        for row in actions.to_dict("records")
    }
    versions = {
        int(n): int(v) for n, v in zip(actions["action_id"], actions["version"], strict=True)
    }
    turn = sum(versions.values())
    form = Form("several")
    with st.expander("Give several actions another owner or another day"):
        with st.form(f"several {turn}", enter_to_submit=False):
            numbers = st.multiselect("Actions", list(labels), format_func=labels.__getitem__)
            form.fault_at(st, "actions")
            left, middle, right = st.columns(3)
            owner = left.text_input("Owner of them from now on", placeholder=_AS_BEFORE)
            agency = middle.selectbox("Agency of them from now on", ["", *AGENCIES])
            due = right.date_input("Due date of them", None, format="DD/MM/YYYY")
            is_late_meant = asks_if_late_is_meant(right, form)
            why = st.text_input("Why they are changed", max_chars=300)
            form.fault_at(st, "why")
            is_meant = asks_about_persons()
            is_sent = st.form_submit_button("Change them")
            form.show_rest()
        if not is_sent or not may_save((why,), is_meant=is_meant):
            return
        change = Change(owner, str(agency), due, why, is_late_meant=is_late_meant)
        seen = {number: versions[number] for number in numbers}
        try:
            form.save(
                f"{how_many(len(seen), 'action')} changed.",
                lambda: amend_several(session.workspace(), actor, seen, change),
            )
        except ConflictError as error:
            st.error(plain(f"{error} Nothing was changed."))
