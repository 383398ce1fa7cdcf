"""Show the single keys of a page, and give the one that was pressed: never one that was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

KEYS = st.components.v2.component(
    "hotspot.keys", html='<div class="keys-root"></div>', css="keys.css", js="keys.js"
)


@dataclass(frozen=True)
class Key:
    """A single key of a page.

    Attributes
    ----------
    key
        As a browser names it: "d", "ArrowRight".
    name
        What the page calls its act.
    says
        What it does, in a word or two.
    shown
        What is shown for the key; itself where it is empty.
    focus
        A selector of CSS: the key leads to that control, and does nothing else.
    """

    key: str
    name: str
    says: str
    shown: str = ""
    focus: str = ""


def show_keys(widget: str, keys: Sequence[Key], about: str) -> str:
    """Draw the keys; return the name of the one that was pressed, once, and else nothing.

    Parameters
    ----------
    widget
        Key of the widget.
    about
        What the page is about now. A press on what it was about before means nothing.
    """
    turn = f"{widget} turn"
    st.session_state.setdefault(turn, 0)
    data = {
        "keys": [
            {
                "key": one.key,
                "name": one.name,
                "says": one.says,
                "shown": one.shown or None,
                "focus": one.focus or None,
            }
            for one in keys
        ],
        "about": about,
        "turn": st.session_state[turn],
    }
    pressed = KEYS(
        key=widget,
        data=data,
        height="content",
        on_pressed_change=lambda: st.session_state.update({turn: st.session_state[turn] + 1}),
    ).pressed
    if not pressed or pressed.get("about") != about:
        return ""
    known = {one.name for one in keys}
    name = str(pressed.get("name", ""))
    return name if name in known else ""
