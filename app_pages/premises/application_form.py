"""Write an application for review, sign it, and hand out what is served and what stays inside."""

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
from hotspot.disclosure.pdf import can_write_pdf
from hotspot.disruption.applications import ASSOCIATED, FORMS, SENIOR_RANKS, SIGNS_AS
from hotspot.disruption.premises import LICENSING_OBJECTIVES
from hotspot.services.premises import applications
from hotspot.services.premises.assessments import Card
from hotspot.services.premises.papers import PAPERS, export_paper
from hotspot.services.workspace.exports import ExportFile
from layers.plan import spot_picture


def show_pack(actor: Actor, card: Card) -> None:
    """Draw the application about premises: what is missing, its text, signatures, the papers."""
    st.caption(
        "In the order of the prescribed form. Only points raised in it can be argued at the "
        "hearing. It holds the incidents at the premises and immediately outside, and no hotspot."
    )
    form = st.segmented_control(
        "Application",
        list(FORMS),
        default="51",
        required=True,
        format_func=FORMS.__getitem__,
        key=f"form {card.place}",
    )
    grounds = [link for _, link in card.incidents if link.where != "nearby"]
    if not grounds:
        st.warning("No incident at the premises or immediately outside is linked yet.")
    if form == "51" and card.warned_on is None:
        st.warning("No early warning is recorded: send one, or give the reason for going without.")
    pack = application_of(actor, card.place, str(form))
    if may(actor, Operation.WRITE_PACK):
        _show_form(actor, card, str(form), pack)
    if pack is None:
        st.caption("No application is written yet.")
        return
    _show_signatures(actor, card, pack)
    with st.expander(f"Deadlines if it is given on {pack.text.given_on:%d %b %Y}"):
        show_deadlines(applications.deadline_sheet(session.workspace(), pack.text))
    if may(actor, Operation.EXPORT_PACK):
        _show_papers(actor, card, pack)


def _show_papers(actor: Actor, card: Card, pack: applications.Pack) -> None:
    """Draw the papers that can be saved: what is served, and apart from it what stays inside."""
    has_certificate = pack.text.certificate is not None
    papers = [one for one in PAPERS if one != "certificate" or has_certificate]
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    paper = left.radio("Paper", papers, format_func=PAPERS.__getitem__, horizontal=True)
    kinds = ["Word", "PDF"] if can_write_pdf() else ["Word"]
    kind = right.radio("As", kinds, horizontal=True)

    def prepare(recipients: str, reason: str) -> ExportFile:
        return export_paper(
            session.workspace(),
            actor,
            card.place,
            str(paper),
            recipients=recipients,
            reason=reason,
            form=pack.text.form,
            as_pdf=kind == "PDF",
            draw_plan=spot_picture,
        )

    said = "Signed by all." if pack.is_signed else "Unsigned: DRAFT stands across every page."
    show_export(
        actor,
        f"pack {card.place} {pack.number} {len(pack.signed)} {pack.is_current} {paper} {kind}",
        f"Save the paper as {kind}",
        "What is left out, days and signatures: it stays with the force and its lawyers."
        if paper == "inside"
        else said,
        prepare,
    )


def _show_form(actor: Actor, card: Card, form: str, pack: applications.Pack | None) -> None:
    today = date.today()  # noqa: DTZ011 - a day on the users' calendar
    old: dict[str, Any] = pack.text.model_dump() if pack is not None else {}
    offered = applications.INTERIM_STEPS if form == "53A" else applications.CONDITIONS
    with st.form(f"pack {card.place} {form}", enter_to_submit=False):
        left, right = st.columns(2)
        values: dict[str, Any] = {
            "form": form,
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
                "Interim steps sought" if form == "53A" else "Steps sought",
                [*offered, *(step for step in old.get("steps", ()) if step not in offered)],
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
        if form == "53A":
            values["certificate"] = _ask_certificate(old.get("certificate") or {}, today)
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


def _ask_certificate(old: dict[str, Any], today: date) -> dict[str, Any]:
    """Ask what a senior member of the force certifies (s.53A(1)(b))."""
    left, middle, right = st.columns(3)
    known, ranks = list(ASSOCIATED), list(SENIOR_RANKS)
    return {
        "associated_with": left.selectbox(
            "Associated with",
            known,
            known.index(old.get("associated_with", "crime")),
            format_func=ASSOCIATED.__getitem__,
        ),
        "rank": middle.selectbox(
            "Rank of who certifies", ranks, ranks.index(old.get("rank", ranks[0]))
        ),
        "certified_by": right.text_input(
            "Who certifies it", old.get("certified_by", ""), max_chars=100
        ),
        "certified_on": left.date_input(
            "Certified on", old.get("certified_on", today), format="DD/MM/YYYY"
        ),
        "why_summary": st.text_area(
            "Why other procedures under the Act are inappropriate",
            old.get("why_summary", ""),
            height=80,
            max_chars=4000,
        ),
    }


def _lines(label: str, old: tuple[str, ...]) -> list[str]:
    text = st.text_area(label, "\n".join(old), height=80, max_chars=4000)
    return [line.strip() for line in text.splitlines() if line.strip()]


def _show_signatures(actor: Actor, card: Card, pack: applications.Pack) -> None:
    if pack.signed and not pack.is_current:
        st.warning("Something was linked or noted since it was signed: save it again, then sign.")
    for signs_as, words in SIGNS_AS.items():
        who = pack.signed.get(signs_as) if pack.is_current else None
        st.caption(plain(f"{words}: {'signed by ' + who if who else 'not signed'}"))
    open_to_me = applications.may_sign(actor, pack)
    if not may(actor, Operation.SIGN_PACK) or not open_to_me:
        return
    with st.form("sign", enter_to_submit=False):
        left, right = st.columns(2)
        signs_as = left.selectbox("Sign for", open_to_me, format_func=SIGNS_AS.__getitem__)
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
