"""How long raw records are kept: what is due, what is held and why, what was erased."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.records.answers import due_now, holds_of, review_queue_of
from hotspot import HotspotError
from hotspot.access.permissions import Operation
from hotspot.schema import RECORD_SOURCES, SOURCE_LABELS
from hotspot.services.upkeep import holds, retention
from hotspot.services.upkeep.holds import ALL_SOURCES, Hold

SOURCES = {ALL_SOURCES: "all sources", **{s: SOURCE_LABELS[s] for s in RECORD_SOURCES}}

actor = session.current().actor
workspace = session.workspace()
turn = state.data_turn()
queue = review_queue_of(actor)
st.subheader("Retention")
months = workspace.settings.retention_months
st.caption(
    "Raw records are kept for "
    + ", ".join(f"{n} months ({SOURCE_LABELS.get(s, s)})" for s, n in months.items())
    + f" after their own month, snapshots for {workspace.settings.snapshot_months} months. "
    "Aggregates, registers, hotspots and actions stay."
)
wanted = st.pills(
    "Show",
    ["due", "due soon", "held", "not due"],
    selection_mode="multi",
    default=["due", "due soon", "held"],
)
shown = queue[queue["state"].isin(wanted)]
if shown.empty:
    st.info("No month of records is in these states.")
else:
    table = shown.assign(source=shown["source"].map(SOURCES))[
        ["source", "month", "rows", "due_on", "state", "why"]
    ]
    table.columns = ["Source", "Month", "Records", "Due on", "State", "Held because"]
    st.dataframe(table, hide_index=True, alt="Months of records by when they are due")
held, erased = holds_of(actor)
standing = held[held["lifted_at"].isna()]
try:
    if may(actor, Operation.HOLD_RECORDS):
        with st.expander("Hold records beyond their time"), st.form("hold", enter_to_submit=False):
            kind = st.radio("Kind", ["Legal hold, until it is lifted", "Keep longer, until a day"])
            source = st.selectbox("Source", list(SOURCES), format_func=SOURCES.__getitem__)
            first, second, third = st.columns(3)
            begin = first.text_input("First month (YYYY-MM)", max_chars=7)
            end = second.text_input("Last month (YYYY-MM)", max_chars=7)
            until = third.date_input("Keep longer until", None, format="DD/MM/YYYY")
            why = st.text_input("Why, or which case needs them", max_chars=300)
            if st.form_submit_button("Hold"):
                is_legal = kind.startswith("Legal")
                hold = Hold(
                    str(source),
                    begin.strip(),
                    end.strip(),
                    why,
                    is_legal=is_legal,
                    until=None if is_legal else until,
                )
                number = holds.place_hold(workspace, actor, hold)
                st.session_state[state.FLASH] = f"Hold {number} stands."
                state.next_data_turn()
                st.rerun()
        for row in standing.itertuples():
            span = f"{row.first_month} to {row.last_month}"
            text = f"Hold {row.hold_id}: {SOURCES[str(row.source)]}, {span}"
            left, right = st.columns([4, 1], vertical_alignment="center")
            left.markdown(plain(f"{text}: {row.why} (by {row.placed_by})"))
            if right.button("Lift", key=f"lift {row.hold_id}"):
                holds.lift_hold(workspace, actor, int(str(row.hold_id)))
                state.next_data_turn()
                st.rerun()
    due = due_now(actor) if may(actor, Operation.PURGE) else None
    if due and (due.rows or due.old_snapshots):
        with st.expander(f"Erase what is due: {due.rows:,} records"):
            st.caption("They cannot be brought back, except from a backup that still has them.")
            for names, what in (
                (due.snapshots, "Snapshots that rest on them, shown as frozen from then on"),
                (due.old_snapshots, "Snapshots that are erased because their own time is over"),
            ):
                if names:
                    st.warning(plain(f"{what}: {', '.join(names)}."))
            sure = st.checkbox("I have looked at the list above")
            if st.button("Erase", disabled=not sure):
                done = retention.purge(workspace, actor, is_dry=False)
                st.session_state[state.FLASH] = f"{done.rows:,} records are erased."
                state.next_data_turn()
                st.rerun()
except HotspotError as error:
    st.error(plain(str(error)))
if not erased.empty:
    with st.expander(f"What was erased: {int(erased['rows'].sum()):,} records"):
        table = erased[["erased_at", "source", "month", "rows", "rule", "erased_by"]]
        st.dataframe(table, hide_index=True, alt="What was erased, the newest first")
