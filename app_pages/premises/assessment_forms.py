"""The forms of the card of premises: decision, incident, engagement, taking back."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from app_pages.frame import session, state, tables
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from app_pages.premises.assessment_lists import save_decision
from hotspot import HotspotError
from hotspot.access.actor import Actor
from hotspot.disruption.premises import (
    DECISIONS,
    ENGAGEMENTS,
    IN_HOURS,
    LICENSING_OBJECTIVES,
    MAX_LINE,
    WHERE,
)
from hotspot.services.premises import journal, records_near
from hotspot.services.premises.assessments import Card
from hotspot.services.premises.book import Place


def show_decision_form(actor: Actor, card: Card) -> None:
    """Draw the form that says whether premises are for assessment, and why."""
    with st.form("decision", enter_to_submit=False):
        left, right = st.columns([1, 3])
        choices = ["ended"] if card.is_listed else ["listed", "declined"]
        decision = left.selectbox("Decision", choices, format_func=DECISIONS.__getitem__)
        reason = right.text_input("Why", max_chars=MAX_LINE, key="decision reason")
        is_meant = asks_about_persons()
        if not st.form_submit_button("Save the decision"):
            return
    if may_save((reason,), is_meant=is_meant):
        save_decision(actor, card.place, decision, reason)


def show_incident_form(actor: Actor, card: Card) -> None:
    """Draw the records near the premises, and the form that links an incident by hand."""
    chosen = _choose_record(actor, card)
    st.markdown("**Link an incident**")
    with st.form(f"incident {chosen.get('record', '')}", enter_to_submit=False):
        left, middle, right = st.columns(3)
        reference = left.text_input("Crime or log reference", max_chars=60)
        day = middle.date_input(
            "Day",
            chosen.get("on_day", date.today()),  # noqa: DTZ011
            format="DD/MM/YYYY",
        )
        what = right.text_input("What happened", chosen.get("what", ""), max_chars=MAX_LINE)
        where = left.radio(
            "Where",
            list(WHERE),
            index=None,
            format_func=WHERE.__getitem__,
        )
        hours = middle.radio(
            "Licensed hours",
            list(IN_HOURS),
            index=2,
            format_func=IN_HOURS.__getitem__,
        )
        objectives = right.multiselect(
            "Licensing objectives",
            list(LICENSING_OBJECTIVES),
            format_func=LICENSING_OBJECTIVES.__getitem__,
        )
        statement = right.checkbox("An officer's statement is still needed")
        is_meant = asks_about_persons()
        if not st.form_submit_button("Link the incident"):
            return
    if where is None:
        st.error("Say whether it was at the premises, immediately outside or nearby.")
    elif may_save((what,), is_meant=is_meant):
        values = {
            "reference": reference,
            "on_day": day,
            "what": what,
            "where": where,
            "in_hours": hours,
            "objectives": objectives,
            "statement_needed": statement,
            "record": chosen.get("record", ""),
        }
        try:
            journal.link_incident(session.workspace(), actor, card.place, values)
        except HotspotError as error:
            st.error(plain(str(error)))
            return
        st.session_state[state.FLASH] = f"{reference} is linked."
        st.rerun()


def _choose_record(actor: Actor, card: Card) -> dict[str, Any]:
    """Look up the records within 100 m on request; give the one that is chosen."""
    with st.expander("Records within 100 m"):
        st.caption(
            "Nothing of a child is shown. Places can be off by the width of a street, so distance "
            "does not tell where an incident was: read the log, then say."
        )
        reason = st.text_input("Why you look", max_chars=300, help="For the log of views.")
        if st.button("Look up"):
            try:
                records = records_near.records_at(session.workspace(), actor, card.place, reason)
                st.session_state[state.RECORDS_AT] = (card.place, records)
            except HotspotError as error:
                st.error(plain(str(error)))
        place, records = st.session_state.get(state.RECORDS_AT, (None, None))
        if place != card.place or records is None:
            return {}
        if records.empty:
            st.info("No record lies within 100 m.")
            return {}
        rows = tables.choose_record(records)
    if not rows:
        return {}
    row = records.iloc[rows[0]]
    return {"record": row["record"], "on_day": row["on_day"], "what": row["what"]}


def show_engagement_form(actor: Actor, place: Place) -> None:
    """Draw the form that notes what was done with a business."""
    st.markdown("**Note what was done**")
    st.caption("Police and council licensing officers read it: nothing of records or intelligence.")
    with st.form(f"engagement {place}", enter_to_submit=False):
        left, middle, right = st.columns([1, 1, 2])
        kind = left.selectbox(
            "What",
            list(ENGAGEMENTS),
            format_func=ENGAGEMENTS.__getitem__,
        )
        day = middle.date_input("Day", date.today(), format="DD/MM/YYYY")  # noqa: DTZ011
        said = right.text_input("What was agreed or found", max_chars=MAX_LINE)
        again = middle.date_input("Look again on, if agreed", None, format="DD/MM/YYYY")
        is_meant = asks_about_persons()
        if not st.form_submit_button("Save what was done"):
            return
    if may_save((said,), is_meant=is_meant):
        values = {"kind": kind, "on_day": day, "said": said, "follow_up_on": again}
        try:
            journal.note_engagement(session.workspace(), actor, place, values)
        except HotspotError as error:
            st.error(plain(str(error)))
            return
        st.session_state[state.FLASH] = f"Saved: {ENGAGEMENTS[kind].lower()}."
        st.rerun()


def show_withdraw_form(actor: Actor, card: Card, entries: list[int]) -> None:
    """Draw the form that takes an entry back."""
    if not entries:
        return
    with st.expander("Take an entry back"), st.form("withdraw entry", enter_to_submit=False):
        left, right = st.columns([1, 3])
        number = left.selectbox("Entry", entries)
        why = right.text_input("Why it is taken back", max_chars=MAX_LINE)
        if not st.form_submit_button("Take it back"):
            return
        try:
            journal.withdraw_entry(session.workspace(), actor, card.place, number, why)
        except HotspotError as error:
            st.error(plain(str(error)))
            return
    st.session_state[state.FLASH] = f"Entry {number} is taken back."
    st.rerun()
