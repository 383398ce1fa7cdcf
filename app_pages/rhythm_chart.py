"""Draw when the events of a hotspot happened: by hour and weekday, and month by month."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from hotspot.services.runs import Times, WeekRhythm

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


def show_months(times: Times) -> None:
    """Draw the events and distinct children of each month, and say in words how they go."""
    months = times.months
    if len(months) < 2:
        st.caption("The period covers fewer than two whole months.")
        return
    table = months.assign(Month=pd.to_datetime(months["month"]))
    base = alt.Chart(table.drop(columns="month")).encode(
        x=alt.X("Month:T", title=None, axis=alt.Axis(format="%b %Y", labelAngle=-45))
    )
    tip = [alt.Tooltip("Month:T", format="%B %Y"), "events:Q", "children:Q"]
    whiskers = base.mark_rule(opacity=0.6).encode(y=alt.Y("low:Q", title="Events"), y2="high:Q")
    points = base.mark_line(point=True).encode(y="events:Q", tooltip=tip)
    children = base.mark_line(strokeDash=[4, 3], point=alt.OverlayMarkDef(shape="square")).encode(
        y="children:Q", tooltip=tip, color=alt.value("#d55e00")
    )
    st.altair_chart((whiskers + points + children).properties(height=220), width="stretch")
    st.caption(_in_words(times))
    with st.expander("The months as a table"):
        st.dataframe(months.round(1), hide_index=True, alt="Events and children by month")


def _in_words(times: Times) -> str:
    said = ["Solid: events, with the 95 % interval of such a count; dashed: distinct children."]
    change = times.change
    if change is not None:
        high = "no limit" if change.high is None else f"{change.high:.1f}"
        ratio = "" if change.ratio is None else f"{change.ratio:.1f} times as many ("
        ratio = f"{ratio}{change.low:.1f} to {high}): " if ratio else ""
        said.append(
            f"Last three months against the three before: {change.after} and {change.before} "
            f"events, {ratio}{change.word}."
        )
    way = "rising" if times.trend.s > 0 else "falling"
    trend = way if times.trend.p < 0.05 else "no clear trend"
    said.append(
        f"Over all months: {trend} (Mann-Kendall p = {times.trend.p:.2f}). More records may only "
        "mean that more is reported."
    )
    return " ".join(said)
