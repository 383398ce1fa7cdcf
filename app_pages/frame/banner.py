"""Draw what every page has: the marking at head and foot, the style, what the last form did."""

from __future__ import annotations

from time import monotonic

import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.text import plain

FLASH_SECONDS = 4


def show_banner() -> None:
    """Show marking and, in the demonstration, that the data are invented."""
    settings = session.workspace().settings
    if settings.demo:
        st.warning("**Demonstration: invented data.** No place, business or person here is real.")
    else:
        st.info(f"**{plain(settings.marking)}** {plain(settings.handling)}")


def show_foot() -> None:
    """Show the marking at the foot of the page too."""
    settings = session.workspace().settings
    what = "Demonstration: invented data" if settings.demo else settings.marking
    st.caption(plain(what), text_alignment="center")


def show_style() -> None:
    """Leave the room around the page to the page, and what AA asks for: contrast, target sizes."""
    st.html(
        "<style>.stMainBlockContainer{padding:3.6rem 1.5rem 1rem}"
        ".stSidebar [data-testid=stSidebarHeader]{height:2.2rem}"
        ".stMainBlockContainer .stAlertContainer{padding:.35rem .9rem}"
        "[data-testid=stCaptionContainer]{opacity:.85}"
        "[data-testid=stPageLink-NavLink]{padding-left:0}"
        ".stMainBlockContainer [data-testid=stPageLink-NavLink] p{text-decoration:underline}"
        "[data-testid=stDateInput] [role=spinbutton],[data-testid=stTimeInput] [role=spinbutton]"
        "{display:inline-block;min-width:24px;min-height:24px;text-align:center}</style>"
    )


def show_flash() -> None:
    """Show what the last form did, for some seconds at least.

    A run may be cut off by the next one at any moment, so that showing it once could be never.
    Its place is there all the time: nothing below moves, and what was opened stays open.
    """
    if state.FLASH in st.session_state:
        st.session_state[state.FLASH_SHOWN] = (st.session_state[state.FLASH], monotonic())
        del st.session_state[state.FLASH]
    text, since = st.session_state.get(state.FLASH_SHOWN, ("", 0.0))
    with st.container():
        if text and monotonic() - since < FLASH_SECONDS:
            st.success(plain(text))
