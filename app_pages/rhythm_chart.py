"""Draw events by hour and weekday."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from hotspot.services.runs import WeekRhythm

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def show_rhythm(rhythm: WeekRhythm) -> None:
    """Draw the hours of the week as a grid, with the same as a table."""
    if not rhythm.timed:
        st.caption("No record of this hotspot has a time of day.")
        return
    grid = pd.DataFrame(rhythm.events, index=list(DAYS), columns=range(24))
    cells = grid.rename_axis("Day").reset_index().melt("Day", var_name="Hour", value_name="Events")
    chart = (
        alt.Chart(cells)
        .mark_rect()
        .encode(
            x=alt.X("Hour:O", title="Hour of the day (local time)", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("Day:N", sort=list(DAYS), title=None),
            color=alt.Color("Events:Q", scale=alt.Scale(scheme="blues"), title="Events"),
            tooltip=["Day", "Hour", alt.Tooltip("Events:Q", format=".1f")],
        )
        .properties(height=230)
    )
    st.altair_chart(chart, width="stretch")
    busiest = cells.sort_values("Events", ascending=False).iloc[0]
    st.caption(
        f"{rhythm.timed} records with a time; {rhythm.untimed} without are not drawn. "
        f"Intervals are spread over their hours. Busiest: {busiest['Day']} {busiest['Hour']:02}:00."
    )
    with st.expander("The same as a table"):
        st.dataframe(grid.round(1), alt="Events by weekday and hour")
