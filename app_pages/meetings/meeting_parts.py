"""Parts of the meeting: opening it, who is there, what was agreed, minutes."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app_pages.frame import drafts, session, state, tables
from app_pages.frame.exporting import show_export
from app_pages.frame.remember import meetings_state
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from hotspot import HotspotError, Run
from hotspot.access.actor import Actor
from hotspot.disclosure.forms import FileForm
from hotspot.disruption.actions import AGENCIES
from hotspot.disruption.meetings import KINDS
from hotspot.services.meetings import proceedings, projection
from hotspot.services.meetings.book import Meeting
from hotspot.services.workspace.exports import ExportFile


def show_open_form(actor: Actor, today: date) -> None:
    """Draw the form that opens a meeting."""
    with st.form("open meeting", enter_to_submit=False):
        left, middle, right = st.columns([2, 1, 1])
        kind = middle.selectbox("Kind", list(KINDS), format_func=KINDS.__getitem__)
        name = left.text_input("Name", f"MACE {today:%B %Y}", max_chars=100)
        day = right.date_input("Held on", today, format="DD/MM/YYYY")
        if not st.form_submit_button("Open the meeting"):
            return
    try:
        proceedings.open_meeting(session.workspace(), actor, name, day, str(kind))
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.rerun()


def show_present(actor: Actor, meeting: Meeting) -> None:
    """Draw who is there, and the form that notes one more."""
    st.caption("Who is here is the record of who was shown what.")
    if meeting.attendance:
        here = [(one.name, one.agency) for one in meeting.attendance]
        tables.show_words(pd.DataFrame(here, columns=["Name", "Agency"]), "Who is here")
    with st.form("attend", clear_on_submit=True):
        left, right = st.columns(2)
        name = left.text_input("Name", max_chars=100)
        agency = right.selectbox("Agency", AGENCIES, accept_new_options=True)
        if not st.form_submit_button("Note as present"):
            return
    try:
        proceedings.attend(session.workspace(), actor, meeting.number, name, str(agency or ""))
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.rerun()


def show_agreed(actor: Actor, meeting: Meeting) -> None:
    """Draw what was agreed and decided against, to be read back, and the notes."""
    for title, table in (("Agreed", meeting.agreed), ("Decided against", meeting.declined)):
        st.markdown(f"#### {title}")
        if table.empty:
            st.caption("Nothing yet.")
            continue
        shown = table.rename(
            columns={
                "action_id": "No.",
                "place": "Place",
                "measure": "Measure",
                "owner": "Owner",
                "agency": "Agency",
                "due_on": "Due",
                "why": "Why",
            }
        )
        tables.show_words(pd.DataFrame(shown), title)
    read = {None: "Not read back yet.", True: "Read back and agreed.", False: "Not agreed."}
    st.markdown(read[meeting.read_back])
    left, right = st.columns(2)
    if left.button("Read back, and agreed", shortcut="A"):
        _read_back(actor, meeting, agreed=True)
    if right.button("Read back, and not agreed"):
        _read_back(actor, meeting, agreed=False)
    st.markdown("#### Notes")
    for text in meeting.notes:
        st.markdown(f"- {plain(text)}")
    _show_note_form(actor, meeting)


def _read_back(actor: Actor, meeting: Meeting, *, agreed: bool) -> None:
    proceedings.read_back(session.workspace(), actor, meeting.number, agreed=agreed)
    st.rerun()


def _show_note_form(actor: Actor, meeting: Meeting) -> None:
    text = drafts.text_area(actor, "Note for the minutes", state.MEETING_NOTE, 2000)
    is_meant = asks_about_persons()
    if st.button("Add the note") and may_save((text,), is_meant=is_meant):
        try:
            proceedings.note(session.workspace(), actor, meeting.number, text)
        except HotspotError as error:
            st.error(plain(str(error)))
            return
        drafts.forget(actor, state.MEETING_NOTE)
        st.rerun()


def show_minutes(actor: Actor, run: Run, sources: list[str], meeting: Meeting) -> None:
    """Draw the form that hands out the minutes, and closes the meeting."""
    for form, words in ((FileForm.WORD, "Word"), (FileForm.PAGE, "a web page")):

        def prepare(recipients: str, reason: str, form: FileForm = form) -> ExportFile:
            return projection.export_minutes(
                session.workspace(),
                actor,
                meeting.number,
                form,
                run,
                sources,
                recipients=recipients,
                reason=reason,
            )

        show_export(
            actor,
            f"minutes {meeting.number} {form} {meetings_state()}",
            f"Save the minutes as {words}",
            f"Marked, with those present. They were: {plain(meeting.recipients)}.",
            prepare,
        )
    if meeting.is_open and st.button("Close the meeting"):
        try:
            proceedings.close_meeting(session.workspace(), actor, meeting.number)
        except HotspotError as error:
            st.error(plain(str(error)))
            return
        st.session_state[state.FLASH] = f"{meeting.name} is closed."
        st.rerun()
