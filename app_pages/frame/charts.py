"""What all charts share: months in words, names that are not cut, the same as a table.

Their colours are the theme's (`hotspot.settings`), so that they fit a light and a dark ground.
"""

from __future__ import annotations

from datetime import date

import altair as alt
import pandas as pd
import streamlit as st

_INK = "#4a4f57"
NAMES = alt.Axis(labelLimit=0, labelOverlap=False)
"""An axis of names: all of them, in full."""


def month_in_words(month: str | date) -> str:
    """Write a month ("2026-05" or a day of it) as people do ("May 2026")."""
    return f"{pd.Period(month, 'M'):%b %Y}"


def month_axis(months: pd.Series[str], title: str | None = None) -> alt.X:
    """Make the axis of a column `Month` that holds months in words, in the order of time."""
    order = [month_in_words(month) for month in sorted(months.unique())]
    return alt.X("Month:O", title=title, sort=order, axis=alt.Axis(labelAngle=-45))


def show_chart(chart: alt.Chart | alt.LayerChart, description: str, height: int | alt.Step) -> None:
    """Draw a chart as wide as its place; the description is for who cannot see it."""
    drawn = chart.properties(height=height, description=description)
    if st.context.theme.type != "dark":  # the light theme writes too faintly for AA
        drawn = drawn.configure_axis(labelColor=_INK, titleColor=_INK).configure_legend(
            labelColor=_INK, titleColor=_INK
        )
    st.altair_chart(drawn, width="stretch")


def show_same_as_table(
    table: pd.DataFrame,
    alt_text: str,
    *,
    title: str = "The same as a table",
    hide_index: bool = True,
    shares: tuple[str, ...] = (),
) -> None:
    """Offer what a chart shows as a table; the columns in `shares` are written as percentages."""
    percent = st.column_config.NumberColumn(format="percent")
    with st.expander(title):
        st.dataframe(
            table, hide_index=hide_index, alt=alt_text, column_config=dict.fromkeys(shares, percent)
        )
