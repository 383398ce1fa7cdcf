"""What pages ask about meetings, remembered; a look that is drawn again is one look."""

from __future__ import annotations

import pandas as pd

from app_pages.frame import session
from app_pages.frame.remember import meetings_state, remember
from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.services.meetings import proceedings, projection
from hotspot.services.meetings.book import Meeting, meeting_of
from hotspot.services.meetings.projection import Agenda


@remember(meetings_state, is_shared=False)
def meetings_of(actor: Actor) -> pd.DataFrame:
    """List the meetings."""
    return proceedings.list_meetings(session.workspace(), actor)


@remember(meetings_state)
def meeting_in(actor: Actor, run: Run, sources: list[str], number: int) -> Meeting:
    """Return a meeting as it stands."""
    return meeting_of(session.workspace(), actor, number, run, sources)


@remember(meetings_state, spinner="Preparing what may be shown ...")
def agenda_for(actor: Actor, run: Run, sources: list[str], recipients: str) -> Agenda:
    """Return the hotspots that the recipients of a meeting may see."""
    return projection.agenda_of(session.workspace(), actor, run, sources, recipients)
