"""Draw what lies around: types of premises against chance, access points, places outside."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from app_pages.frame import session
from app_pages.frame.charts import NAMES, show_chart, show_same_as_table
from app_pages.frame.remember import remember
from app_pages.frame.text import plain
from hotspot import HotspotError, Run
from hotspot.access.actor import Actor
from hotspot.analysis.surroundings.nearness import BANDS_M, Nearness
from hotspot.services.hotspots import surroundings


@remember(entries=9, spinner="Dealing out types anew ...")
def _nearness_of(actor: Actor, run: Run, sources: list[str], asked: str) -> Nearness:
    return surroundings.nearness_of(session.workspace(), actor, run, sources, asked)


@remember(is_shared=False)
def _rising(actor: Actor, run: Run, sources: list[str]) -> pd.DataFrame:
    return surroundings.rising_access_points(session.workspace(), actor, run, sources)


@remember(is_shared=False)
def _outside(actor: Actor, run: Run, sources: list[str]) -> pd.DataFrame:
    return surroundings.places_outside(session.workspace(), actor, run, sources)


def show_nearness(actor: Actor, run: Run, sources: list[str]) -> None:
    """Draw the events near each type against what chance gives, with the same as a table."""
    left, right = st.columns([3, 1])
    asked = left.selectbox(
        "Ask about", list(surroundings.ASKED), format_func=surroundings.ASKED.__getitem__
    )
    within = right.selectbox("Within", BANDS_M, 1, format_func=lambda m: f"{m} m")
    try:
        nearness = _nearness_of(actor, run, sources, str(asked))
    except HotspotError as error:
        st.info(plain(str(error)))
        return
    table = nearness.table[nearness.table["within_m"] == within].drop(columns="within_m")
    if table.empty:
        st.info("No event can be compared.")
        return
    base = alt.Chart(table).encode(y=alt.Y("type:N", title=None, sort="-x", axis=NAMES))
    chance = base.mark_bar(height=10, opacity=0.3, color="#767676").encode(
        x=alt.X("low:Q", title="Observed over expected", axis=alt.Axis(tickCount=8)), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        x="ratio:Q",
        tooltip=[
            "type",
            "places",
            "observed",
            alt.Tooltip("expected:Q", format=".1f"),
            alt.Tooltip("ratio:Q", format=".2f"),
            alt.Tooltip("p:Q", format=".3f"),
        ],
    )
    one = alt.Chart(table.head(1)).mark_rule(strokeDash=[4, 3], aria=False).encode(x=alt.datum(1))
    show_chart(
        chance + one + points,
        "Events near each type, observed over expected.",
        60 + 30 * len(table),
    )
    st.caption(
        "Points: observed over expected. Grey: where 95 of 100 deals of chance lie, the types "
        "dealt out anew among the same places, so that the town centre stays as dense. "
        f"{nearness.used:,} events; {nearness.snapped:,} on snap points are left out."
    )
    show_same_as_table(
        table.set_axis(
            [
                "Type",
                "Places",
                "Observed",
                "Expected",
                "Times expected",
                "Chance from",
                "Chance to",
                "p",
            ],
            axis=1,
        ).round(2),
        "Events near each type, observed and expected",
    )


def show_rising(actor: Actor, run: Run, sources: list[str]) -> None:
    """List the access points near no hotspot that have more events than before."""
    st.markdown("##### Access points near no hotspot, with more events than before")
    try:
        rising = _rising(actor, run, sources)
    except HotspotError as error:
        st.info(plain(str(error)))
        return
    if rising.empty:
        st.caption("None has three or more in the last 13 weeks, and more than in the 13 before.")
        return
    st.dataframe(
        rising.set_axis(["Access point", "Kind", "13 weeks before", "Last 13 weeks"], axis=1),
        hide_index=True,
        alt="Access points with more events than before",
    )
    st.caption("Small numbers go up and down by chance; they say where to look again.")


def show_outside(actor: Actor, run: Run, sources: list[str]) -> None:
    """List where outside the force something was recorded."""
    st.markdown("##### Outside the force")
    areas = _outside(actor, run, sources)
    if areas.empty:
        st.caption("Nothing of this period and these settings lies outside the force.")
        return
    shown = areas.round({"nearest_km": 1, "furthest_km": 1})
    st.dataframe(
        shown.set_axis(
            ["Where", "Events", "Children", "Nearest (km)", "Furthest (km)", "Last on"], axis=1
        ),
        hide_index=True,
        alt="What was recorded outside the force, by area",
        column_config={"Last on": st.column_config.DateColumn(format="DD MMM YYYY")},
    )
    st.caption(
        "Kept and counted, never part of a hotspot. Areas have names where boundaries with these "
        "areas are imported. Raise them with the other force's lead."
    )
