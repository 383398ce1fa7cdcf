"""Draw the patterns of a run's records, each with how it was tested and what it cannot tell."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from app_pages.frame.charts import show_chart, show_same_as_table
from app_pages.frame.text import plain
from hotspot import Run
from hotspot.analysis.detection.size import weight_curve
from hotspot.services.hotspots.classes import CALLED, HOW_TESTED, TOO_SHORT
from hotspot.services.hotspots.patterns import Patterns, middle_of

NO_DAYS = "Not looked for: of these records the month alone is known."
_NUMBER = st.column_config.NumberColumn


def show_watched(patterns: Patterns) -> None:
    """List the new places to be watched."""
    st.markdown("#### To be watched")
    st.caption(
        "Places outside the hotspots where more came in up to eight weeks than place and season "
        "make one expect, tested by exchanging the children's times 199 times (Kulldorff 2005). In "
        "invented years with nothing new it raised an alarm in at most 1 scan of 20, and it found "
        "four new records in 7 of 20, six in 19."
    )
    if patterns.watched is None:
        st.info(NO_DAYS)
        return
    if not patterns.watched:
        st.info("Nothing stands out beside the hotspots.")
    for one in patterns.watched[:10]:
        lat, lng = middle_of(one)
        st.markdown(f"- **{lat:.4f}, {lng:.4f}**: {plain(one.sentence)}")


def show_repeats(patterns: Patterns) -> None:
    """Draw how often different children's records come near each other in place and time."""
    st.markdown("#### Near repeats")
    if patterns.repeats.empty:
        st.info("Too few records have a day.")
        return
    st.dataframe(
        patterns.repeats.rename(
            columns={
                "distance": "Distance",
                "time": "Apart in time",
                "pairs": "Pairs",
                "expected": "By chance",
                "ratio": "Times as many",
                "p": "p",
            }
        ),
        hide_index=True,
        column_config={
            "By chance": _NUMBER(format="%.1f"),
            "Times as many": _NUMBER(format="%.2f"),
            "p": _NUMBER(format="%.3f"),
        },
        alt="Pairs of records by distance and time, against chance",
    )
    st.caption(
        "Pairs of different children's records, against the same places with their times exchanged "
        "between children (p: how often that makes as many). It tells that records come together, "
        "not that one led to the other."
    )


def show_classes(patterns: Patterns) -> None:
    """List the pattern of each hotspot over the months."""
    st.markdown("#### Over the months")
    if patterns.classes.empty:
        why = NO_DAYS if patterns.watched is None else TOO_SHORT
        st.info(why)
        return
    table = patterns.classes.assign(
        called=patterns.classes["class"].replace(CALLED),
        hot=[f"{row.hot_months} of {row.months}" for row in patterns.classes.itertuples()],
    )
    st.dataframe(
        table[["key", "called", "hot", "meaning"]].rename(
            columns={"key": "Hotspot", "called": "Class", "hot": "Hot months", "meaning": "Means"}
        ),
        hide_index=True,
        alt="The class of each hotspot over the months",
    )
    st.caption(HOW_TESTED)


def show_class(classes: pd.DataFrame, key: str) -> None:
    """Say the class of one hotspot over the months, and how it was tested."""
    own = classes[classes["key"] == key]
    if own.empty:
        st.caption(TOO_SHORT)
    for row in own.to_dict("records"):
        st.markdown(
            f"Over the months: **{CALLED.get(row['class'], row['class'])}**, {row['meaning']}; hot "
            f"in {row['hot_months']} of {row['months']} months."
        )
        st.caption(HOW_TESTED)


def show_ranks(patterns: Patterns) -> None:
    """Rank the hotspots by records in a square kilometre, as counted and steadied."""
    st.markdown("#### Ranking hotspots of few records")
    st.dataframe(
        patterns.ranks.sort_values("shrunk", ascending=False).rename(
            columns={
                "key": "Hotspot",
                "events": "Records",
                "per_km2": "In a km², as counted",
                "shrunk": "Steadied",
                "low": "From",
                "high": "To",
            }
        ),
        hide_index=True,
        column_config={
            name: _NUMBER(format="%.0f")
            for name in ("In a km², as counted", "Steadied", "From", "To")
        },
        alt="Hotspots ranked by records in a square kilometre",
    )
    st.caption(
        "Steadied: drawn towards the rate of all hotspots, the more the fewer records it rests on "
        "(gamma-Poisson), with the interval of 95 in 100. Ranks whose intervals overlap may be "
        "chance."
    )


def show_cores(cores: pd.DataFrame) -> None:
    """List the cores inside a hotspot."""
    if len(cores) < 2:
        st.info("It has one core: no higher threshold parts it.")
        return
    st.dataframe(
        cores[["core", "weight", "events", "area_share"]].rename(
            columns={
                "core": "Core",
                "weight": "Weight",
                "events": "Records",
                "area_share": "Of its cells",
            }
        ),
        hide_index=True,
        column_config={"Of its cells": _NUMBER(format="percent")},
        alt="The cores inside the hotspot",
    )
    st.caption(
        f"Split at a minimum weight of {cores['min_weight'].iloc[0]:g}, which gives the most parts "
        "that could be hotspots. It shows where its records lie, and tests nothing."
    )


def show_thresholds(patterns: Patterns, run: Run) -> None:
    """Draw what lies within reach of each cell, and list minimum weights that the data suggest."""
    st.markdown("#### Minimum weight")
    lines = "".join(f"\n- **{one.min_weight:g}**: {one.why}" for one in patterns.thresholds)
    st.markdown(f"Yours is {run.params.min_weight:g}. The data suggest:{lines or ' nothing else.'}")
    curve = weight_curve(run)
    if curve.empty:
        return
    marks = pd.DataFrame({"weight": [one.min_weight for one in patterns.thresholds]})
    line = (
        alt.Chart(curve)
        .mark_line()
        .encode(
            x=alt.X("cells:Q", title="Cells with as much or more", scale=alt.Scale(type="log")),
            y=alt.Y("weight:Q", title="Weight within reach"),
            tooltip=["cells", alt.Tooltip("weight:Q", format=".0f")],
        )
    )
    suggested = alt.Chart(marks).mark_rule(strokeDash=[4, 3], color="#808080").encode(y="weight:Q")
    own = alt.Chart(pd.DataFrame({"weight": [run.params.min_weight]})).mark_rule()
    own = own.encode(y="weight:Q")
    show_chart(line + suggested + own, "Weight within reach of each cell, greatest first.", 220)
    st.caption(
        "Solid line across: your minimum weight; dashed: what the data suggest. Each is a starting "
        "point for a choice and tests no hotspot."
    )
    show_same_as_table(curve.round(1), "Weight within reach of the cells, greatest first")
