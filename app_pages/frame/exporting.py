"""Prepare files that leave: the form that asks for recipients and reason, and the link."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app_pages.frame import state
from app_pages.frame.text import plain
from hotspot import HotspotError
from hotspot.access.actor import Actor
from hotspot.services.workspace import exports
from hotspot.services.workspace.exports import ExportFile


def show_export(
    actor: Actor,
    name: str,
    title: str,
    about: str,
    prepare: Callable[[str, str], ExportFile],
    *,
    has_recipients: bool = True,
) -> None:
    """Draw the form that prepares a file, and the link that hands it out once.

    Parameters
    ----------
    name
        What the file would hold; a link made for another state of the page is not shown.
    prepare
        Makes the file from recipients and reason; its service logs the disclosure.
    """
    with st.expander(title), st.form(f"export {title}", enter_to_submit=False):
        st.caption(about)
        recipients = st.text_input("Who will receive it", max_chars=200) if has_recipients else ""
        reason = st.text_input("Why", max_chars=300, help="For the log of disclosures.")
        if st.form_submit_button("Prepare the file"):
            try:
                ticket = exports.DESK.leave(actor.session, prepare(recipients, reason))
                st.session_state[state.PREPARED] = (name, ticket)
            except HotspotError as error:
                st.error(plain(str(error)))
            else:
                st.rerun()  # so that the link to a file prepared before goes
    prepared = st.session_state.get(state.PREPARED)
    with st.container():  # always there: what is open below stays open
        if prepared and prepared[0] == name:
            st.link_button("Download the file", f"/export/{prepared[1]}")
            st.caption("The link works once, for you, within two minutes.")
