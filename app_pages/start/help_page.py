"""Help: what words mean, which keys there are, and the way through the sample."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.frame.text import plain
from app_pages.start import tour
from app_pages.start.help_words import GLOSSARY, KEYS

st.subheader("Help")
tour.show_start()
st.markdown("#### Words")
wanted = st.text_input("Find a word", placeholder="such as banded", max_chars=60).strip().lower()
entries = {word: what for word, what in GLOSSARY.items() if wanted in f"{word} {what}".lower()}
for word, what in entries.items():
    st.markdown(f"**{plain(word)}**: {plain(what)}")
if not entries:
    st.caption("No word of the help has that in it.")
st.markdown("#### Keys")
st.dataframe(
    pd.DataFrame(
        [(where, key, what) for where, keys in KEYS.items() for key, what in keys.items()],
        columns=["Where", "Key", "What it does"],
    ),
    hide_index=True,
    height="content",
    alt="Keys of the app",
)
st.markdown("#### How to read the colours")
st.markdown(
    "Darker blue is more, not worse. No colour stands alone: hotspots have a number, a chosen one "
    "has a thicker line, late actions the word late, marks are in words. Whatever the map shows "
    "stands in the table beside it too."
)
