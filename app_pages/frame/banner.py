"""Draw what every page has: the marking at head and foot, the style, what the last form did."""

from __future__ import annotations

from time import monotonic

import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.text import plain
from hotspot.access.actor import Actor

FLASH_SECONDS = 4


def show_banner(actor: Actor) -> None:
    """Show marking, that the demonstration's data are invented, whose they are, and who looks."""
    settings = session.workspace().settings
    marking, who = st.columns([4, 3], vertical_alignment="center")  # of a width that stays
    with marking:
        if settings.demo:
            st.warning("**Demonstration: invented data.** No place, business or person is real.")
        else:
            st.info(f"**{plain(settings.marking)}** {plain(settings.handling)}")
    with who:
        session.show_actor(actor)


def show_foot() -> None:
    """Show the marking at the foot of the page too."""
    settings = session.workspace().settings
    what = "Demonstration: invented data" if settings.demo else settings.marking
    st.caption(plain(what), text_alignment="center")


def show_style() -> None:
    """Leave the room around the page to the page, and what AA asks for: contrast, target sizes."""
    st.html(
        "<style>.stMainBlockContainer{padding:3.6rem 1.5rem 1rem}"
        ".stMainBlockContainer>.stVerticalBlock{gap:.5rem}"
        ".st-key-bar{position:relative;z-index:20}"
        ".st-key-bar .st-key-settings_box>*{margin:0}"
        ".st-key-settings_box>details>:not(summary),.st-key-settings_box>div>details>:not(summary)"
        "{position:absolute;top:2.9rem;left:0;width:min(720px,92vw);"
        "max-height:calc(100dvh - 12rem);overflow:auto;background:Canvas;border-radius:.5rem;"
        "box-shadow:0 4px 16px #0006;outline:1px solid #8888}"
        ".stMainBlockContainer .stAlertContainer{padding:.35rem .9rem}"
        "[data-testid=stCaptionContainer]{opacity:.85}"
        "[data-testid=stPageLink-NavLink]{padding-left:0}"
        ".stMainBlockContainer [data-testid=stPageLink-NavLink] p{text-decoration:underline}"
        "[data-testid=stDateInput] [role=spinbutton],[data-testid=stTimeInput] [role=spinbutton]"
        "{display:inline-block;min-width:24px;min-height:24px;text-align:center}</style>"
    )


def show_form_style() -> None:
    """Keep the message of a form in sight, and a primary button readable in the dark."""
    dark = st.context.theme.type == "dark"
    words = "[data-testid^=stBaseButton-primary]{color:#0b1a26}" if dark else ""
    st.html(
        "<style>[data-testid=stLayoutWrapper]:has(>.st-key-flash){position:sticky;top:3.4rem;"
        f"z-index:90}}{words}</style>"
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
    with st.container(key="flash"):
        if text and monotonic() - since < FLASH_SECONDS:
            st.success(plain(text))
