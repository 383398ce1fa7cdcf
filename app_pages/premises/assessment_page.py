"""Premises for assessment: which and why, by the next deadline; and the card of one."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session, state, tables
from app_pages.frame.remember import premises_state
from app_pages.frame.session import may
from app_pages.premises.answers import assessments_of, card_of
from app_pages.premises.assessment_card import show_card
from app_pages.premises.assessment_lists import choose_premises, show_same, show_suggestions
from hotspot.access.permissions import Operation
from hotspot.services.premises import assessments

current = session.current()
actor, run, sources = current.actor, current.chosen_run(), current.sources
version = premises_state()
listed = assessments_of(actor)
st.subheader("Premises for assessment")
st.caption(
    "Listed with an incident that a person linked as at or immediately outside, or with an "
    "officer's written reason; never for lying in or near a hotspot. Sorted by the next deadline."
)
if listed.empty:
    st.info(
        "No premises are for assessment. Look some up below, and link an incident or write why "
        "they are."
    )
else:
    authorities = sorted(listed["authority"].dropna().unique())
    if len(authorities) > 1:
        mine = st.pills(
            "Licensing authority",
            authorities,
            selection_mode="multi",
            key=state.AUTHORITIES,
            persist_state="session",
        )
        listed = listed[listed["authority"].isin(mine)] if mine else listed
    tables.show_assessments(listed)
place = choose_premises(actor, listed)
if place is not None:
    card = card_of(actor, place)
    show_card(actor, run, sources, card)
if may(actor, Operation.COMPARE_PREMISES):
    st.divider()
    show_suggestions(actor, run, sources)
    show_same(actor)
st.caption(assessments.CAVEAT)
