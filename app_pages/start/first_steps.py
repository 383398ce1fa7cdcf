"""What stands in place of a page that is about records while there are none."""

from __future__ import annotations

import streamlit as st

from app_pages.frame.session import may
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation


def show_first_steps(actor: Actor) -> None:
    """Say that there are no records, and what comes first."""
    st.subheader("No records yet")
    st.info("No records are imported yet: there is nothing to look for hotspots in.")
    if not may(actor, Operation.IMPORT):
        st.markdown(
            "An analyst of the force imports them. Until then the register of premises and "
            "the help are open to you."
        )
        return
    st.markdown(
        "1. Import the **sensitive sites** first (homes for children, schools, stations), so that "
        "nothing around them is ever counted.\n"
        "2. Import **missing episodes** and **incidents**: you see what would happen to each row "
        "before anything is kept.\n"
        "3. Import the **licensing** and **food hygiene registers** for what lies around.\n"
        "4. Look at the map, ask whether the hotspots can be believed, and freeze the month."
    )
    st.page_link("records/import_page.py", label="Import the first file")
