"""Draw outcomes: how much is recorded, what was done, in time or late, and what came of it."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from hotspot import Run
from hotspot.services import performance
from hotspot.services.outcomes import COUNTS

_HEIGHT = 260
_LONG = 18
_BAR = alt.Step(26)
_NAMES = alt.Axis(labelLimit=260, labelOverlap=False)
_HOW = {"done in time": "#0072b2", "done late": "#e69f00", "open, not due yet": "#9aa5b1",
        "open and overdue": "#3b3b3b"}  # fmt: skip
_AGENCIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7a7a7a",
             "#3b3b3b")  # fmt: skip


def show_prevalence(run: Run) -> None:
    """Draw the records and the distinct children of each month."""
    st.markdown("#### How much is recorded")
    months = performance.by_month(run)
    if months.empty:
        st.caption("The records of this choice do not know their month.")
        return
    named = {"events": "Events", "children": "Distinct children"}
    long = months.rename(columns=named).melt("month", var_name="What", value_name="Number")
    long = long.dropna(subset=["Number"])
    line = alt.Chart(long).mark_line(point=True).encode(
        x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-45)),
        y=alt.Y("Number:Q", title=None),
        color=alt.Color("What:N", title=None, legend=alt.Legend(orient="top"),
                        scale=alt.Scale(domain=list(named.values()), range=["#0072b2", "#d55e00"])),
        strokeDash=alt.StrokeDash("What:N", legend=None),
        tooltip=["month", "What", "Number"],
    )  # fmt: skip
    _show(line, f"Events and distinct children of each month, {_span(months['month'])}.")
    st.caption("The strategy expects reports to rise: more is not bad news in itself.")
    _table(months.rename(columns={"month": "Month", **named}), "Events and children by month")


def show_interventions(actions: pd.DataFrame) -> None:
    """Draw how many actions there are by measure and agency."""
    st.markdown("#### What was done, and by whom")
    counted = performance.interventions(actions)
    if counted.empty:
        st.caption("No action is recorded yet.")
        return
    agencies = counted.groupby("agency")["actions"].sum().sort_values(ascending=False).index
    bars = _bars(counted, "measure", "agency", dict(zip(agencies, _cycled(len(agencies)),
                                                        strict=True)))  # fmt: skip
    _show(bars, f"{int(counted['actions'].sum())} actions by measure and agency.", _BAR)
    _table(counted.rename(columns=str.capitalize), "Actions by measure and agency")


def show_timeliness(actions: pd.DataFrame, completed: pd.DataFrame) -> None:
    """Draw for each agency whether its actions were done in time."""
    st.markdown("#### In time")
    counted = performance.in_time(actions, completed)
    if counted.empty:
        st.caption("No action is open or done yet.")
        return
    done = counted[counted["how"].isin(["done in time", "done late"])]["actions"].sum()
    timely = counted[counted["how"] == "done in time"]["actions"].sum()
    _show(
        _bars(counted, "agency", "how", _HOW),
        "Actions by agency and whether they were in time.",
        _BAR,
    )
    share = f"{timely} of {done} finished actions were in time." if done else "None is done yet."
    st.caption(
        f"{share} The day counts on which it was recorded as completed; "
        "a due day that was moved counts as it stands now."
    )
    _table(counted.rename(columns={"agency": "Agency", "how": "How", "actions": "Actions"}),
           "Actions by agency and whether they were in time")  # fmt: skip


def show_attrition(counts: pd.DataFrame) -> None:
    """Draw the steps from reports to convictions, and why cases ended before."""
    st.markdown("#### From reports to convictions")
    steps, reasons, months = performance.attrition(counts)
    if steps.empty:
        st.caption("No counts of the whole force are entered yet.")
        st.page_link("outcomes_page.py", label="Outcome counts")
        return
    named = steps.assign(Step=steps["what"].map(COUNTS), Number=steps["number"])
    base = alt.Chart(named).encode(
        y=alt.Y("Step:N", sort=None, title=None, axis=_NAMES),
        x=alt.X("Number:Q", title=None),
    )
    words = base.mark_text(align="left", dx=4, color="#7f7f7f").encode(text="Number:Q")
    bars = base.mark_bar(color="#0072b2").encode(tooltip=["Step", "Number"])
    _show(bars + words, f"Counts from reports to convictions, {months}.", _BAR)
    st.caption(
        f"Sums of {months}, the whole force. A case takes longer than a month, so the offences and "
        "the charges of the same months are not the same cases: read the shares with care."
    )
    named["Share of the first"] = named["share"]
    shown = named[["Step", "Number", "Share of the first", "months"]]
    _table(shown.rename(columns={"months": "Months counted"}), "Steps from reports to convictions")
    if len(reasons):
        ended = reasons.assign(what=reasons["what"].map(COUNTS))
        st.dataframe(
            ended.rename(columns={"what": "Why it ended", "number": "Number"}),
            hide_index=True, alt="Reasons for no further action",
        )  # fmt: skip


def show_what_worked(actions: pd.DataFrame, completed: pd.DataFrame) -> None:
    """Show what is known of each measure."""
    st.markdown("#### What worked, as far as it can be said")
    table = performance.by_measure(actions, completed)
    if table.empty:
        st.caption("No action is recorded yet.")
        return
    st.dataframe(
        table.rename(columns={
            "measure": "Measure", "recorded": "Recorded", "done": "Done",
            "looked_at": "Effect looked at", "fewer": "Fewer after", "more": "More after",
            "cannot_tell": "Cannot tell", "results": "What came of it",
        }),
        hide_index=True, alt="What is known of each measure",
    )  # fmt: skip
    st.caption(
        f"{int(table['looked_at'].sum())} of {int(table['done'].sum())} finished actions have a "
        "look at their effect. A few looks at one measure prove nothing about it: places were "
        "chosen because much was recorded there, and much tends to become less by itself."
    )


def _bars(counted: pd.DataFrame, rows: str, parts: str, colours: dict[str, str]) -> alt.Chart:
    is_long = max(map(len, colours)) > _LONG  # two beside each other would be cut
    legend = alt.Legend(orient="top", columns=1 if is_long else 2)
    bars: alt.Chart = alt.Chart(counted).mark_bar(stroke="white", strokeWidth=1).encode(
        y=alt.Y(f"{rows}:N", title=None, sort="-x", axis=_NAMES),
        x=alt.X("actions:Q", title="Actions", axis=alt.Axis(tickMinStep=1, format="d")),
        color=alt.Color(f"{parts}:N", title=None, legend=legend,
                        scale=alt.Scale(domain=list(colours), range=list(colours.values()))),
        tooltip=[rows, parts, "actions"],
    )  # fmt: skip
    return bars


def _cycled(number: int) -> list[str]:
    return [_AGENCIES[n % len(_AGENCIES)] for n in range(number)]


def _show(
    chart: alt.Chart | alt.LayerChart, description: str, height: int | alt.Step = _HEIGHT
) -> None:
    st.altair_chart(chart.properties(height=height, description=description), width="stretch")


def _table(table: pd.DataFrame, alt_text: str) -> None:
    with st.expander("The same as a table"):
        st.dataframe(table, hide_index=True, alt=alt_text, column_config={
            "Share of the first": st.column_config.NumberColumn(format="percent"),
        })  # fmt: skip


def _span(months: pd.Series) -> str:
    return f"{months.iloc[0]} to {months.iloc[-1]}"
