"""Choose premises; look at what the analysis suggests; join entries of registers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.remember import premises_state, remember
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from app_pages.premises.answers import register_of
from hotspot import HotspotError, Run
from hotspot.access.actor import Actor
from hotspot.disruption.premises import DECISIONS, MAX_LINE
from hotspot.schema import SOURCE_LABELS, how_many
from hotspot.services.premises import journal, records_near
from hotspot.services.premises.book import Place

_AT_ONCE = 200


@remember(premises_state, spinner="Looking around the premises ...", is_shared=False)
def _suggestions(actor: Actor, run: Run, sources: list[str]) -> pd.DataFrame:
    return records_near.suggestions(session.workspace(), actor, run, sources)


@remember(premises_state, spinner="Comparing registers ...", is_shared=False)
def _likely_same(actor: Actor) -> pd.DataFrame:
    return journal.likely_same(session.workspace(), actor)


def choose_premises(actor: Actor, listed: pd.DataFrame) -> Place | None:
    """Draw the choice of premises: those for assessment first, then all of the registers."""
    register = register_of(actor)
    known = {
        (str(row["source"]), str(row["premises_ref"])): _label(row)
        for table in (listed, register)
        for row in table.to_dict("records")
    }
    if state.PREMISES_NEXT in st.session_state:  # what was just decided on is what is looked at
        st.session_state[state.PREMISES_CHOSEN] = st.session_state.pop(state.PREMISES_NEXT)
    chosen: Place | None = st.selectbox(
        "Premises",
        list(known),
        index=0 if len(listed) else None,
        key=state.PREMISES_CHOSEN,
        format_func=lambda place: known.get(place, ""),
        placeholder="Type a name or an address",
        persist_state="session",
    )
    return chosen


def _label(row: dict[object, object]) -> str:
    register = SOURCE_LABELS[str(row["source"])].lower()
    return f"{row['name']} · {row['address'] or 'no address'} ({register})"


def show_suggestions(actor: Actor, run: Run, sources: list[str]) -> None:
    """Show premises at which more was recorded than their surroundings explain; decide on each."""
    suggestions = _suggestions(actor, run, sources)
    with st.expander(f"Premises that deserve a look: {len(suggestions)}"):
        st.caption(
            "More was recorded within 25 m than the premises around have, and than a knot of "
            "records around a corner or a shelter would put there; where nothing is at any "
            "premises, at most 5 in 100 months have such a mark. A knot tighter than 25 m beside "
            "the door looks the same, so say whether each is for assessment, and why."
        )
        if suggestions.empty:
            st.info("None beyond those that were looked at.")
            return
        st.dataframe(
            {
                "Premises": suggestions["name"],
                "Kind": suggestions["kind"],
                "Recorded here": suggestions["here"],
                "To be expected": suggestions["expected"].round(1),
                "Premises around": suggestions["neighbours"],
            },
            hide_index=True,
            alt="Premises that deserve a look",
        )
        with st.form("suggestion", enter_to_submit=False):
            left, middle, right = st.columns([2, 1, 3])
            number = left.selectbox(
                "Which", range(len(suggestions)), format_func=lambda n: suggestions["name"].iloc[n]
            )
            decision = middle.selectbox(
                "Decision",
                ["listed", "declined"],
                format_func=DECISIONS.__getitem__,
            )
            reason = right.text_input("Why", max_chars=MAX_LINE)
            is_meant = asks_about_persons()
            sent = st.form_submit_button("Save the decision")
        if sent and may_save((reason,), is_meant=is_meant):
            row = suggestions.iloc[number]
            save_decision(actor, (row["source"], row["premises_ref"]), decision, reason)


def save_decision(actor: Actor, place: Place, decision: str, reason: str) -> None:
    """Save whether premises are for assessment, and say so."""
    try:
        journal.decide(session.workspace(), actor, place, decision, reason)
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.session_state[state.PREMISES_NEXT] = place
    st.session_state[state.FLASH] = f"Saved: {DECISIONS[decision].lower()}."
    st.rerun()


def show_same(actor: Actor) -> None:
    """Show entries of registers that may be the same premises, and save what a person says."""
    matches = _likely_same(actor)
    with st.expander(f"Entries of registers that may be the same premises: {len(matches)}"):
        st.caption("Tick those that are. Registers are linked, never overwritten.")
        if matches.empty:
            st.info("No pair is left to look at.")
            return
        first = matches.head(_AT_ONCE)
        table = pd.DataFrame(
            {
                "Entry": first["name"],
                "Register": first["source"].map(SOURCE_LABELS),
                "Other entry": first["other_name"],
                "Other register": first["other_source"].map(SOURCE_LABELS),
                "Names alike (%)": first["likeness"].round(0).astype(int),
                "Postcode": first["same_postcode"].map({True: "the same", False: "not the same"}),
                "Metres apart": first["distance_m"].round(0),
            }
        )
        rows = st.dataframe(
            table,
            hide_index=True,
            on_select="rerun",
            selection_mode="multi-row",
            key=f"{state.SAME}-{premises_state()}",
            alt="Entries that may be the same premises",
        )["selection"]["rows"]
        left, right = st.columns(2)
        is_same = left.button(f"The {len(rows)} ticked are the same premises", disabled=not rows)
        is_other = right.button(f"The {len(rows)} ticked are not", disabled=not rows)
        if is_same or is_other:
            pairs = [
                ((row["source"], row["premises_ref"]), (row["other_source"], row["other_ref"]))
                for row in first.iloc[rows].to_dict("records")
            ]
            try:
                journal.confirm_same(session.workspace(), actor, pairs, is_same=is_same)
            except HotspotError as error:
                st.error(plain(str(error)))
                return
            st.session_state[state.FLASH] = f"{how_many(len(pairs), 'pair')} saved."
            st.rerun()
