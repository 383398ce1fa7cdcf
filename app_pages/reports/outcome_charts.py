"""Draw outcomes: how much is recorded, what was done, in time or late, and what came of it."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from app_pages.frame.charts import NAMES, month_axis, month_in_words, show_chart, show_same_as_table
from app_pages.frame.tables import show_words
from hotspot import Run
from hotspot.disclosure.suppression import SHARE_SENTENCE
from hotspot.intake.fields.columns import COUNTS
from hotspot.services.reports import performance
from hotspot.services.reports.attrition import attrition

_HEIGHT = 260
_LONG = 18
_BAR = alt.Step(26)
_HOW = ("done in time", "done late", "open, not due yet", "open and overdue")


def show_prevalence(run: Run) -> None:
    """Draw the records and the distinct children of each month."""
    st.markdown("#### How much is recorded")
    months = performance.by_month(run)
    if months.empty:
        st.caption("The records of this choice do not know their month.")
        return
    named = {"events": "Events", "children": "Distinct children"}
    words = months.assign(Month=months["month"].map(month_in_words)).drop(columns="month")
    long = words.rename(columns=named).melt("Month", var_name="What", value_name="Number")
    long = long.dropna(subset=["Number"])
    order = list(named.values())
    line = (
        alt.Chart(long)
        .mark_line(point=True)
        .encode(
            x=month_axis(months["month"]),
            y=alt.Y("Number:Q", title=None),
            color=alt.Color("What:N", title=None, sort=order, legend=alt.Legend(orient="top")),
            strokeDash=alt.StrokeDash("What:N", sort=order, legend=None),
            tooltip=["Month", "What", "Number"],
        )
    )
    span = f"{words['Month'].iloc[0]} to {words['Month'].iloc[-1]}"
    show_chart(line, f"Events and distinct children of each month, {span}.", _HEIGHT)
    st.caption("The strategy expects reports to rise: more is not bad news in itself.")
    show_same_as_table(
        months.rename(columns={"month": "Month", **named}), "Events and children by month"
    )


def show_interventions(actions: pd.DataFrame) -> None:
    """Draw how many actions there are by measure and agency."""
    st.markdown("#### What was done, and by whom")
    counted = performance.interventions(actions)
    if counted.empty:
        st.caption("No action is recorded yet.")
        return
    agencies = counted.groupby("agency")["actions"].sum().sort_values(ascending=False).index
    bars = _bars(counted, "measure", "agency", tuple(agencies))
    show_chart(bars, f"{int(counted['actions'].sum())} actions by measure and agency.", _BAR)
    show_same_as_table(counted.rename(columns=str.capitalize), "Actions by measure and agency")


def show_timeliness(actions: pd.DataFrame, completed: pd.DataFrame) -> None:
    """Draw for each agency whether its actions were done in time."""
    st.markdown("#### In time")
    counted = performance.in_time(actions, completed)
    if counted.empty:
        st.caption("No action is open or done yet.")
        return
    done = counted[counted["how"].isin(["done in time", "done late"])]["actions"].sum()
    timely = counted[counted["how"] == "done in time"]["actions"].sum()
    show_chart(
        _bars(counted, "agency", "how", _HOW),
        "Actions by agency and whether they were in time.",
        _BAR,
    )
    share = f"{timely} of {done} finished actions were in time." if done else "None is done yet."
    st.caption(
        f"{share} The day counts on which it was recorded as completed; "
        "a due day that was moved counts as it stands now."
    )
    show_same_as_table(
        counted.rename(columns={"agency": "Agency", "how": "How", "actions": "Actions"}),
        "Actions by agency and whether they were in time",
    )


def show_attrition(counts: pd.DataFrame) -> None:
    """Show what became of the files that were referred to the CPS: shares of the same files."""
    st.markdown("#### Attrition of files referred to the CPS")
    figures = attrition(counts)
    if not figures.months:
        st.caption("No files referred to the CPS are counted yet.")
        st.page_link("records/outcome_counts_page.py", label="Outcome counts")
        return
    st.caption(
        f"{figures.referred} files referred in {figures.months}, whenever they were decided; those "
        f"of late months may still be open. {SHARE_SENTENCE}"
    )
    columns = {
        "what": "What",
        "n": "Of files",
        "number": "Number",
        "share": "Share",
        "days": "Days",
    }
    for title, table in (
        ("Charge and conviction", figures.stages),
        ("Why files ended before", figures.reasons),
        ("How long it took", figures.times),
    ):
        if len(table):
            named = table.assign(what=table["what"].map(COUNTS)).rename(columns=columns)
            show_words(named, title)


def show_steps(counts: pd.DataFrame) -> None:
    """Draw the counts from reports to convictions by month, and why cases ended before."""
    st.markdown("#### From reports to convictions")
    steps, reasons, months = performance.counts_by_step(counts)
    if steps.empty:
        st.caption("No counts of the whole force are entered yet.")
        st.page_link("records/outcome_counts_page.py", label="Outcome counts")
        return
    named = steps.assign(Step=steps["what"].map(COUNTS), Number=steps["number"])
    named["What"] = [
        f"{step}: {n:,}" for step, n in zip(named["Step"], named["Number"], strict=True)
    ]
    bars = (
        alt.Chart(named)
        .mark_bar()
        .encode(
            y=alt.Y("What:N", sort=None, title=None, axis=NAMES),
            x=alt.X("Number:Q", title=None),
            tooltip=["Step", "Number"],
        )
    )
    show_chart(bars, f"Counts from reports to convictions, {months}.", _BAR)
    st.caption(
        f"Sums of {months}, the whole force. A case takes longer than a month, so the offences and "
        "the charges of the same months are not the same cases: they give no shares."
    )
    shown = named[["Step", "Number", "months"]]
    show_same_as_table(
        shown.rename(columns={"months": "Months counted"}),
        "Steps from reports to convictions",
    )
    if len(reasons):
        ended = reasons.assign(what=reasons["what"].map(COUNTS))
        st.dataframe(
            ended.rename(columns={"what": "Why it ended", "number": "Number"}),
            hide_index=True,
            alt="Reasons for no further action",
        )


def show_what_worked(actions: pd.DataFrame, completed: pd.DataFrame) -> None:
    """Show what is known of each measure."""
    st.markdown("#### What worked, as far as it can be said")
    table = performance.by_measure(actions, completed)
    if table.empty:
        st.caption("No action is recorded yet.")
        return
    show_words(
        table.rename(
            columns={
                "measure": "Measure",
                "recorded": "Recorded",
                "done": "Done",
                "looked_at": "Effect looked at",
                "fewer": "Fewer after",
                "more": "More after",
                "cannot_tell": "Cannot tell",
                "results": "What came of it",
            }
        ),
        "What is known of each measure",
    )
    st.caption(
        f"{int(table['looked_at'].sum())} of {int(table['done'].sum())} finished actions have a "
        "look at their effect. A few looks at one measure prove nothing about it: places were "
        "chosen because much was recorded there, and much tends to become less by itself."
    )


def _bars(counted: pd.DataFrame, rows: str, parts: str, order: tuple[str, ...]) -> alt.Chart:
    is_long = max(map(len, order)) > _LONG  # two beside each other would be cut
    legend = alt.Legend(orient="top", columns=1 if is_long else 2, labelLimit=0)
    bars: alt.Chart = (
        alt.Chart(counted)
        .mark_bar()
        .encode(
            y=alt.Y(f"{rows}:N", title=None, sort="-x", axis=NAMES),
            x=alt.X("actions:Q", title="Actions", axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(f"{parts}:N", title=None, legend=legend, scale=alt.Scale(domain=order)),
            tooltip=[rows, parts, "actions"],
        )
    )
    return bars
