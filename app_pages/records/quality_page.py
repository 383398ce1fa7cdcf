"""How far the data can be trusted: located shares, precision, coverage, recording changes."""

from __future__ import annotations

from datetime import date

import altair as alt
import pandas as pd
import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.charts import NAMES, month_axis, month_in_words, show_chart, show_same_as_table
from app_pages.frame.page_end import end_page
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.records.answers import quality_of
from app_pages.records.holidays import show_holidays
from hotspot import HotspotError
from hotspot.access.permissions import Operation
from hotspot.schema import RECORD_SOURCES, SOURCE_LABELS
from hotspot.services.records import quality

PERCENT = st.column_config.ProgressColumn(format="percent")

actor = session.current().actor
workspace = session.workspace()
overview = quality_of(actor)
st.subheader("Data quality")
if overview.sources.empty:
    st.info("Nothing is imported yet.")
    end_page()
st.caption(
    "What the analysis rests on. A hotspot can only lie where records were located and made; a gap "
    "below is a gap in the map."
)
st.dataframe(
    overview.sources.rename(
        columns={
            "label": "Source",
            "imports": "Files",
            "rows_in": "Rows in",
            "used": "Used",
            "located": "With a usable location",
            "rejected": "Rejected",
        }
    ),
    hide_index=True,
    alt="Sources with their share of located and rejected rows",
    column_config={"With a usable location": PERCENT, "Rejected": PERCENT},
)
if overview.coverage.empty:
    st.info("No records are imported yet: there is no coverage to show.")
    end_page()
left, right = st.columns([2, 3])
with left:
    st.markdown("##### How exactly places are known")
    st.dataframe(
        overview.precision[["label", "precision", "records", "share"]].rename(
            columns={
                "label": "Source",
                "precision": "Known to",
                "records": "Records",
                "share": "Share",
            }
        ),
        hide_index=True,
        alt="Records by precision",
        column_config={"Share": PERCENT},
    )
with right:
    labels = sorted(overview.coverage["label"].unique())
    label = st.selectbox("Coverage of", labels)
    part = overview.coverage[overview.coverage["label"] == label]
    grid = part.pivot_table(
        index="district", columns="month", values="records", aggfunc="sum", fill_value=0
    )
    cells = grid.rename(columns=month_in_words).reset_index()
    cells = cells.melt("district", var_name="Month", value_name="Records")
    base = alt.Chart(cells).encode(x=month_axis(part["month"]))
    boxes = base.mark_rect().encode(
        y=alt.Y("district:N", title=None, axis=NAMES),
        color=alt.Color("Records:Q", scale=alt.Scale(type="sqrt")),
        tooltip=["district", "Month", "Records"],
    )
    changes = overview.changes.assign(label=overview.changes["source"].map(SOURCE_LABELS))
    own = changes[changes["label"] == label]
    marks = pd.DataFrame({"Month": [f"{d:%b %Y}" for d in own["on_day"]], "note": own["note"]})
    lines = (
        alt.Chart(marks)
        .mark_rule(color="#d55e00", strokeWidth=3)
        .encode(x="Month:O", tooltip=["Month", "note"])
    )
    about = f"{label}: records by district and month"
    show_chart(boxes + lines if len(marks) else boxes, about, 330)
    show_same_as_table(grid, about, hide_index=False)
for change in own.itertuples():
    st.caption(
        plain(
            f"Recording changed on {change.on_day:%d %B %Y}: {change.note} "
            f"(marked by {change.marked_by})"
        )
    )
with st.expander("How complete the columns of the last file are, by district"):
    shares = overview.completeness[overview.completeness["label"] == label]
    wide = shares.assign(district=shares["district"].replace("", "all rows")).pivot_table(
        index="column", columns="district", values="share"
    )
    st.dataframe(
        wide,
        alt="Share of filled rows by column and district",
        column_config=dict.fromkeys(wide.columns, PERCENT),
    )
show_holidays(actor)
if may(actor, Operation.MARK_CHANGE):
    with st.expander("Mark a change of recording"), st.form("change", enter_to_submit=False):
        source = st.selectbox("Source", RECORD_SOURCES, format_func=SOURCE_LABELS.__getitem__)
        day = st.date_input("From which day", date.today(), format="DD/MM/YYYY")  # noqa: DTZ011
        note = st.text_input("What changed", max_chars=quality.MAX_NOTE)
        if st.form_submit_button("Mark it"):
            try:
                quality.mark_change(workspace, actor, str(source), day, note)
                state.next_data_turn()
                st.rerun()
            except HotspotError as error:
                st.error(plain(str(error)))
