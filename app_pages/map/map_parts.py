"""The parts of the map's page: stepping in time, comparing, and asking about an area."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from app_pages.frame import filters, session, state
from app_pages.frame.remember import remember
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.hotspots.answers import classes_of, names_in
from hotspot import HotspotError, Params, Run
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.surroundings.drawn_area import InArea
from hotspot.disruption.ladders import CLOSED
from hotspot.services.hotspots import areas, coverage, lineages, runs
from hotspot.services.hotspots.classes import CALLED, HOW_TESTED, TOO_SHORT
from layers.live import Drawing, drawing_of_run, show_live_map

BANDS = {
    "all hours": (),
    "06-12": tuple(range(6, 12)),
    "12-18": tuple(range(12, 18)),
    "18-22": tuple(range(18, 22)),
    "22-02": (22, 23, 0, 1),
    "02-06": tuple(range(2, 6)),
}
NOTHING, BEFORE, YEAR = "one map", "beside the period before", "beside a year before"


@remember(entries=9, spinner="Looking into the area ...")
def _in_area(actor: Actor, run: Run, sources: list[str], ring: str) -> InArea:
    """Say what lies in an area, given as JSON text."""
    return areas.what_is_in(session.workspace(), actor, run, sources, json.loads(ring))


def show_controls(actor: Actor, run: Run, sources: list[str]) -> Run | None:
    """Draw what chooses months, hours and a comparison; give the run to compare with, if any."""
    times, hours, beside = st.columns([6, 10, 5], vertical_alignment="bottom")
    with times:
        _show_stepper(run, sources)
    with hours:
        _show_hours()
    with beside:
        asked = st.selectbox(
            "Show",
            [NOTHING, BEFORE, YEAR],
            key=state.COMPARE,
            persist_state="session",
            bind="query-params",
            help="An earlier period in a map of its own, coloured alike, with "
            "what is there still, new or gone.",
        )
    held = runs.holdings(session.workspace())
    if said := coverage.coverage_words(held, sources, run.params):
        st.caption(plain(said))
    if asked == NOTHING or run.params.start is None or run.params.end is None:
        return None
    try:
        earlier = earlier_params(held, sources, run.params, str(asked))
    except HotspotError as error:
        st.warning(plain(str(error)))
        return None
    return filters.run_for(actor, sources, earlier)


def earlier_params(held: runs.Holdings, sources: list[str], params: Params, asked: str) -> Params:
    """Return the settings of the earlier period: just before, or the same months a year before.

    Raises
    ------
    InputError
        The workspace does not hold all of the earlier months.
    """
    start, end = pd.Period(params.start, "M"), pd.Period(params.end, "M")
    back = 12 if asked == YEAR else (end - start).n + 1
    return coverage.earlier_period(held, sources, params, back)


def period_words(params: Params) -> str:
    """Write the period of a run in months."""
    if params.start is None or params.end is None:
        return "All records"
    first, last = f"{params.start:%b %Y}", f"{params.end:%b %Y}"
    return first if first == last else f"{first} to {last}"


def _show_stepper(run: Run, sources: list[str]) -> None:
    months = filters.all_months(list(runs.months_of(runs.holdings(session.workspace()), sources)))
    first, last = (
        months.index(f"{day:%Y-%m}") if day and f"{day:%Y-%m}" in months else None
        for day in (run.params.start, run.params.end)
    )
    if first is None or last is None or len(months) < 2:
        return

    def go(start: int, end: int) -> None:
        st.session_state[state.PERIOD] = (months[start], months[end])

    st.markdown(f":small[**{period_words(run.params)}**]")
    one = "One month {}, as many months as now"
    alone = "The last month of the period alone; then step through the months"
    with st.container(horizontal=True, gap="xxsmall"):
        for label, is_end, to, what in (
            ("Earlier", first == 0, (first - 1, last - 1), one.format("earlier")),
            ("Later", last == len(months) - 1, (first + 1, last + 1), one.format("later")),
            ("Last month", first == last, (last, last), alone),
        ):
            st.button(label, disabled=is_end, on_click=go, args=to, help=what)


def _show_hours() -> None:
    chosen = tuple(st.session_state.get(state.HOURS) or ())
    st.session_state[state.HOUR_BAND] = next(
        (name for name, band in BANDS.items() if set(band) == set(chosen)), None
    )

    def take() -> None:
        st.session_state[state.HOURS] = list(
            BANDS[st.session_state[state.HOUR_BAND] or "all hours"]
        )

    st.segmented_control(
        "Records that begin at",
        list(BANDS),
        key=state.HOUR_BAND,
        on_change=take,
        help="Local time. Records without an hour are left out when hours are chosen. Single hours "
        "and weekdays: Filters and weights.",
    )


def show_earlier(actor: Actor, earlier: Run, sources: list[str], beside: Drawing) -> None:
    """Draw the map of the earlier period; it moves with the other, and has its colours."""
    st.markdown(f"##### {period_words(earlier.params)}")
    names = names_in(actor, earlier, sources)
    show_live_map(
        state.MAP_BEFORE,
        drawing=drawing_of_run(earlier, names, as_in=beside),
        ground=state.GROUND,
        selected=state.selected_key(earlier),
        on_choose=lambda: state.select(earlier, state.chosen_in(state.MAP_BEFORE)),
        linked="periods",
        is_second=True,
    )


def show_both(run: Run, earlier: Run) -> None:
    """Set the hotspots of two periods side by side: which are there still, new, or gone."""
    table = lineages.beside(run, earlier).rename(
        columns={
            "now": "Now",
            "events_now": "Events now",
            "before": "Before",
            "events_before": "Events before",
            "what": "What",
        }
    )
    st.caption(
        plain(
            f"{period_words(earlier.params)}: {earlier.explain()} More "
            "records are not bad news in themselves; recording may have "
            "changed."
        )
    )
    st.dataframe(table, hide_index=True, alt="Hotspots of the two periods side by side")


def asked_classes(actor: Actor, run: Run, sources: list[str]) -> dict[str, str] | None:
    """Draw what asks for the classes over the months, and give each hotspot's where it is asked.

    They take a second, which the map and its list should not wait for unasked.
    """
    if not may(actor, Operation.JUDGE) or run.approximate or run.hotspots.empty:
        return None
    if not st.toggle("Say how each was hot over the months", key=state.CLASSES):
        return None
    table = classes_of(actor, run, sources)
    if table.empty:
        st.caption(TOO_SHORT)
        return None
    st.caption(HOW_TESTED)
    called = table["class"].replace(CALLED)
    return dict(zip(table["key"], called, strict=True))


def area_was_drawn() -> None:
    """Let the page be drawn anew: the area is in the state of the map."""


def show_area_answer(actor: Actor, run: Run, sources: list[str], actions: pd.DataFrame) -> None:
    """Say what lies in the area that was drawn."""
    ring = state.area_on_map()
    if ring is None:
        return
    st.markdown("##### In the area drawn")
    try:
        answer = _in_area(actor, run, sources, json.dumps(ring))
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    children = "" if answer.children is None else f", {answer.children} distinct children"
    days = "" if answer.days is None else f" on {answer.days} days"
    here = actions[actions["key"].isin(answer.hotspots) & ~actions["state"].isin(list(CLOSED))]
    st.markdown(
        f"{answer.area_km2:.2f} km²: {answer.events:,} events{children}{days} in "
        f"{len(answer.cells)} cells; hotspots that reach in: "
        f"{', '.join(answer.hotspots) or 'none'}; open actions there: {len(here)}."
    )
    st.caption("Records are counted by cells whose middle lies in the area.")
    kinds = pd.concat(
        [
            answer.premises["kind"]
            .value_counts()
            .rename_axis("kind")
            .reset_index(name="Number")
            .assign(what="premises"),
            answer.places["kind"]
            .value_counts()
            .rename_axis("kind")
            .reset_index(name="Number")
            .assign(what="point of interest"),
        ]
    )
    if kinds.empty:
        st.caption("No premises and no point of interest lies in it.")
        return
    table = kinds.rename(columns={"kind": "Kind", "what": "What"})[["What", "Kind", "Number"]]
    st.dataframe(table, hide_index=True, alt="Premises and points of interest in the area")
