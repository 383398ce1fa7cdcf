"""Findings about a registered hotspot: sentence by sentence, signed by a second analyst."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.page_end import end_page
from app_pages.frame.session import may
from app_pages.frame.text import plain, show_list
from app_pages.frame.wording import asks_about_persons, may_save
from app_pages.hotspots import answers
from app_pages.hotspots.answers import names_in
from hotspot import HotspotError
from hotspot.access.permissions import Operation
from hotspot.services.hotspots import findings

current = session.current()
actor, run, sources = current.actor, current.chosen_run(), current.sources
workspace = session.workspace()
st.subheader("Findings")


def show_form(hotspot_id: int) -> None:
    """Draw the form for a finding: what was typed stays until it is saved."""
    turn = int(st.session_state.get(state.FINDING_TURN, 0))
    with st.form("finding", enter_to_submit=False):
        kind = st.radio(
            "Kind",
            list(findings.KINDS),
            format_func=findings.KINDS.__getitem__,
            horizontal=True,
            key=f"finding kind {turn}",
        )
        left, right = st.columns([5, 1])
        text = left.text_input(
            "One sentence", max_chars=findings.MAX_TEXT, key=f"finding text {turn}"
        )
        grade = right.text_input("Grade (3x5x2)", max_chars=5, key=f"finding grade {turn}")
        is_meant = asks_about_persons()
        is_sent = st.form_submit_button("Write it")
    if not is_sent or not may_save((text,), is_meant=is_meant):
        return
    try:
        findings.write_finding(workspace, actor, hotspot_id, str(kind), text, grade)
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.session_state[state.FINDING_TURN] = turn + 1
    state.next_data_turn()
    st.rerun()


registered = answers.registered(actor)
if registered.empty:
    st.info("No hotspot is registered yet: freeze a snapshot first.")
    end_page()
labels = {
    int(number): f"{hotspot} {name}"
    for number, hotspot, name in registered[["hotspot_id", "hotspot", "name"]].itertuples(
        index=False
    )
}
carried = names_in(actor, run, sources)
chosen = carried.get(state.selected_key(run) or "", "")
first = next((n for n, label in enumerate(labels.values()) if label.split(" ")[0] in chosen), 0)
number = int(st.selectbox("Hotspot", list(labels), first, format_func=labels.__getitem__))
may_write = may(actor, Operation.WRITE_FINDING)
try:
    listed = answers.findings_of(actor, number)
    if listed.empty:
        st.info("Nothing has been written yet." if may_write else "Nothing has been signed yet.")
    for row in listed.to_dict("records"):
        left, right = st.columns([5, 2], vertical_alignment="center")
        kind = findings.KINDS[row["kind"]] + (f", {row['grade']}" if row["grade"] else "")
        is_signed = pd.notna(row["signed_at"])
        signed = f"signed by {row['signed_by']}" if is_signed else "not signed yet"
        left.markdown(
            f"**{kind}**: {plain(row['text'])}  \n"
            f":gray[{plain(row['written_by'])}, {row['written_at']:%d %B %Y}; "
            f"{plain(signed)}]"
        )
        if may_write:
            with right.container(horizontal=True):
                own = row["written_by_id"] == actor.account_id
                if not is_signed and not own and st.button("Sign", key=f"sign {row['finding_id']}"):
                    findings.sign_finding(workspace, actor, int(row["finding_id"]))
                    state.next_data_turn()
                    st.rerun()
                if st.button("Withdraw", key=f"withdraw {row['finding_id']}"):
                    findings.withdraw_finding(workspace, actor, int(row["finding_id"]))
                    state.next_data_turn()
                    st.rerun()
    if may_write:
        show_form(number)
        name = labels[number].split(" ")[0]
        keys = [key for key, words in carried.items() if name in words]
        if keys:
            st.markdown("##### What could be wrong about it, from the data")
            show_list(answers.caveats_of(actor, run, sources, keys[0]))
            st.caption(f"As {keys[0]} of the run at the settings beside.")
except HotspotError as error:
    st.error(plain(str(error)))
