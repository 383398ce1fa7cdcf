"""Everything that is cached, and by what: never by a frame, and per session where users differ."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import streamlit as st
from shapely.geometry.base import BaseGeometry

from hotspot import Params, Run
from hotspot.services.actions import clocks, inheritance, lists, recording
from hotspot.services.hotspots import areas, disclosures, runs, times
from hotspot.services.hotspots.disclosures import SharedMap
from hotspot.services.people.session import Actor
from hotspot.services.premises import nearby
from hotspot.services.records import calendars, datasets, quality
from hotspot.services.reports import outcome_counts, performance
from hotspot.services.upkeep import retention
from hotspot.services.upkeep.retention import Purge
from hotspot.services.workspace import ground_tiles
from hotspot.services.workspace.folder import Workspace, open_workspace
from hotspot.settings import WORKSPACE_VARIABLE


@st.cache_resource(show_spinner=False)
def workspace() -> Workspace:
    """Open the workspace that the server was started for."""
    return open_workspace(Path(os.environ[WORKSPACE_VARIABLE]))


@st.cache_resource(show_spinner=False)
def tile_source() -> ground_tiles.TileSource | None:
    """Open the tiles of the ground, if the workspace has some."""
    return ground_tiles.tiles_of(workspace())


@st.cache_resource(ttl=3600, show_spinner=False)
def postcodes() -> pd.DataFrame:
    """Read the postcodes of the area, if the force has laid their file into the workspace."""
    return areas.postcodes_of(workspace())


@st.cache_resource(scope="session", max_entries=20, show_spinner="Finding hotspots ...")
def run_of(
    digest: str, sources: tuple[str, ...], settings: str, actor: str, _params: Params, _actor: Actor
) -> Run:
    """Run the detection once for each session, state of the records and setting."""
    del digest, settings, actor
    return runs.detect_hotspots(workspace(), _actor, list(sources), _params)


@st.cache_data(max_entries=5, show_spinner=False)
def choices_of(digest: str, sources: tuple[str, ...]) -> dict[str, list[str]]:
    """List what records can be filtered by, as they were in a state of the records."""
    del digest
    return runs.choices_of(workspace(), list(sources))


@st.cache_data(scope="session", max_entries=5, show_spinner=False)
def places(version: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """Read the points of interest."""
    del version, actor
    return nearby.all_places(workspace(), _actor)


@st.cache_resource(scope="session", max_entries=3, show_spinner=False)
def masked(version: int, turn: int, actor: str, _actor: Actor) -> tuple[BaseGeometry, ...]:
    """Give the masked areas as they were at a version of the store."""
    del version, turn, actor
    return tuple(areas.masked_on_map(workspace(), _actor))


@st.cache_resource(scope="session", max_entries=9, show_spinner="Looking into the area ...")
def in_area(
    run_id: str, sources: tuple[str, ...], ring: str, actor: str, _run: Run, _actor: Actor
) -> areas.InArea:
    """Say what lies in an area, given as JSON text."""
    del run_id, actor
    return areas.what_is_in(workspace(), _actor, _run, list(sources), json.loads(ring))


@st.cache_data(scope="session", max_entries=20, show_spinner=False)
def premises_near(
    digest: int, run_id: str, within_m: float, actor: str, _run: Run, _actor: Actor
) -> pd.DataFrame:
    """Link premises to the hotspots of a run."""
    del digest, run_id, actor
    if _run.approximate:
        return nearby.no_premises()
    return nearby.premises_near(workspace(), _actor, _run, within_m)


@st.cache_resource(scope="session", max_entries=50, show_spinner=False)
def times_of(
    run_id: str, sources: tuple[str, ...], key: str, actor: str, _run: Run, _actor: Actor
) -> times.Times:
    """Spread the records of a hotspot over the hours of the week."""
    del run_id, actor
    return times.times_of(workspace(), _actor, _run, list(sources), key)


@st.cache_data(scope="session", max_entries=20, show_spinner=False)
def actions_of(
    version: int, run_id: str, actor: str, _run: Run | None, _actor: Actor
) -> pd.DataFrame:
    """List the actions as they were at a version of the store."""
    del version, run_id, actor
    return lists.list_actions(workspace(), _actor, _run)


@st.cache_data(scope="session", max_entries=5, show_spinner=False)
def papers(version: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """List the papers of premises as they were at a version of the store."""
    del version, actor
    return lists.list_papers(workspace(), _actor)


@st.cache_data(scope="session", max_entries=5, show_spinner=False)
def register(version: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """Read the registers of premises."""
    del version, actor
    return nearby.register_of_premises(workspace(), _actor)


@st.cache_resource(scope="session", max_entries=2, show_spinner="Finding hotspots ...")
def overview(digest: str, actor: str, _actor: Actor) -> SharedMap | None:
    """Prepare the partner's overview once for each session and state of the records."""
    del digest, actor
    return disclosures.shared_overview(workspace(), _actor)


