"""Make and end the private address by which a person's own calendar reads what falls due."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.text import plain
from hotspot import HotspotError
from hotspot.access.actor import Actor
from hotspot.services.actions import feeds


def show_calendar_address(actor: Actor) -> None:
    """Draw the address once when it is made, and the way to end it."""
    workspace = session.workspace()
    with st.expander("What falls due, in my own calendar"):
        st.caption(
            "A private address for a calendar program inside the force's network. It names "
            "measures, references and days. Whoever has the address can read them: end it when "
            "it may be known to others."
        )
        left, right = st.columns(2)
        try:
            if left.button("Make a new private address"):
                token = feeds.make_feed(workspace, actor)
                parts = urlsplit(st.context.url or "")
                st.code(f"{parts.scheme}://{parts.netloc}/calendar/{token}.ics", language=None)
                st.caption("It is shown this once. An earlier address of yours has ended.")
            elif feeds.has_feed(workspace, actor) and right.button("End my private address"):
                feeds.end_feed(workspace, actor)
                st.session_state[state.FLASH] = "Your private address has ended."
                st.rerun()
        except HotspotError as error:
            st.error(plain(str(error)))
