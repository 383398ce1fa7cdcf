"""What the page of premises for assessment caches, per session."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app_pages.frame import cache
from hotspot import Run
from hotspot.services.people.session import Actor
from hotspot.services.premises import applications, assessments, journal, records_near
from hotspot.services.premises.assessments import Card
from hotspot.services.premises.book import Place


@st.cache_data(scope="session", max_entries=3, show_spinner=False)
def listed(version: str, actor: str, _actor: Actor) -> pd.DataFrame:
    """List the premises for assessment as they were at a version."""
    del version, actor
    return assessments.list_assessments(cache.workspace(), _actor)


@st.cache_resource(scope="session", max_entries=10, show_spinner=False)
def card(version: str, place: Place, actor: str, _actor: Actor) -> Card:
    """Give the card of premises as it was at a version."""
    del version, actor
    return assessments.card_of(cache.workspace(), _actor, place)


@st.cache_data(scope="session", max_entries=3, show_spinner="Comparing registers ...")
def likely_same(version: str, actor: str, _actor: Actor) -> pd.DataFrame:
    """List the entries that may be the same premises."""
    del version, actor
    return journal.likely_same(cache.workspace(), _actor)


@st.cache_data(scope="session", max_entries=3, show_spinner="Looking around the premises ...")
def suggestions(
    version: str, run_id: str, actor: str, _run: Run, _actor: Actor, sources: tuple[str, ...]
) -> pd.DataFrame:
    """List the premises that deserve a look."""
    del version, run_id, actor
    return records_near.suggestions(cache.workspace(), _actor, _run, list(sources))


@st.cache_resource(scope="session", max_entries=10, show_spinner="Comparing ...")
def comparison(
    version: str,
    run_id: str,
    place: Place,
    actor: str,
    _run: Run,
    _actor: Actor,
    sources: tuple[str, ...],
) -> records_near.Comparison:
    """Compare premises with the like."""
    del version, run_id, actor
    return records_near.compare(cache.workspace(), _actor, _run, list(sources), place)


@st.cache_resource(scope="session", max_entries=10, show_spinner=False)
def pack(
    version: str, place: Place, form: str, actor: str, _actor: Actor
) -> applications.Pack | None:
    """Give the application about premises as it was at a version."""
    del version, actor
    return applications.read_pack(cache.workspace(), _actor, place, form)


@st.cache_data(scope="session", max_entries=3, show_spinner=False)
def engagements(version: str, actor: str, _actor: Actor) -> pd.DataFrame:
    """List what was done with businesses of a council's districts."""
    del version, actor
    return assessments.engagements_of(cache.workspace(), _actor)
