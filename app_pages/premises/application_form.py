"""Write an application for review, sign it, and hand it out as Word."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from app_pages.actions.measure_card import show_deadlines
from app_pages.frame import session, state
from app_pages.frame.exporting import show_export
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from app_pages.premises.answers import application_of
from hotspot import HotspotError
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disruption.premises import LICENSING_OBJECTIVES
from hotspot.services.premises import applications
from hotspot.services.premises.assessments import Card
from hotspot.services.workspace.exports import ExportFile
from layers.plan import spot_picture


def show_pack(actor: Actor, card: Card) -> None:
    """Draw the application about premises: what is missing, its text, signatures, the file."""
    st.caption(
        "In the order of the prescribed form. Only points raised in it can be argued at the "
        "hearing. It holds the incidents at the premises and immediately outside, and no hotspot."
    )
    grounds = [link for _, link in card.incidents if link.where != "nearby"]
    if not grounds:
        st.warning("No incident at the premises or immediately outside is linked yet.")
    if card.warned_on is None:
        st.warning("No early warning is recorded: send one, or give the reason for going without.")
    pack = application_of(actor, card.place)
    if may(actor, Operation.WRITE_PACK):
        _show_form(actor, card, pack)
    if pack is None:
        st.caption("No application is written yet.")
        return
    _show_signatures(actor, card, pack)
    with st.expander(f"Deadlines if it is given on {pack.text.given_on:%d %b %Y}"):
        show_deadlines(applications.deadline_sheet(session.workspace(), pack.text))

    def prepare(recipients: str, reason: str) -> ExportFile:
        return applications.export_pack(
            session.workspace(),
            actor,
            card.place,
            recipients=recipients,
            reason=reason,
            draw_plan=spot_picture,
        )

    if may(actor, Operation.EXPORT_PACK):
        show_export(
            actor,
            f"pack {card.place} {pack.number} {len(pack.signed)} {pack.is_current}",
            "Save the application as Word",
            "Signed by all." if pack.is_signed else "Unsigned: DRAFT stands across every page.",
            prepare,
        )


def _show_form(actor: Actor, card: Card, pack: applications.Pack | None) -> None:
    today = date.today()  # noqa: DTZ011 - a day on the users' calendar
    old: dict[str, Any] = pack.text.model_dump() if pack is not None else {}
    with st.form(f"pack {card.place}", enter_to_submit=False):
        left, right = st.columns(2)
        values: dict[str, Any] = {
            "applicant": left.text_input(
                "Applicant and address for correspondence",
                old.get("applicant", f"{actor.agency}, licensing"),
                max_chars=300,
            ),
            "holder": right.text_input(
                "Holder of the licence", old.get("holder", ""), max_chars=300
            ),
            "objectives": st.multiselect(
                "Licensing objectives",
                list(LICENSING_OBJECTIVES),
                list(old.get("objectives", ("children",))),
                format_func=LICENSING_OBJECTIVES.__getitem__,
            ),
            "grounds": st.text_area(
                "Grounds",
                old.get("grounds", ""),
                height=140,
                max_chars=4000,
                help="Write 'child' of a child, and nothing that names one.",
            ),
            "before": st.text_input(
                "Earlier applications and representations, with days", old.get("before", "")
            ),
            "steps": st.multiselect(
                "Steps sought",
                [
                    *applications.CONDITIONS,
                    *(step for step in old.get("steps", ()) if step not in applications.CONDITIONS),
                ],
                list(old.get("steps", ())),
                accept_new_options=True,
                help="Choose, or type another and press Enter.",
            ),
            "statements": _lines("Statements, one a line", old.get("statements", ())),
            "left_out": _lines("What is left out and why, one a line", old.get("left_out", ())),
        }
        left, right = st.columns(2)
        values["given_on"] = left.date_input(
            "To be given on",
            old.get("given_on", today),
            format="DD/MM/YYYY",
        )
        values["straight_why"] = right.text_input(
            "Why without an early warning, where there was none",
            old.get("straight_why", ""),
            max_chars=300,
        )
        is_meant = asks_about_persons()
        if not st.form_submit_button("Save the application"):
            return
    if not may_save((values["grounds"], values["straight_why"]), is_meant=is_meant):
        return
    try:
        applications.save_pack(session.workspace(), actor, card.place, values)
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.session_state[state.FLASH] = "The application is saved; it is to be signed by two others."
    st.rerun()


def _lines(label: str, old: tuple[str, ...]) -> list[str]:
    text = st.text_area(label, "\n".join(old), height=80, max_chars=4000)
    return [line.strip() for line in text.splitlines() if line.strip()]


def _show_signatures(actor: Actor, card: Card, pack: applications.Pack) -> None:
    if pack.signed and not pack.is_current:
        st.warning("Something was linked or noted since it was signed: save it again, then sign.")
    for signs_as, words in applications.SIGNS_AS.items():
        who = pack.signed.get(signs_as) if pack.is_current else None
        st.caption(plain(f"{words}: {'signed by ' + who if who else 'not signed'}"))
    if not may(actor, Operation.SIGN_PACK) or pack.written_by == actor.name:
        return
    with st.form("sign", enter_to_submit=False):
        left, right = st.columns(2)
        signs_as = left.selectbox(
            "Sign for", list(applications.SIGNS_AS), format_func=applications.SIGNS_AS.__getitem__
        )
        reference = right.text_input("Reference of the legal advice", max_chars=100)
        if not st.form_submit_button("I have read it, and sign"):
            return
    try:
        applications.sign_pack(
            session.workspace(), actor, card.place, pack.number, signs_as, reference
        )
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.session_state[state.FLASH] = "Signed."
    st.rerun()
