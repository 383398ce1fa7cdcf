"""Draw when the events of a hotspot happened: by hour and weekday, and month by month."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from app_pages.frame.charts import month_in_words, show_chart, show_same_as_table
from hotspot.analysis.time.rhythm import WeekRhythm
from hotspot.analysis.time.seasons import Seasons
from hotspot.analysis.time.trend import Change
from hotspot.services.hotspots.times import DAY_NAMES, Times

DAYS = tuple(name[:3] for name in DAY_NAMES)


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
            color=alt.Color("Events:Q", title="Events"),
            tooltip=["Day", "Hour", alt.Tooltip("Events:Q", format=".1f")],
        )
    )
    show_chart(chart, "Events by weekday and hour.", 230)
    busiest = cells.sort_values("Events", ascending=False).iloc[0]
    st.caption(
        f"{rhythm.timed} records with a time; {rhythm.untimed} without are not drawn. "
        "Intervals are spread over their hours by minutes. "
        f"Busiest: {busiest['Day']} {busiest['Hour']:02}:00."
    )
    show_same_as_table(grid.round(1), "Events by weekday and hour", hide_index=False)


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
    whiskers = base.mark_rule(color="#808080").encode(y=alt.Y("low:Q", title="Events"), y2="high:Q")
    points = base.mark_line(point=True).encode(y="events:Q", tooltip=tip)
    children = base.mark_line(strokeDash=[4, 3], point=alt.OverlayMarkDef(shape="square")).encode(
        y="children:Q", tooltip=tip, color=alt.value("#d55e00")
    )
    show_chart(whiskers + points + children, "Events and distinct children by month.", 220)
    st.caption(_in_words(times))
    shown = months.assign(month=months["month"].map(month_in_words)).round(1)
    shown = shown.rename(
        columns={
            "month": "Month",
            "events": "Events",
            "children": "Children",
            "low": "Events from",
            "high": "Events to",
        }
    )
    show_same_as_table(shown, "Events and children by month", title="The months as a table")


def _in_words(times: Times) -> str:
    lines = (
        "Solid: events, with the 95 % interval of a count of single records; where one child has "
        "several it is wider. Dashed: distinct children."
    )
    said = [lines]
    if times.change is not None:
        ratio = _ratio(times.change)
        said.append(
            f"Last three months against the three before: {times.change.after} and "
            f"{times.change.before} events{ratio}: {times.change.word}."
        )
    tested = f" (by children, p = {times.trend.p:.2f})" if times.trend.is_enough else ""
    said.append(
        f"Over all months: {times.trend_word}{tested}. It cannot tell a trend from a season, and "
        "more records may only mean that more is reported."
    )
    return " ".join(said)


def show_seasons(seasons: Seasons) -> None:
    """Show the seasons, school holidays and term, with rates by the days there were."""
    if seasons.table.empty:
        st.caption("Choose a period to see its seasons.")
        return
    table = seasons.table
    rates = [f"{row.rate:.1f} ({row.low:.1f} to {row.high:.1f})" for row in table.itertuples()]
    shown = table[["part", "events", "children"]].assign(rate=rates)
    shown.columns = ["Part of the year", "Events", "Children", "In 28 days (95 %)"]
    st.dataframe(shown, hide_index=True, alt="Events by season, school holidays and term")
    said = []
    if seasons.holidays is None:
        said.append("No school holidays are entered for this period (Data quality).")
    else:
        said.append(
            f"School holidays against term, day for day{_ratio(seasons.holidays)}: "
            f"{seasons.holidays.word}. Term has weekends in it."
        )
    if seasons.undated:
        said.append(f"{seasons.undated} records are known by the month only and not counted here.")
    st.caption(" ".join(said))


def _ratio(change: Change) -> str:
    """Write how many times as much there is after, with its interval."""
    if change.ratio is None:
        return ""
    high = "no limit" if change.high is None else f"{change.high:.1f}"
    return f", {change.ratio:.1f} times as many ({change.low:.1f} to {high})"
