"""Draw the parts that pages share."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import streamlit as st

from app_pages import cache, state
from hotspot import HotspotError, Run
from hotspot.services import actions, disclosures, premises, runs
from hotspot.services.runs import WeekRhythm
from hotspot.services.session import Actor, Operation, is_allowed, role_label, session_actors
from hotspot.settings import ONLY_USER_VARIABLE
from layers.portable import map_file

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~$:^=&])")


def plain(text: str) -> str:
    """Escape text so that Markdown shows it as it is."""
    return _MARKDOWN.sub(r"\\\1", text)


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show an error of Hotspot's as one plain box and end the page there."""
    try:
        yield
    except HotspotError as error:
        st.error(plain(str(error)))
        st.stop()


def show_banner() -> None:
    """Show marking and, in the demonstration, that the data are invented."""
    settings = cache.workspace().settings
    if settings.demo:
        st.warning("**Demonstration: invented data.** No place, business or person here is real.")
    else:
        st.info(f"**{plain(settings.marking)}** {plain(settings.handling)}")


def show_style() -> None:
    """Give the room around the page to the page, and captions the contrast that AA asks for."""
    st.html(
        "<style>.stMainBlockContainer{padding:3.6rem 1.5rem 1rem}"
        ".stSidebar [data-testid=stSidebarHeader]{height:2.2rem}"
        ".stMainBlockContainer .stAlertContainer{padding:.35rem .9rem}"
        "[data-testid=stCaptionContainer]{opacity:.85}</style>"
    )


def show_flash() -> None:
    """Show once what the last form did."""
    text = st.session_state.pop(state.FLASH, None)
    if text:
        st.success(plain(text))


def show_actor() -> Actor:
    """Let the demonstration's user choose who to be; name the one user otherwise."""
    found = session_actors(cache.workspace(), os.environ.get(ONLY_USER_VARIABLE, ""))
    by_name = {actor.name: actor for actor in found}
    if len(by_name) == 1:
        actor = found[0]
        st.caption(f"Working as {plain(actor.name)}")
        return actor
    name = st.selectbox(
        "Working as",
        list(by_name),
        index=len(by_name) - 1,
        format_func=lambda n: f"{role_label(by_name[n])} (demo)",
        key=state.ACTOR,
        persist_state="session",
    )
    return by_name[str(name)]


def run_id(run: Run, sources: list[str]) -> str:
    """Name a run for caches: the state of the records, its sources and its settings."""
    return f"{runs.holdings(cache.workspace()).digest}{sources}{run.params.as_dict()}"


def actions_of(actor: Actor, run: Run, sources: list[str]) -> pd.DataFrame:
    """Give all actions with the hotspot of the run that carries each."""
    version = actions.version_of(cache.workspace())
    return cache.actions_of(version, run_id(run, sources), actor.name, run, actor)


def rhythm_of(actor: Actor, run: Run, sources: list[str], key: str) -> WeekRhythm:
    """Give the hours of the week of a hotspot."""
    return cache.rhythm_of(run_id(run, sources), tuple(sources), key, actor.name, run, actor)


def may(actor: Actor, operation: Operation) -> bool:
    """Tell whether the actor may do something: what they may not do is not drawn."""
    return is_allowed(actor, operation)


def premises_of(actor: Actor, run: Run, sources: list[str], within_m: float) -> pd.DataFrame:
    """Give the premises near the hotspots; none where the run is approximate."""
    digest = premises.version_of(cache.workspace())
    name = run_id(run, sources)
    return cache.premises_near(digest, name, within_m, actor.name, run, actor)


def show_measures(row: pd.Series) -> None:
    """Show the measures of one hotspot as big numbers, with the marks in words."""
    children = "not known" if pd.isna(row["children"]) else f"{int(row['children'])}"
    days = "not known" if pd.isna(row["days"]) else f"{int(row['days'])}"
    numbers = [
        ("Distinct children", children),
        ("Events", f"{row['events']:,}"),
        ("Days with an event", days),
        ("Area", f"{row['area_km2']:.2f} km²"),
        ("Events per km²", f"{row['events_per_km2']:,.0f}"),
    ]
    for column, (label, value) in zip(st.columns(len(numbers)), numbers, strict=True):
        column.metric(label, value)
    st.caption(f"First event {row['first_on']:%d %b %Y}, last event {row['last_on']:%d %b %Y}. "
               "More records are not bad news in themselves: more may be reported.")  # fmt: skip
    if row["single_child"]:
        st.warning(
            "Driven by one child's records: without that child this hotspot dissolves. Raise it "
            "with the child's lead professional; do not brief it as a hotspot."
        )
    if row["approximate"]:
        st.warning("Approximate: made of street-level open data on snap points.")


def show_save_map(actor: Actor, run: Run, sources: list[str]) -> None:
    """Prepare a map file for named recipients: suppressed, marked, logged."""
    name = (actor.name, run_id(run, sources))
    with st.expander("Save this map to share it"), st.form("save_map", enter_to_submit=False):
        st.caption(
            "The file opens without a network. It holds outlines and banded counts only; hotspots "
            "of fewer than 3 children or driven by one child are withheld."
        )
        recipients = st.text_input("Who will receive it", max_chars=200)
        if st.form_submit_button("Prepare the file"):
            try:
                shared = disclosures.share_map(cache.workspace(), actor, run, sources, recipients)
                st.session_state[state.SHARED] = (name, map_file(shared))
            except HotspotError as error:
                st.error(plain(str(error)))
    prepared = st.session_state.get(state.SHARED)
    if prepared and prepared[0] == name:
        st.download_button(
            "Download the map file", prepared[1], "hotspot-map-OFFICIAL-SENSITIVE.html",
            "text/html", on_click="ignore",
        )  # fmt: skip


def attribution(sources: list[str], near: pd.DataFrame) -> str:
    """Name the open data on the page; the demonstration has none."""
    if cache.workspace().settings.demo:
        return ""
    return disclosures.attribution_of([*sources, *near["source"].unique()])
