"""Hand out the papers of an application: what is served, its certificate, and what stays inside."""

from __future__ import annotations

from collections.abc import Callable

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.disclosure.application import (
    Application,
    CertificateText,
    write_application,
    write_certificate,
    write_summary_application,
)
from hotspot.disclosure.forms import FileForm
from hotspot.disclosure.inside import InsideSheet, write_inside_sheet
from hotspot.disclosure.pdf import pdf_of
from hotspot.disclosure.word import day_of
from hotspot.disruption.applications import ASSOCIATED, FORMS, SIGNS_AS
from hotspot.disruption.premises import (
    ENGAGEMENTS,
    GROUNDS,
    IN_HOURS,
    LICENSING_OBJECTIVES,
    RESPONSIBLE_AUTHORITIES,
    WHERE,
)
from hotspot.errors import InputError
from hotspot.services.hotspots.disclosures import named
from hotspot.services.premises.applications import Pack, deadline_sheet, found_pack, pack_in
from hotspot.services.premises.assessments import Card
from hotspot.services.premises.book import Place
from hotspot.services.workspace.audit_names import premises_place
from hotspot.services.workspace.exports import ExportFile, file_name
from hotspot.services.workspace.folder import Workspace, work_on

SERVED, CERTIFICATE, INSIDE = "served", "certificate", "inside"
PAPERS = {
    SERVED: "The application, to be served",
    CERTIFICATE: "The certificate that goes with it",
    INSIDE: "The inside sheet, not to be served",
}
DrawPlan = Callable[[str, float, float], bytes]
"""Draws a basemap (GeoJSON text) with one place (longitude, latitude) on it, as PNG."""


def export_paper(  # noqa: PLR0913 - of which application, which paper, as what, for whom, why
    workspace: Workspace,
    actor: Actor,
    place: Place,
    paper: str,
    *,
    recipients: str,
    reason: str,
    form: str = "51",
    as_pdf: bool = False,
    draw_plan: DrawPlan | None = None,
) -> ExportFile:
    """Make one paper of an application for named recipients; log the disclosure.

    Parameters
    ----------
    paper
        One of `PAPERS`: what is served and what stays inside are two documents.
    form
        Which application (see `applications.FORMS`).
    as_pdf
        Whether it is PDF; Word otherwise.

    Raises
    ------
    NotFoundError
        Nothing is written yet.
    InputError
        There is no such paper, no recipient is named, or no reason where the force asks for one.
    StoreError
        This machine cannot make a PDF.
    """
    recipients = named(recipients)
    with work_on(workspace, actor, Operation.EXPORT_PACK, reason) as work:
        card, last = pack_in(work, place, form)
        pack = found_pack(last)
        content = _written(workspace, card, pack, paper, draw_plan)
        content = pdf_of(content) if as_pdf else content
        about = premises_place(*card.place)
        shape = {"signed": pack.is_signed, "paper": paper, "form": form}
        work.log(
            "application for review", rows=1, shape=shape, places={about}, recipients=recipients
        )
    kind = FileForm.PDF if as_pdf else FileForm.WORD
    name = file_name(workspace, _named(pack, paper), kind)
    return ExportFile(name, kind, content, (about,), recipients)


def _named(pack: Pack, paper: str) -> str:
    if paper == INSIDE:
        return "application-inside-not-to-be-served"
    what = "certificate" if paper == CERTIFICATE else "application"
    return what if pack.is_signed else f"{what}-draft"


def _written(
    workspace: Workspace, card: Card, pack: Pack, paper: str, draw_plan: DrawPlan | None
) -> bytes:
    if paper == INSIDE:
        return write_inside_sheet(_inside(workspace, card, pack))
    made = _application(workspace, card, pack)
    if paper == CERTIFICATE and made.certificate is not None:
        return write_certificate(made, made.certificate)
    if paper != SERVED:
        message = "This application has no such paper; only a summary review has a certificate."
        raise InputError(message)
    located = card.registers.dropna(subset=["lng", "lat"])
    plan = None
    if draw_plan is not None and len(located):
        at = float(located["lng"].iloc[0]), float(located["lat"].iloc[0])
        plan = draw_plan(workspace.basemap, *at)
    if made.certificate is not None:
        return write_summary_application(made, made.certificate, plan)
    return write_application(made, plan)


def _application(workspace: Workspace, card: Card, pack: Pack) -> Application:
    licence = card.registers.iloc[0]
    grounds = sorted(
        (link for _, link in card.incidents if link.where in GROUNDS), key=lambda one: one.on_day
    )
    until = f", until {licence['open_until']}" if licence["open_until"] else ""
    return Application(
        name=str(licence["name"]),
        address=str(licence["address"] or ""),
        postcode=str(licence["postcode"] or ""),
        licence=str(licence["premises_ref"]),
        licensed_for=f"{licence['activities'] or 'not known'}{until}",
        applicant=pack.text.applicant,
        holder=pack.text.holder,
        objectives=[(n, key in pack.text.objectives) for key, n in LICENSING_OBJECTIVES.items()],
        grounds=pack.text.grounds,
        before=pack.text.before,
        incidents=[
            (one.on_day, one.reference, WHERE[one.where], IN_HOURS[one.in_hours], one.what)
            for one in grounds
        ],
        engagement=[
            (one.on_day, ENGAGEMENTS[one.kind], one.said)
            for _, one in sorted(card.engagements, key=lambda pair: pair[1].on_day)
        ],
        steps=pack.text.steps,
        statements=pack.text.statements,
        served_on=[f"The holder: {pack.text.holder}", *RESPONSIBLE_AUTHORITIES],
        given_on=pack.text.given_on,
        signed_by=pack.signed_by,
        is_signed=pack.is_signed,
        marking=workspace.settings.marking,
        certificate=_certificate(workspace, pack),
    )


def _certificate(workspace: Workspace, pack: Pack) -> CertificateText | None:
    given = pack.text.certificate
    if given is None or pack.text.form != "53A":
        return None
    values = given.model_dump()
    values["associated_with"] = ASSOCIATED[given.associated_with]
    return CertificateText(force=workspace.settings.name, **values)


def _inside(workspace: Workspace, card: Card, pack: Pack) -> InsideSheet:
    nearby = sum(link.where not in GROUNDS for _, link in card.incidents)
    left_out = [*pack.text.left_out]
    if nearby:
        left_out.append("What happened nearby: it is not at or immediately outside the premises.")
    deadlines = sorted(deadline_sheet(workspace, pack.text), key=lambda one: one.due_on)
    return InsideSheet(
        name=str(card.registers.iloc[0]["name"]),
        what=FORMS[pack.text.form],
        left_out=left_out,
        still_to_come=[
            f"{link.reference}: an officer's statement is still to come."
            for _, link in card.incidents
            if link.where in GROUNDS and link.statement_needed
        ],
        straight_why=pack.text.straight_why,
        deadlines=[(day_of(d.due_on), d.says, d.rule, "; ".join(d.cautions)) for d in deadlines],
        given_on=day_of(pack.text.given_on),
        signed=[f"{SIGNS_AS[key]}: {who}" for key, who in sorted(pack.signed.items())]
        if pack.is_current
        else [],
        marking=workspace.settings.marking,
        made_by=pack.written_by,
    )
