"""Show text from data as it is: never as markup."""

from __future__ import annotations

import base64
import html
import re

import streamlit as st

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~$:^=&])")
_LINKS_ITSELF = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def plain(text: str) -> str:
    """Escape text so that Markdown shows it as it is.

    Markdown links addresses by itself, escaped or not; a character without width keeps it from
    knowing them.
    """
    return _MARKDOWN.sub(r"\\\1", _LINKS_ITSELF.sub(_WORD_JOINER, text))


def show_list(sentences: list[str]) -> None:
    """Show sentences as a list, close together."""
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))


def show_picture(content: bytes, about: str) -> None:
    """Show a picture (PNG) inside the page itself: nothing of it can be asked for by address."""
    data = base64.b64encode(content).decode()
    st.html(
        f'<img src="data:image/png;base64,{data}" alt="{html.escape(about)}" style="width:100%">'
    )
