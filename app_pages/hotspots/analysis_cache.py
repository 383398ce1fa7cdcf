"""What is cached of belief, snapshots and lineage: per session, never by a frame."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import streamlit as st

from app_pages.frame.cache import workspace
from hotspot import Params, Run
from hotspot.services.hotspots import (
    evidence,
    findings,
    lineages,
    register,
    snapshots,
    surroundings,
)
from hotspot.services.people.session import Actor
from hotspot.services.records import quality


@st.cache_resource(scope="session", max_entries=5, show_spinner="Comparing with chance ...")
def judged(run_id: str, baseline: str, actor: str, _run: Run, _actor: Actor) -> evidence.Judgement:
    """Compare the hotspots of a run with chance."""
    del run_id, actor
    return evidence.judge_hotspots(workspace(), _actor, _run, baseline)


@st.cache_resource(scope="session", max_entries=5, show_spinner="Trying other settings ...")
def tried(
    run_id: str, sources: tuple[str, ...], actor: str, _run: Run, _actor: Actor
) -> evidence.Survival:
    """Try other settings on the records of a run."""
    del run_id, actor
    return evidence.try_settings(workspace(), _actor, _run, list(sources))


@st.cache_data(scope="session", max_entries=5, show_spinner="Holding out the last third ...")
def held_out(
    run_id: str, sources: tuple[str, ...], actor: str, _run: Run, _actor: Actor
) -> pd.DataFrame:
    """Hold out the last third of a run's period."""
    del run_id, actor
    return evidence.accuracy_of(workspace(), _actor, _run, list(sources))


@st.cache_data(scope="session", max_entries=3, show_spinner=False)
def proposed(turn: int, run_id: str, actor: str, _run: Run, _actor: Actor) -> pd.DataFrame:
    """Say what freezing a run would make of each hotspot."""
    del turn, run_id, actor
    return snapshots.propose(workspace(), _actor, _run)


@st.cache_data(scope="session", max_entries=3, ttl=60, show_spinner=False)
def snapshots_of(turn: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """List the snapshots."""
    del turn, actor
    return snapshots.list_snapshots(workspace(), _actor)


@st.cache_data(scope="session", max_entries=3, ttl=60, show_spinner=False)
def lineage_of(turn: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """Give what became of every hotspot."""
    del turn, actor
    return lineages.lineage_of(workspace(), _actor)


@st.cache_data(scope="session", max_entries=5, ttl=60, show_spinner=False)
def compared(turn: int, before: int, after: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """Set two snapshots side by side."""
    del turn, actor
    return lineages.compare(workspace(), _actor, before, after)


@st.cache_resource(scope="session", max_entries=3, ttl=60, show_spinner=False)
def outlines_registered(turn: int, actor: str, _actor: Actor) -> gpd.GeoDataFrame:
    """Give the registered hotspots with the outlines that were frozen last."""
    del turn, actor
    return register.view_register(workspace(), _actor)


def registered(turn: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """List the registered hotspots."""
    return pd.DataFrame(outlines_registered(turn, actor, _actor).drop(columns="geometry"))


@st.cache_data(scope="session", max_entries=5, show_spinner=False)
def names_in(
    version: int, turn: int, run_id: str, actor: str, _run: Run, _actor: Actor
) -> dict[str, str]:
    """Name the registered hotspots that a run carries, as they were at a version of the store."""
    del version, turn, run_id, actor
    return register.names_in(workspace(), _actor, _run)


@st.cache_data(scope="session", max_entries=9, ttl=60, show_spinner=False)
def recording_changes(
    turn: int, sources: tuple[str, ...], settings: str, actor: str, _params: Params, _actor: Actor
) -> list[str]:
    """Say which changes of recording fall into the period of some settings."""
    del turn, settings, actor
    return quality.changes_within(workspace(), _actor, _params, list(sources))


@st.cache_resource(scope="session", max_entries=9, show_spinner="Dealing out types anew ...")
def nearness_of(
    run_id: str, sources: tuple[str, ...], asked: str, actor: str, _run: Run, _actor: Actor
) -> surroundings.Nearness:
    """Compare the events near each type with chance."""
    del run_id, actor
    return surroundings.nearness_of(workspace(), _actor, _run, list(sources), asked)


@st.cache_data(scope="session", max_entries=3, show_spinner=False)
def rising(
    run_id: str, sources: tuple[str, ...], actor: str, _run: Run, _actor: Actor
) -> pd.DataFrame:
    """List the access points near no hotspot that have more events than before."""
    del run_id, actor
    return surroundings.rising_access_points(workspace(), _actor, _run, list(sources))


@st.cache_data(scope="session", max_entries=3, show_spinner=False)
def outside(
    run_id: str, sources: tuple[str, ...], actor: str, _run: Run, _actor: Actor
) -> pd.DataFrame:
    """Count what was recorded outside the force, by area."""
    del run_id, actor
    return surroundings.places_outside(workspace(), _actor, _run, list(sources))


@st.cache_data(scope="session", max_entries=9, ttl=60, show_spinner=False)
def findings_of(turn: int, hotspot_id: int, actor: str, _actor: Actor) -> pd.DataFrame:
    """List the findings about a hotspot."""
    del turn, actor
    return findings.list_findings(workspace(), _actor, hotspot_id)


@st.cache_data(scope="session", max_entries=9, show_spinner=False)
def caveats_of(
    turn: int, run_id: str, sources: tuple[str, ...], key: str, actor: str, _run: Run, _actor: Actor
) -> list[str]:
    """Draft what could be wrong about a hotspot of a run."""
    del turn, run_id, actor
    return findings.draft_caveats(workspace(), _actor, _run, list(sources), key)
