"""Draw the form that makes the profile of a month from a frozen snapshot."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session
from app_pages.frame.exporting import show_export
from hotspot.access.actor import Actor
from hotspot.disclosure.profile import Audience
from hotspot.services.reports import profiles
from hotspot.services.workspace.exports import ExportFile
from layers.plan import hours_picture, place_picture

AUDIENCES = {
    Audience.POLICE: "the force (true counts, graded intelligence)",
    Audience.PARTNERS: "MACE partners (banded counts, no intelligence)",
}


def show_profile(actor: Actor, names: dict[int, str]) -> None:
    """Choose a snapshot and for whom, and prepare the Word document."""
    st.markdown("##### The profile of the month")
    left, right = st.columns(2)
    number = left.selectbox("Of snapshot", list(names), format_func=names.__getitem__)
    audience = right.selectbox("For", list(AUDIENCES), format_func=AUDIENCES.__getitem__)

    def prepare(recipients: str, reason: str) -> ExportFile:
        return profiles.export_profile(
            session.workspace(),
            actor,
            int(number),
            audience,
            recipients=recipients,
            reason=reason,
            draw_map=place_picture,
            draw_hours=hours_picture,
        )

    show_export(
        actor,
        f"profile {number} {audience}",
        "Make the profile as a Word document",
        "For each hotspot a map, what became of it, hours, signed findings, caveats and open "
        "actions; sources with their refresh dates. What one child's records drive is left out.",
        prepare,
    )