@st.cache_data(scope="session", max_entries=3, show_spinner=False)
def datasets_of(version: int, turn: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """List the imports as they were at a version of the store."""
    del version, turn, actor
    return datasets.list_datasets(workspace(), _actor)


@st.cache_resource(scope="session", max_entries=3, show_spinner="Looking at the data ...")
def quality_of(version: int, turn: int, actor: str, _actor: Actor) -> quality.Quality:
    """Look at the quality of the data as it was at a version of the store."""
    del version, turn, actor
    return quality.view_quality(workspace(), _actor)


@st.cache_data(scope="session", max_entries=3, show_spinner=False)
def outcomes_of(version: int, turn: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """Read the monthly counts as they were at a version of the store."""
    del version, turn, actor
    return outcome_counts.view_counts(workspace(), _actor)


@st.cache_data(scope="session", max_entries=3, show_spinner=False)
def completions(version: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """Read when actions ended, as it was at a version of the store."""
    del version, actor
    return performance.completions(workspace(), _actor)


@st.cache_data(scope="session", max_entries=3, ttl=60, show_spinner=False)
def retention_of(turn: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """List what is due."""
    del turn, actor
    return retention.review_queue(workspace(), _actor)


@st.cache_data(scope="session", max_entries=3, ttl=60, show_spinner=False)
def holds_of(turn: int, actor: str, _actor: Actor) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List holds and erasures."""
    del turn, actor
    return retention.holds_and_erasures(workspace(), _actor)


@st.cache_data(scope="session", max_entries=3, ttl=60, show_spinner=False)
def due_now(turn: int, actor: str, _actor: Actor) -> Purge:
    """Say what erasing what is due would erase."""
    del turn, actor
    return retention.what_is_due(workspace(), _actor)


@st.cache_data(scope="session", max_entries=20, show_spinner=False)
def inherited_of(
    version: int, turn: int, run_id: str, actor: str, _run: Run, _actor: Actor
) -> pd.DataFrame:
    """List the inherited actions as they were at a version of the store."""
    del version, turn, run_id, actor
    return inheritance.inherited_actions(workspace(), _actor, _run)


@st.cache_data(scope="session", max_entries=20, show_spinner=False)
def history_of(version: int, number: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """Give what happened to an action up to a version."""
    del version, actor
    return recording.history_of(workspace(), _actor, number)


@st.cache_resource(scope="session", max_entries=20, show_spinner=False)
def deadlines_of(
    version: int, number: int, actor: str, _actor: Actor
) -> tuple[dict[str, str], list[clocks.Deadline]]:
    """Give the deadlines of an action as it was at a version."""
    del version, actor
    return clocks.deadlines_of_action(workspace(), _actor, number)


@st.cache_data(scope="session", max_entries=3, ttl=60, show_spinner=False)
def holidays(turn: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """List the school holidays."""
    del turn, actor
    return calendars.list_holidays(workspace(), _actor)
