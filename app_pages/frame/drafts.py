"""Texts that outlive a session: what was typed is kept as it is typed, until it is sent."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session
from hotspot.access.actor import Actor
from hotspot.services.workspace import drafts


def text_area(actor: Actor, label: str, key: str, longest: int) -> str:
    """Draw a text box whose text is kept on the server whenever it changes; give the text."""
    widget = _widget_of(key)
    if widget not in st.session_state:
        st.session_state[widget] = drafts.draft_of(session.workspace(), actor, key)
    text: str = st.text_area(
        label,
        key=widget,
        max_chars=longest,
        height=100,
        on_change=_keep,
        args=(actor, key, widget),
        help="What you type is kept: a sign-out does not lose it.",
    )
    return text


def forget(actor: Actor, key: str) -> None:
    """Forget a text that was sent: the next box is a new one."""
    drafts.keep_draft(session.workspace(), actor, key, "")
    st.session_state[f"{key} turn"] = _turn(key) + 1


def _turn(key: str) -> int:
    return int(st.session_state.get(f"{key} turn", 0))


def _widget_of(key: str) -> str:
    return f"{key} {_turn(key)}"


def _keep(actor: Actor, key: str, widget: str) -> None:
    if widget == _widget_of(key) and widget in st.session_state:
        drafts.keep_draft(session.workspace(), actor, key, st.session_state[widget])
