"""Remember where in the meeting one is, so that a reload or a sign-out comes back to it."""

from __future__ import annotations

import json

import streamlit as st

from app_pages.frame import session, state
from hotspot.access.actor import Actor
from hotspot.services.meetings.book import Meeting
from hotspot.services.workspace import drafts

STEP, ACTION, HOTSPOT, KEYS_OFF = "step", "action", "hotspot", "keys off"


def standing(actor: Actor, meeting: Meeting) -> dict[str, str]:
    """Return where one is in a meeting: its step, action and hotspot by name."""
    name = _name(meeting)
    if name not in st.session_state:
        kept = drafts.draft_of(session.workspace(), actor, name)
        st.session_state[name] = dict(json.loads(kept)) if kept else {}
    where: dict[str, str] = st.session_state[name]
    return where


def stand_at(actor: Actor, meeting: Meeting, what: str, value: str) -> None:
    """Remember where one is now."""
    where = standing(actor, meeting)
    if where.get(what) != value:
        where[what] = value
        drafts.keep_draft(session.workspace(), actor, _name(meeting), json.dumps(where))


def switch_keys(actor: Actor, meeting: Meeting) -> None:
    """Draw the switch of the single keys."""
    is_on = st.toggle(
        "Single keys",
        are_keys_on(actor, meeting),
        key=f"{state.MEETING_KEYS} {meeting.number}",
        help="They rest while you type, and with the focus in a field or button.",
    )
    stand_at(actor, meeting, KEYS_OFF, "" if is_on else "yes")


def are_keys_on(actor: Actor, meeting: Meeting) -> bool:
    """Tell whether single keys are wanted."""
    return standing(actor, meeting).get(KEYS_OFF) != "yes"


def _name(meeting: Meeting) -> str:
    return f"{state.MEETING_WHERE} {meeting.number}"
