"""What pages ask about the data that were imported, remembered."""

from __future__ import annotations

from datetime import date

import pandas as pd

from app_pages.frame import session
from app_pages.frame.remember import data_state, records_state, registers_state, remember
from hotspot.access.actor import Actor
from hotspot.services.hotspots import runs
from hotspot.services.records import datasets, quality
from hotspot.services.reports import outcome_counts
from hotspot.services.upkeep import retention
from hotspot.services.upkeep.retention import Purge


@remember(registers_state, data_state, is_shared=False)
def datasets_of(actor: Actor) -> pd.DataFrame:
    """List the imports."""
    return datasets.list_datasets(session.workspace(), actor)


@remember(data_state, records_state)
def newest_of(actor: Actor) -> dict[str, date]:
    """Return the day of each source's newest record."""
    del actor
    return runs.newest_days(session.workspace())


@remember(registers_state, data_state, spinner="Looking at the data ...")
def quality_of(actor: Actor) -> quality.Quality:
    """Look at the quality of the data."""
    return quality.view_quality(session.workspace(), actor)


@remember(registers_state, data_state, is_shared=False)
def outcome_counts_of(actor: Actor) -> pd.DataFrame:
    """Read the monthly counts of outcomes."""
    return outcome_counts.view_counts(session.workspace(), actor)


@remember(data_state, seconds=60, is_shared=False)
def review_queue_of(actor: Actor) -> pd.DataFrame:
    """List what is due to be erased."""
    return retention.review_queue(session.workspace(), actor)


@remember(data_state, seconds=60, is_shared=False)
def holds_of(actor: Actor) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List holds and erasures."""
    return retention.holds_and_erasures(session.workspace(), actor)


@remember(data_state, seconds=60, is_shared=False)
def due_now(actor: Actor) -> Purge:
    """Say what erasing what is due would erase."""
    return retention.what_is_due(session.workspace(), actor)
