"""The parts of the map's page: stepping in time, comparing, and asking about an area."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd
import streamlit as st

from app_pages.frame import filters, session, state
from app_pages.frame.remember import remember
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.hotspots.answers import classes_of
from app_pages.map.answers import titles_in, week_of
from hotspot import HotspotError, Params, Run
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.analysis.detection.size import size_cautions, weight_for_period
from hotspot.analysis.surroundings.drawn_area import InArea
from hotspot.disruption.ladders import CLOSED
from hotspot.services.hotspots import areas, coverage, lineages, runs
from hotspot.services.hotspots.classes import CALLED, HOW_TESTED, TOO_SHORT
from layers.live import Drawing, Panels, Timeline, drawing_of_run, show_live_map

BANDS = {
    "all hours": (),
    "06-12": tuple(range(6, 12)),
    "12-18": tuple(range(12, 18)),
    "18-22": tuple(range(18, 22)),
    "22-02": (22, 23, 0, 1),
    "02-06": tuple(range(2, 6)),
}
_KEY = re.compile(r"^H-\d+")
NOTHING, BEFORE, YEAR = "No comparison", "Previous period", "Same period last year"


def show_style() -> None:
    """Let the map reach from edge to edge, and two of them stand beside each other."""
    st.html(
        "<style>.stMainBlockContainer{padding-bottom:0}"
        ".st-key-sheet{margin:0 -1.5rem;width:calc(100% + 3rem)!important;max-width:none;"
        "min-width:calc(100% + 3rem);min-height:max(420px,calc(100dvh - 158px));"
        "align-self:flex-start;gap:0!important}"
        ".st-key-sheet [data-testid=stBidiComponentRegular],.st-key-sheet>div{max-width:none}"
        ".st-key-sheet>.stElementContainer{width:100%!important}</style>"
    )


@remember(entries=9, spinner="Looking into the area ...")
def _in_area(actor: Actor, run: Run, sources: list[str], ring: str) -> InArea:
    """Say what lies in an area, given as JSON text."""
    return areas.what_is_in(session.workspace(), actor, run, sources, json.loads(ring))


def notes_of(run: Run, sources: list[str], titles: dict[str, str]) -> tuple[str, ...]:
    """Say what must not be overlooked: nothing found, too much, a month that is not whole."""
    cautions = (
        _KEY.sub(lambda key: titles.get(key[0], key[0]), said) for said in size_cautions(run)
    )
    held = runs.holdings(session.workspace())
    empty = [run.explain()] if run.hotspots.empty else []
    part = coverage.coverage_words(held, sources, run.params)
    return (*empty, *cautions, *([part] if part else []))


def show_controls(actor: Actor, run: Run, sources: list[str]) -> tuple[Run | None, tuple[str, ...]]:
    """Draw what chooses months, hours and a comparison, in the bar above the map.

    Returns
    -------
    (Run or None, tuple)
        The run to compare with, and why there is none although one was asked for.
    """
    with session.current().bar:
        _show_stepper(run, sources)
        _show_hours()
        asked = st.selectbox(
            "Compare",
            [NOTHING, BEFORE, YEAR],
            key=state.COMPARE,
            persist_state="session",
            bind="query-params",
            label_visibility="collapsed",
            width=190,
        )
    if asked == NOTHING or run.params.start is None or run.params.end is None:
        return None, ()
    held = runs.holdings(session.workspace())
    try:
        earlier = earlier_params(held, sources, run.params, str(asked))
    except HotspotError as error:
        return None, (str(error),)
    return filters.run_for(actor, sources, earlier), ()


def timeline_of(actor: Actor, run: Run, sources: list[str]) -> Timeline | None:
    """Say when the records are; the hours of the week once they are asked for."""
    start, end = run.params.start, run.params.end
    months = _months(sources)
    if len(months) < 2 or start is None or end is None or f"{end:%Y-%m}" not in months:
        return None
    counts = runs.months_of(runs.holdings(session.workspace()), sources)
    is_asked = (st.session_state.get(state.MAP) or {}).get("grid") and not run.approximate
    return Timeline(
        {month: counts.get(month, 0) for month in months},
        months.index(f"{start:%Y-%m}") if f"{start:%Y-%m}" in months else 0,
        months.index(f"{end:%Y-%m}"),
        week_of(actor, run, sources) if is_asked else [],
        sorted(run.params.only_weekdays or ()),
        sorted(run.params.only_hours or ()),
    )


def take_time(sources: list[str]) -> None:
    """Take the months or the hours that were brushed below the map into the settings."""
    reported = st.session_state.get(state.MAP) or {}
    if brushed := reported.get("months"):
        months = _months(sources)
        first, last = (min(max(int(n), 0), len(months) - 1) for n in brushed)
        _choose_months(months, first, last)
    if week := reported.get("week"):
        st.session_state[state.WEEKDAYS] = [day for day in range(7) if day in week["weekdays"]]
        st.session_state[state.HOURS] = [hour for hour in range(24) if hour in week["hours"]]


def _months(sources: list[str]) -> list[str]:
    return filters.all_months(list(runs.months_of(runs.holdings(session.workspace()), sources)))


def _choose_months(months: list[str], first: int, last: int) -> None:
    st.session_state[state.FIRST_MONTH] = months[first]
    st.session_state[state.LAST_MONTH] = months[last]


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
    months = _months(sources)
    first, last = (
        months.index(f"{day:%Y-%m}") if day and f"{day:%Y-%m}" in months else None
        for day in (run.params.start, run.params.end)
    )
    if first is None or last is None or len(months) < 2:
        return
    st.markdown(f":small[**{period_words(run.params)}**]", width="content")
    one = "One month {}, as many months as now"
    alone = "The last month of the period alone; then step through the months"
    for label, is_end, to, what in (
        ("Earlier", first == 0, (first - 1, last - 1), one.format("earlier")),
        ("Later", last == len(months) - 1, (first + 1, last + 1), one.format("later")),
        ("Last month", first == last, (last, last), alone),
    ):
        st.button(label, disabled=is_end, on_click=_choose_months, args=(months, *to), help=what)
    weight = weight_for_period(run)
    if weight is not None and weight != run.params.min_weight:
        st.button(
            f"Use a weight of {weight:g}",
            on_click=_use_weight,
            args=(weight,),
            help=f"{run.params.min_weight:g} is meant for twelve months; this is the same rate.",
        )


def _use_weight(weight: float) -> None:
    st.session_state[state.MIN_WEIGHT] = weight


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
        "Time of day",
        list(BANDS),
        key=state.HOUR_BAND,
        on_change=take,
        label_visibility="collapsed",
    )


def show_earlier(actor: Actor, earlier: Run, sources: list[str], beside: Drawing) -> None:
    """Draw the map of the earlier period; it moves with the other, and has its colours."""
    titles = titles_in(actor, earlier, sources)
    show_live_map(
        state.MAP_BEFORE,
        drawing=drawing_of_run(earlier, titles, as_in=beside),
        ground=state.GROUND,
        selected=state.selected_key(earlier),
        on_choose=lambda: state.select(earlier, state.chosen_in(state.MAP_BEFORE)),
        linked="periods",
        is_second=True,
        panels=Panels(period=period_words(earlier.params)),
    )


def show_both(
    run: Run, earlier: Run, titles: dict[str, str], titles_before: dict[str, str]
) -> None:
    """Set the hotspots of two periods side by side: then, now, the change and what it means."""
    both = lineages.beside(run, earlier)
    rows: list[dict[Any, Any]] = both.to_dict("records")
    then, now = (both[f"events_{when}"].fillna(0) for when in ("before", "now"))
    table = pd.DataFrame(
        {
            "Hotspot": [
                titles.get(row["now"]) or _titles_of(row["before"], titles_before) for row in rows
            ],
            "Then": then,
            "Now": now,
            "Change": now - then,
            "What it means": [_meaning(row, titles_before) for row in rows],
        }
    )
    st.caption(
        plain(
            f"Events then ({period_words(earlier.params)}) and now ({period_words(run.params)}). "
            f"{earlier.explain()} More records are not bad news in themselves; recording may have "
            "changed. 0 stands where there was no hotspot, not where nothing happened."
        )
    )
    st.dataframe(table, hide_index=True, alt="Hotspots of the two periods side by side")


def asked_classes(actor: Actor, run: Run, sources: list[str]) -> dict[str, str] | None:
    """Give how each hotspot was hot over the months, by its key, where that is asked for.

    It takes a second, which the map and its list should not wait for unasked.
    """
    if not _has_classes(actor, run) or not st.session_state.get(state.CLASSES):
        return None
    table = classes_of(actor, run, sources)
    if table.empty:
        return None
    return dict(zip(table["key"], table["class"].replace(CALLED), strict=True))


def show_asking_for_classes(actor: Actor, run: Run, classes: dict[str, str] | None) -> None:
    """Draw what asks for the classes over the months, and how they were tested."""
    if not _has_classes(actor, run):
        return
    if st.toggle("Say in the list how each was hot over the months", key=state.CLASSES):
        st.caption(TOO_SHORT if classes is None else HOW_TESTED)


def _has_classes(actor: Actor, run: Run) -> bool:
    return may(actor, Operation.JUDGE) and not run.approximate and not run.hotspots.empty


def _titles_of(keys: str, titles: dict[str, str]) -> str:
    return " and ".join(titles.get(key, key) for key in keys.split(", "))


def _meaning(row: dict[Any, Any], titles_before: dict[str, str]) -> str:
    if row["what"] == "only now":
        return "New: no hotspot was here"
    if row["what"] == "only before":
        return "No hotspot any more"
    joined = "," in row["before"]
    said = f", merged from {_titles_of(row['before'], titles_before)}" if joined else ""
    return f"A hotspot in both periods{said}"


def area_was_drawn() -> None:
    """Let the page be drawn anew: the area is in the state of the map."""


def show_area_answer(
    actor: Actor, run: Run, sources: list[str], actions: pd.DataFrame, titles: dict[str, str]
) -> None:
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
    reaching = plain(", ".join(titles[key] for key in answer.hotspots)) or "none"
    days = "" if answer.days is None else f" on {answer.days} days"
    here = actions[actions["key"].isin(answer.hotspots) & ~actions["state"].isin(list(CLOSED))]
    st.markdown(
        f"{answer.area_km2:.2f} km²: {answer.events:,} events{children}{days} in "
        f"{len(answer.cells)} cells; hotspots that reach in: "
        f"{reaching}; open actions there: {len(here)}."
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
