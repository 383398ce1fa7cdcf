"""Snapshots: freeze what is briefed, replay it, compare two, and follow hotspots through them."""

from __future__ import annotations

import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.session import may
from app_pages.frame.text import plain
from app_pages.hotspots import answers
from app_pages.hotspots.lineage_chart import show_lineage
from app_pages.hotspots.snapshot_forms import show_freeze, show_register_by_hand
from app_pages.reports.profile_form import show_profile
from hotspot import HotspotError
from hotspot.access.permissions import Operation
from hotspot.services.hotspots import replays

current = session.current()
actor, run, sources = current.actor, current.chosen_run(), current.sources
workspace = session.workspace()
turn = state.data_turn()
st.subheader("Snapshots")
try:
    held = answers.snapshots_of(actor)
    if may(actor, Operation.FREEZE):
        show_freeze(actor, run, sources)
    if held.empty:
        st.info("No snapshot has been frozen yet.")
    else:
        st.markdown("##### Through the snapshots")
        show_lineage(answers.lineage_of(actor))
        names = dict(zip(held["snapshot_id"].tolist(), held["name"].tolist(), strict=True))
        table = held[["name", "taken_at", "taken_by", "note", "since", "result_sha256"]]
        with st.expander(f"All snapshots ({len(held)})"):
            st.dataframe(
                table.set_axis(["Name", "Frozen", "By", "Note", "Since then", "SHA-256"], axis=1),
                hide_index=True,
                alt="Snapshots, the newest first",
                column_config={
                    "Frozen": st.column_config.DatetimeColumn(
                        format="DD MMM YYYY, HH:mm", timezone="Europe/London"
                    )
                },
            )
        if len(held) > 1:
            with st.expander("Compare two"):
                left, right = st.columns(2)
                before = left.selectbox("Earlier", list(names)[1:], format_func=names.__getitem__)
                after = right.selectbox("Later", list(names), format_func=names.__getitem__)
                both = answers.compared(actor, int(before), int(after))
                st.dataframe(
                    both.set_axis(
                        [
                            "Hotspot",
                            "Name",
                            "What",
                            "Events before",
                            "Children before",
                            "Events after",
                            "Children after",
                        ],
                        axis=1,
                    ),
                    hide_index=True,
                    alt="Two snapshots side by side",
                )
        if may(actor, Operation.EXPORT_PROFILE):
            show_profile(actor, names)
        if may(actor, Operation.REPLAY):
            left, right = st.columns([3, 1], vertical_alignment="bottom")
            number = left.selectbox("Snapshot", list(names), format_func=names.__getitem__)
            if right.button("Replay", width="stretch"):
                again = replays.replay(workspace, actor, int(number))
                (st.success if again.is_same else st.error)(plain(again.text))
                if len(again.hotspots):
                    st.dataframe(
                        again.hotspots[["hotspot", "key", "children", "events", "days"]],
                        hide_index=True,
                        alt="Hotspots of the snapshot",
                    )
    if may(actor, Operation.REGISTER_HOTSPOT):
        show_register_by_hand(actor)
    registered = answers.registered(actor)
    if len(registered):
        with st.expander(f"The register of hotspots ({len(registered)})"):
            label = registered["by_hand"].map({True: "not from the analysis", False: ""})
            st.dataframe(
                registered.assign(label=label)[
                    ["hotspot", "name", "kind", "state", "label", "told_by"]
                ].set_axis(["Number", "Name", "Kind", "State", "Label", "Known from"], axis=1),
                hide_index=True,
                alt="Registered hotspots",
            )
except HotspotError as error:
    st.error(plain(str(error)))
