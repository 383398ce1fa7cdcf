"""Draw the settings of the run, or keep them: records, period, cell size, reach and weight."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.frame import session, state
from app_pages.frame.record_filters import CAPS, default_roles, show_record_filters
from app_pages.frame.remember import records_state, remember
from app_pages.frame.text import plain
from hotspot import HotspotError, Params, Run, reach_m, rings_for_reach
from hotspot.access.actor import Actor
from hotspot.analysis.detection.left_out import sentence_of
from hotspot.schema import FORCE_SOURCES, OPEN_SOURCES, SOURCE_LABELS, how_many
from hotspot.services.hotspots import runs
from hotspot.services.hotspots.runs import Holdings

SETTINGS_WIDTH = 180
RESOLUTIONS = {
    7: "7 · cells about 2.4 km across",
    8: "8 · about 900 m",
    9: "9 · about 350 m",
    10: "10 · about 130 m",
    11: "11 · about 50 m",
}


@dataclass(frozen=True)
class KeptSettings:
    """The settings that were drawn last: pages without them show the same hotspots.

    Attributes
    ----------
    sources, params
        Of the run.
    found
        How many hotspots it had.
    """

    sources: list[str]
    params: Params
    found: int


def show_filters(actor: Actor, bar: DeltaGenerator) -> tuple[Run | None, list[str]]:
    """Draw the settings of the run in a box that opens from the bar, their effect beside them.

    Returns
    -------
    (Run or None, list)
        The run and its sources; None without records.

    Raises
    ------
    HotspotError
        The records of the choice have no dates.
    """
    held = runs.holdings(session.workspace())
    choices = _record_choices(held)
    if not choices:
        return None, []
    state.take_period_from_address()
    # an expander, whose widgets are there while it is closed: those of a popover are not, and what
    # the bar and the timeline choose would be lost with the next run
    with bar, st.expander("Detection settings", key=state.SETTINGS_BOX, width=SETTINGS_WIDTH):
        settings, effect = st.columns([3, 2], gap="medium")
    with settings:
        sources, params = _show_settings(held, choices)
    run = run_for(actor, sources, params)
    with effect:
        defaults = _default_values(held, sources)
        st.button("Back to the defaults", on_click=_set_back, args=(defaults,), width="stretch")
        _show_effect(run, sources)
    st.session_state[state.KEPT_SETTINGS] = KeptSettings(sources, params, len(run.hotspots))
    return run, sources


def kept_run(actor: Actor) -> tuple[Run | None, list[str]]:
    """Return the run of the settings that were drawn last, else of the defaults."""
    held = runs.holdings(session.workspace())
    choices = _record_choices(held)
    if not choices:
        return None, []
    st.session_state[state.DIGEST] = held.digest
    kept: KeptSettings | None = st.session_state.get(state.KEPT_SETTINGS)
    if kept is not None and set(kept.sources) <= set(held.sources):
        return run_for(actor, kept.sources, kept.params), kept.sources
    sources = next(iter(choices.values()))
    return run_for(actor, sources, runs.default_params(held, sources)), sources


def _show_settings(held: Holdings, choices: dict[str, list[str]]) -> tuple[list[str], Params]:
    label = st.selectbox(
        "Records",
        list(choices),
        key=state.RECORDS,
        persist_state="session",
        bind="query-params",
        on_change=_take_records,
        args=(held, choices),
        help="Which files are counted. Open data is never mixed with the force's own records.",
    )
    sources = choices[str(label)]
    st.session_state[state.DIGEST] = held.digest
    return sources, _show_params(held, sources)


def _show_effect(run: Run, sources: list[str]) -> None:
    """Say what the settings find, and how many more or fewer hotspots than before."""
    before: KeptSettings | None = st.session_state.get(state.KEPT_SETTINGS)
    is_changed = before is not None and (before.sources, before.params) != (sources, run.params)
    change = len(run.hotspots) - before.found if before and is_changed else None
    st.metric("Hotspots", len(run.hotspots), change, delta_color="off")
    st.caption(plain(run.explain()))
    st.caption(plain(sentence_of(run.params)))


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


def _set_back(defaults: dict[str, object]) -> None:
    """Set every setting to its default: what is only forgotten comes back from the address."""
    for key, value in defaults.items():
        st.session_state[key] = value


def _take_records(held: Holdings, choices: dict[str, list[str]]) -> None:
    """Start with the defaults of other records when these are chosen."""
    with suppress(HotspotError):  # without dates: the page says so
        _set_back(_default_values(held, choices[st.session_state[state.RECORDS]]))


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
    reach = st.number_input(
        "Reach in metres",
        30,
        5000,
        _own_reach(default),
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
    return show_record_filters(params, _choices_of(sources))


def _default_values(held: Holdings, sources: list[str]) -> dict[str, object]:
    """Return what each widget of the settings says by default."""
    default = runs.default_params(held, sources)
    months = all_months(list(runs.months_of(held, sources)))
    values: dict[str, object] = {
        state.RESOLUTION: default.resolution,
        state.REACH: _own_reach(default),
        state.MIN_WEIGHT: default.min_weight,
        state.ROLES: default_roles(_choices_of(sources)["role"]),
        state.CHILD_CAP: next(iter(CAPS)),
    }
    values |= {key: [] for key in state.MANY}
    values |= dict.fromkeys(state.HARM, "")
    if default.start is not None:
        values[state.FIRST_MONTH] = max(months[0], f"{default.start:%Y-%m}")
        values[state.LAST_MONTH] = f"{default.end:%Y-%m}"
    return values


def _own_reach(default: Params) -> int:
    middle = session.workspace().area.boundary.centroid
    return round(reach_m(default.rings, default.resolution, middle.y, middle.x) / 10) * 10


def _show_period(months: list[str], default: Params) -> tuple[date, date]:
    """Draw two lists of months: two handles of one slider lie on each other in a single month."""
    if len(months) == 1 or default.start is None:
        return date.fromisoformat(f"{months[0]}-01"), runs.last_day_of(months[-1])
    first, last = max(months[0], f"{default.start:%Y-%m}"), f"{default.end:%Y-%m}"
    chosen = []
    for column, label, key, usual in zip(
        st.columns(2),
        ("First month", "Last month of the period"),
        (state.FIRST_MONTH, state.LAST_MONTH),
        (first, last),
        strict=True,
    ):
        month = column.selectbox(
            label,
            months,
            months.index(usual),
            key=key,
            persist_state="session",
            bind="query-params",
            format_func=lambda m: f"{date.fromisoformat(m + '-01'):%b %Y}",
            help="Whole months, the first and the last included.",
        )
        chosen.append(str(month))
    begins, ends = sorted(chosen)
    return date.fromisoformat(f"{begins}-01"), runs.last_day_of(ends)


def all_months(months: list[str]) -> list[str]:
    """Fill the gaps between the first and the last month."""
    if not months:
        message = (
            "The records of this choice have no dates. Choose others in the detection settings."
        )
        raise HotspotError(message)
    return [f"{month:%Y-%m}" for month in pd.period_range(months[0], months[-1], freq="M")]
