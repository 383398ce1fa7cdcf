"""Premises for assessment: which and why, by the next deadline; and the card of one."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import state, tables, widgets
from app_pages.premises import premises_cache
from app_pages.premises.assessment_card import show_card
from app_pages.premises.assessment_lists import choose_premises, show_same, show_suggestions
from hotspot.services.people.session import Operation
from hotspot.services.premises import assessments

actor, run, sources = st.session_state[state.CURRENT]
version = widgets.premises_version()
listed = premises_cache.listed(version, actor.name, actor)
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
    card = premises_cache.card(version, place, actor.name, actor)
    show_card(actor, run, sources, card)
if widgets.may(actor, Operation.COMPARE_PREMISES):
    st.divider()
    show_suggestions(actor, run, sources, version)
    show_same(actor, version)
st.caption(assessments.CAVEAT)
