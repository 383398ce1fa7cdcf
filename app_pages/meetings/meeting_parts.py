"""Parts of the meeting: opening it, who is there, what was agreed."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from app_pages.frame import drafts, session, state, tables
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from app_pages.meetings.place import are_keys_on
from hotspot import HotspotError
from hotspot.access.actor import Actor
from hotspot.disruption.actions import AGENCIES
from hotspot.disruption.meetings import KINDS
from hotspot.services.meetings import proceedings
from hotspot.services.meetings.book import Meeting
from layers.keys import Key, show_keys

_A_MONTH = timedelta(weeks=4)
_AGREED = {
    "action_id": "No.",
    "place": "Place",
    "measure": "Measure",
    "owner": "Owner",
    "agency": "Agency",
    "due_on": "Due",
    "why": "Why",
}


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
    """Draw who is there and who sent apologies, those of the last time, and one more."""
    st.caption("Who is here is the record of who was shown what.")
    here = [(one.name, one.agency, "") for one in meeting.attendance.values()]
    away = [(one.name, one.agency, "apologies") for one in meeting.apologies.values()]
    if here or away:
        table = pd.DataFrame([*here, *away], columns=["Name", "Agency", ""])
        tables.show_words(table, "Who is here")
    if meeting.last_time:
        _show_last_time(actor, meeting)
    _show_one_more(actor, meeting)
    if here or away:
        _show_correction(actor, meeting)


def _show_last_time(actor: Actor, meeting: Meeting) -> None:
    """Draw those of the last time: all are here, unless they are taken out."""
    people = meeting.last_time
    with st.form("last time", enter_to_submit=False):
        numbers = list(range(len(people)))
        called = [f"{one.name} ({one.agency})" for one in people]
        here = st.multiselect(
            "Here, from the last meeting's list", numbers, numbers, format_func=called.__getitem__
        )
        away = st.multiselect("Apologies", numbers, format_func=called.__getitem__)
        if not st.form_submit_button("Note them"):
            return
    if both := [called[n] for n in here if n in away]:
        st.error(plain(f"Here or apologies, not both: {'; '.join(both)}."))
        return
    noted = [people[n].model_copy(update={"has_apologised": n in away}) for n in (*here, *away)]
    try:
        proceedings.attend_all(session.workspace(), actor, meeting.number, noted)
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.rerun()


def _show_one_more(actor: Actor, meeting: Meeting) -> None:
    """Draw the form that notes one more; the agency is one of the list."""
    with st.form("attend", clear_on_submit=True):
        left, right = st.columns(2)
        name = left.text_input("Name", max_chars=100)
        agency = right.selectbox("Agency", AGENCIES, None, placeholder="Choose or type")
        is_away = st.checkbox("Sent apologies")
        if not st.form_submit_button("Note as present"):
            return
    try:
        proceedings.attend(
            session.workspace(),
            actor,
            meeting.number,
            name,
            str(agency or ""),
            has_apologised=is_away,
        )
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.rerun()


def _show_correction(actor: Actor, meeting: Meeting) -> None:
    """Draw the form that takes back an entry which was a mistake."""
    everyone = meeting.attendance | meeting.apologies
    with st.expander("Correct the list"), st.form("correct", enter_to_submit=False):
        entry = st.selectbox(
            "Noted by mistake",
            list(everyone),
            format_func=lambda n: f"{everyone[n].name} ({everyone[n].agency})",
        )
        if not st.form_submit_button("Take it back"):
            return
    try:
        proceedings.correct_attendance(session.workspace(), actor, meeting.number, int(entry))
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.rerun()


def show_agreed(actor: Actor, meeting: Meeting) -> None:
    """Draw what was agreed and decided against, to be read back, and the notes."""
    parts = (("Agreed", meeting.agreed), ("Considered, not progressed", meeting.declined))
    for title, table in parts:
        st.markdown(f"#### {title}")
        if table.empty:
            st.caption("Nothing yet.")
            continue
        tables.show_words(pd.DataFrame(table[list(_AGREED)].rename(columns=_AGREED)), title)
    read = {None: "Not read back yet.", True: "Read back and agreed.", False: "Not agreed."}
    st.markdown(read[meeting.read_back])
    left, right = st.columns(2)
    keys = (Key("a", "agreed", "read back, and agreed"),) if are_keys_on(actor, meeting) else ()
    is_agreed = show_keys("agreed keys", keys, f"read back {meeting.read_back}") == "agreed"
    if left.button("Read back, and agreed") or is_agreed:
        _read_back(actor, meeting, agreed=True)
    if right.button("Read back, and not agreed"):
        _read_back(actor, meeting, agreed=False)
    st.markdown("#### Notes")
    for text in meeting.notes:
        st.markdown(f"- {plain(text)}")
    _show_note_form(actor, meeting)
    _show_next_form(actor, meeting)


def _show_next_form(actor: Actor, meeting: Meeting) -> None:
    """Draw when the next meeting is, and the form that says so."""
    st.markdown("#### Next meeting")
    if meeting.next_on:
        st.markdown(f"{meeting.next_on:%A %d %B %Y}")
    with st.form("next meeting", enter_to_submit=False):
        day = st.date_input(
            "Held on", meeting.next_on or meeting.held_on + _A_MONTH, format="DD/MM/YYYY"
        )
        if not st.form_submit_button("Note the day"):
            return
    try:
        proceedings.plan_next(session.workspace(), actor, meeting.number, day)
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.rerun()


def _read_back(actor: Actor, meeting: Meeting, *, agreed: bool) -> None:
    proceedings.read_back(session.workspace(), actor, meeting.number, agreed=agreed)
    st.rerun()


def _show_note_form(actor: Actor, meeting: Meeting) -> None:
    field = f"{state.MEETING_NOTE} {meeting.number}"
    text = drafts.text_area(actor, "Note for the minutes", field, 2000)
    is_meant = asks_about_persons(f"note names nobody {meeting.number}")
    if st.button("Add the note") and may_save((text,), is_meant=is_meant):
        try:
            proceedings.note(session.workspace(), actor, meeting.number, text)
        except HotspotError as error:
            st.error(plain(str(error)))
            return
        drafts.forget(actor, field)
        st.rerun()
