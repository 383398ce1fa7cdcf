"""Draw the settings of the run: records, period, cell size, reach and minimum weight."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.record_filters import show_record_filters
from app_pages.frame.remember import records_state, remember
from hotspot import HotspotError, Params, Run, reach_m, rings_for_reach
from hotspot.access.actor import Actor
from hotspot.schema import FORCE_SOURCES, OPEN_SOURCES, SOURCE_LABELS, how_many
from hotspot.services.hotspots import runs
from hotspot.services.hotspots.runs import Holdings

RESOLUTIONS = {
    7: "7 · cells about 2.4 km across",
    8: "8 · about 900 m",
    9: "9 · about 350 m",
    10: "10 · about 130 m",
    11: "11 · about 50 m",
}


def show_filters(actor: Actor) -> tuple[Run | None, list[str]]:
    """Draw the settings of the run and return the run with its sources; None without records.

    Raises
    ------
    HotspotError
        The records of the choice have no dates.
    """
    held = runs.holdings(session.workspace())
    choices = _record_choices(held)
    if not choices:
        return None, []
    label = st.selectbox(
        "Records",
        list(choices),
        key=state.RECORDS,
        persist_state="session",
        bind="query-params",
        on_change=_forget_settings,
        help="Which files are counted. Open data is never mixed with the force's own records.",
    )
    sources = choices[str(label)]
    st.session_state[state.DIGEST] = held.digest
    params = _show_params(held, sources)
    return run_for(actor, sources, params), sources


@remember(records_state, entries=20, spinner="Finding hotspots ...")
def run_for(actor: Actor, sources: list[str], params: Params) -> Run:
    """Return the run of some settings on the records as they are."""
    return runs.detect_hotspots(session.workspace(), actor, sources, params)


@remember(records_state, is_shared=False)
def _choices_of(sources: list[str]) -> dict[str, list[str]]:
    """List what records can be filtered by."""
    return runs.choices_of(session.workspace(), sources)


def _record_choices(held: Holdings) -> dict[str, list[str]]:
    force = [s for s in FORCE_SOURCES if s in held.sources]
    choices = {}
    if len(force) > 1:
        choices["All force records"] = force
    choices |= {SOURCE_LABELS[s]: [s] for s in (*force, *OPEN_SOURCES) if s in held.sources}
    return choices


def _forget_settings() -> None:
    for key in state.SETTINGS:
        st.session_state.pop(key, None)


def _show_params(held: Holdings, sources: list[str]) -> Params:
    default = runs.default_params(held, sources)
    middle = session.workspace().area.boundary.centroid
    months = all_months(list(runs.months_of(held, sources)))
    first, last = _show_period(months, default)
    resolution = st.selectbox(
        "Cell size (H3 resolution)",
        list(RESOLUTIONS),
        format_func=RESOLUTIONS.__getitem__,
        index=list(RESOLUTIONS).index(default.resolution),
        key=state.RESOLUTION,
        persist_state="session",
        bind="query-params",
        help="Records are counted in hexagons. Smaller ones follow streets more closely, and need "
        "more records to say anything.",
    )
    own_reach = reach_m(default.rings, default.resolution, middle.y, middle.x)
    reach = st.number_input(
        "Reach in metres",
        30,
        5000,
        round(own_reach / 10) * 10,
        10,
        key=state.REACH,
        persist_state="session",
        bind="query-params",
        help="How far apart records may lie and still support each other.",
    )
    rings = rings_for_reach(float(reach), int(resolution), middle.y, middle.x)
    effective = reach_m(rings, int(resolution), middle.y, middle.x)
    st.caption(f"Effective reach {effective:.0f} m: {how_many(rings, 'ring')} of cells")
    min_weight = st.number_input(
        "Minimum weight",
        1.0,
        100_000.0,
        default.min_weight,
        1.0,
        format="%g",
        key=state.MIN_WEIGHT,
        persist_state="session",
        bind="query-params",
        help="Records within reach of a cell, each child counted once per cell and 28 days.",
    )
    params = default.replace(
        start=first, end=last, resolution=int(resolution), rings=rings, min_weight=float(min_weight)
    )
    params = show_record_filters(params, _choices_of(sources))
    st.button("Back to the defaults", on_click=_forget_settings, width="stretch")
    return params


def _show_period(months: list[str], default: Params) -> tuple[date, date]:
    if len(months) == 1 or default.start is None:
        return date.fromisoformat(f"{months[0]}-01"), runs.last_day_of(months[-1])
    first, last = max(months[0], f"{default.start:%Y-%m}"), f"{default.end:%Y-%m}"
    chosen = st.select_slider(
        "Period",
        months,
        (first, last),
        key=state.PERIOD,
        persist_state="session",
        bind="query-params",
        format_func=lambda m: f"{date.fromisoformat(m + '-01'):%b %Y}",
        help="Whole months, the first and the last included.",
    )
    return date.fromisoformat(f"{chosen[0]}-01"), runs.last_day_of(chosen[1])


def all_months(months: list[str]) -> list[str]:
    """Fill the gaps between the first and the last month."""
    if not months:
        message = "The records of this choice have no dates. Choose other records at the left."
        raise HotspotError(message)
    return [f"{month:%Y-%m}" for month in pd.period_range(months[0], months[-1], freq="M")]
