"""What the page of the meeting caches, per session; a look that is drawn again is one look."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.frame import cache, widgets
from hotspot import Run
from hotspot.services.meetings import proceedings, projection
from hotspot.services.meetings.proceedings import Meeting
from hotspot.services.meetings.projection import Agenda
from hotspot.services.people.session import Actor


@st.cache_data(scope="session", max_entries=3, show_spinner=False)
def listed(version: str, actor: str, _actor: Actor) -> pd.DataFrame:
    """List the meetings as they were at a version."""
    del version, actor
    return proceedings.list_meetings(cache.workspace(), _actor)


@st.cache_resource(scope="session", max_entries=5, show_spinner=False)
def _meeting(
    version: str, run_id: str, number: int, actor: str, _run: Run, _actor: Actor
) -> Meeting:
    del version, run_id, actor
    hidden = projection.withheld_numbers(cache.workspace(), _actor, _run)
    return proceedings.meeting_of(cache.workspace(), _actor, number, hidden)


@st.cache_resource(scope="session", max_entries=5, show_spinner="Preparing what may be shown ...")
def _agenda(
    version: str,
    run_id: str,
    recipients: str,
    actor: str,
    _run: Run,
    _actor: Actor,
    sources: tuple[str, ...],
) -> Agenda:
    del version, run_id, actor
    return projection.agenda_of(cache.workspace(), _actor, _run, list(sources), recipients)


def meeting_in(actor: Actor, run: Run, sources: list[str], number: int) -> Meeting:
    """Give a meeting as it stands."""
    name = widgets.run_id(run, sources)
    return _meeting(widgets.meeting_version(), name, number, actor.name, run, actor)


def agenda_in(actor: Actor, run: Run, sources: list[str], meeting: Meeting) -> Agenda:
    """Give the hotspots that a meeting may see."""
    name = widgets.run_id(run, sources)
    version = widgets.meeting_version()
    return _agenda(version, name, meeting.recipients, actor.name, run, actor, tuple(sources))
