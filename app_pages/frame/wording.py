"""Ask at every free text that it names nobody, and warn where it seems to."""

from __future__ import annotations

import streamlit as st

from app_pages.frame.text import plain
from hotspot.disruption.wording import NO_PERSONS, doubts_in


def asks_about_persons() -> bool:
    """Draw at a form's texts what does not belong in them; return whether they name nobody."""
    st.caption(NO_PERSONS)
    return st.checkbox("The texts name nobody (only where a warning asks for it)")


def may_save(texts: tuple[str, ...], *, is_meant: bool) -> bool:
    """Warn of texts that may point at a person, unless somebody has looked at them."""
    doubts = list(dict.fromkeys(what for text in texts for what in doubts_in(text)))
    if doubts and not is_meant:
        st.warning(
            plain(
                f"The texts seem to hold {', '.join(doubts)}. Change them, or tick that they name "
                "nobody and save again."
            )
        )
        return False
    return True
