"""Show text from data as it is: never as markup."""

from __future__ import annotations

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
