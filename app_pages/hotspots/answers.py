"""What pages ask about the hotspots of a run and the registered ones, remembered."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from app_pages.frame import session
from app_pages.frame.remember import actions_state, data_state, remember
from hotspot import Params, Run
from hotspot.access.actor import Actor
from hotspot.services.hotspots import (
    classes,
    findings,
    lineages,
    patterns,
    register,
    snapshots,
    times,
)
from hotspot.services.records import quality


@remember(actions_state, data_state, is_shared=False)
def names_in(actor: Actor, run: Run, sources: list[str]) -> dict[str, str]:  # noqa: ARG001
    """Return number and name of the registered hotspots that each hotspot of a run carries."""
    return register.names_in(session.workspace(), actor, run)


@remember(entries=50)
def times_of(actor: Actor, run: Run, sources: list[str], key: str) -> times.Times:
    """Spread the records of a hotspot over the hours of the week."""
    return times.times_of(session.workspace(), actor, run, sources, key)


@remember(data_state, seconds=60, is_shared=False)
def snapshots_of(actor: Actor) -> pd.DataFrame:
    """List the snapshots."""
    return snapshots.list_snapshots(session.workspace(), actor)


@remember(data_state, seconds=60, is_shared=False)
def lineage_of(actor: Actor) -> pd.DataFrame:
    """Return what became of every hotspot."""
    return lineages.lineage_of(session.workspace(), actor)


@remember(data_state, seconds=60, is_shared=False)
def compared(actor: Actor, before: int, after: int) -> pd.DataFrame:
    """Set two snapshots side by side."""
    return lineages.compare(session.workspace(), actor, before, after)


@remember(data_state, seconds=60)
def registered_outlines(actor: Actor) -> gpd.GeoDataFrame:
    """Return the registered hotspots with the outlines that were frozen last."""
    return register.view_register(session.workspace(), actor)


def registered(actor: Actor) -> pd.DataFrame:
    """List the registered hotspots."""
    return pd.DataFrame(registered_outlines(actor).drop(columns="geometry"))


@remember(data_state, entries=9, seconds=60, is_shared=False)
def findings_of(actor: Actor, hotspot_id: int) -> pd.DataFrame:
    """List the findings about a hotspot."""
    return findings.list_findings(session.workspace(), actor, hotspot_id)


@remember(data_state, entries=9, is_shared=False)
def caveats_of(actor: Actor, run: Run, sources: list[str], key: str) -> list[str]:
    """Draft what could be wrong about a hotspot of a run."""
    return findings.draft_caveats(session.workspace(), actor, run, sources, key)


@remember(data_state, entries=9, seconds=60, is_shared=False)
def recording_changes(actor: Actor, params: Params, sources: list[str]) -> list[str]:
    """Say which changes of recording fall into the period of some settings."""
    return quality.changes_within(session.workspace(), actor, params, sources)


@remember(spinner="Looking for patterns ...")
def patterns_of(actor: Actor, run: Run, sources: list[str]) -> patterns.Patterns:
    """Look for patterns in the records of a run."""
    return patterns.patterns_of(session.workspace(), actor, run, sources)


@remember(entries=9, spinner="Looking at each month ...")
def classes_of(actor: Actor, run: Run, sources: list[str]) -> pd.DataFrame:
    """Name the class of each hotspot over the months."""
    return classes.classes_of(session.workspace(), actor, run, sources)


@remember(entries=20)
def split_of(actor: Actor, run: Run, sources: list[str], key: str) -> pd.DataFrame:  # noqa: ARG001
    """Show the cores inside a hotspot."""
    return patterns.split_of(session.workspace(), actor, run, key)
