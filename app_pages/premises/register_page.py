"""The registers of premises: all of them, or those of a council's own districts."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session, state, tables
from app_pages.frame.page_end import end_page
from app_pages.premises.answers import register_of

actor = session.current().actor
register = register_of(actor)
st.subheader("Register of premises")
if register.empty:
    st.info(
        "No register is imported yet. Whoever may import brings the council's licensing register "
        "and the food hygiene file on Data > Import."
    )
    end_page()
left, right = st.columns([2, 1])
text = left.text_input(
    "Find by name, address, postcode or reference",
    max_chars=100,
    key=state.REGISTER_TEXT,
    persist_state="session",
)
kinds = right.multiselect("Kinds", sorted(register["kind"].unique()))
fields = register[["name", "address", "postcode", "premises_ref"]].fillna("").astype(str)
joined = fields.agg(" ".join, axis=1).str.casefold()
shown = register[joined.str.contains(text.strip().casefold(), regex=False)]
shown = shown[shown["kind"].isin(kinds)] if kinds else shown
st.caption(f"{len(shown):,} of {len(register):,} premises, as their registers have them")
tables.show_register_table(shown)
