"""What pages ask about premises, remembered."""

from __future__ import annotations

import pandas as pd

from app_pages.frame import session
from app_pages.frame.remember import premises_state, registers_state, remember
from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.services.premises import applications, assessments, nearby
from hotspot.services.premises.assessments import Card
from hotspot.services.premises.book import Place


@remember(registers_state, entries=20, is_shared=False)
def premises_of(actor: Actor, run: Run, sources: list[str], within_m: float) -> pd.DataFrame:  # noqa: ARG001
    """Return the premises near the hotspots of a run; none where the run is approximate."""
    if run.approximate:
        return nearby.no_premises()
    return nearby.premises_near(session.workspace(), actor, run, within_m)


@remember(registers_state, is_shared=False)
def register_of(actor: Actor) -> pd.DataFrame:
    """Return the registers of premises that the actor may read."""
    return nearby.register_of_premises(session.workspace(), actor)


@remember(premises_state, is_shared=False)
def assessments_of(actor: Actor) -> pd.DataFrame:
    """List the premises for assessment."""
    return assessments.list_assessments(session.workspace(), actor)


@remember(premises_state, entries=10)
def card_of(actor: Actor, place: Place) -> Card:
    """Return the card of premises."""
    return assessments.card_of(session.workspace(), actor, place)


@remember(premises_state, entries=10)
def application_of(actor: Actor, place: Place, form: str) -> applications.Pack | None:
    """Return the application about premises, if one is written."""
    return applications.read_pack(session.workspace(), actor, place, form)


@remember(premises_state, is_shared=False)
def engagements_of(actor: Actor) -> pd.DataFrame:
    """List what was done with businesses of a council's districts."""
    return assessments.engagements_of(session.workspace(), actor)
