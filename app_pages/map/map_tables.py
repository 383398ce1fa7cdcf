"""The tables that say the same as a map, and what the map leaves out."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import pandas as pd
import streamlit as st

from app_pages.frame import state
from hotspot import Run
from hotspot.analysis.detection.left_out import LEFT_OUT
from hotspot.analysis.detection.run import SET_ASIDE
from hotspot.disclosure.shared_map import SharedMap
from hotspot.disruption.ladders import CLOSED
from hotspot.schema import how_many
from layers.table import show_table


def show_hotspot_table(
    run: Run,
    names: dict[str, str],
    actions: pd.DataFrame,
    selected: str | None,
    classes: dict[str, str] | None = None,
) -> None:
    """Draw the hotspots, strongest first; choosing a row chooses the hotspot.

    `classes` says of each hotspot how it was hot over the months, where that was asked for.
    """
    if run.hotspots.empty:
        st.info("No hotspot at these settings.")
        return
    open_actions = actions[~actions["state"].isin(list(CLOSED))].groupby("key").size()
    table = pd.DataFrame(
        {
            "Hotspot": run.hotspots["key"],
            "Children": run.hotspots["children"].astype("Int64"),
            "Events": run.hotspots["events"],
            "Actions": [int(open_actions.get(key, 0)) for key in run.hotspots["key"]],
            "Mark": [_marks(row) for row in run.hotspots.to_dict("records")],
            "Last": run.hotspots["last_on"],
            "Known as": [names.get(key, "") for key in run.hotspots["key"]],
            "Days": run.hotspots["days"].astype("Int64"),
            "km²": run.hotspots["area_km2"].round(2),
            "Events per km²": run.hotspots["events_per_km2"].round(0),
            "First": run.hotspots["first_on"],
        }
    )
    if classes is not None:
        table.insert(
            5, "Over the months", [classes.get(key, "not known") for key in table["Hotspot"]]
        )
    if table["Children"].isna().all():
        table = table.drop(columns=["Children", "Days"])
    if not table["Mark"].any():
        table = table.drop(columns="Mark")
    show_table(
        state.TABLE,
        table,
        map_key=state.MAP,
        selected=selected,
        title="Hotspots, strongest first, with the same content as the map; actions are open ones",
        on_choose=lambda: state.select(run, state.chosen_in(state.TABLE)),
        under={"Known as": "name", "Mark": "note"},
    )
    if "Mark" in table and run.hotspots["single_child"].any():
        st.caption("One child: without that child's records the hotspot dissolves.")


@st.fragment
def show_left_out(run: Run) -> None:
    """Draw what was not counted and which clusters are not hotspots, with the reasons."""
    title = f"What was left out: {how_many(run.left_out.total(), 'record')}, "
    title += f"{how_many(len(run.set_aside), 'cluster')}"
    shown = st.expander(title, key=state.LEFT_OUT, on_change="rerun")
    if not shown.open:  # a closed table would make every first map wait
        return
    with shown:
        reasons = run.left_out.most_common()
        st.dataframe(
            {
                "Records": [n for _, n in reasons],
                "Left out because": [LEFT_OUT.get(r, r) for r, _ in reasons],
            },
            hide_index=True,
            alt="Records left out of clustering, by reason",
        )
        if not run.set_aside.empty:
            aside = run.set_aside
            st.dataframe(
                {
                    "Cluster": aside["key"],
                    "Events": aside["events"],
                    "Children": aside["children"],
                    "Not a hotspot because": aside["reason"].map(SET_ASIDE),
                },
                hide_index=True,
                alt="Clusters that are not hotspots, with the reason",
            )


def show_overview_table(
    shared: SharedMap, selected: str | None, on_choose: Callable[[], None]
) -> None:
    """Draw the hotspots that a partner may see: banded counts, and no day."""
    hotspots = shared.hotspots
    table = pd.DataFrame(
        {
            "Hotspot": hotspots["key"],
            "Events": hotspots["events"],
            "Children": hotspots["children"],
        }
    )
    show_table(
        state.TABLE,
        table,
        map_key=state.MAP,
        selected=selected,
        title="Hotspots of your districts, with the same content as the map",
        on_choose=on_choose,
    )


def _marks(row: dict[Hashable, Any]) -> str:
    marks = {"one child": row["single_child"], "approximate": row["approximate"]}
    return ", ".join(name for name, on in marks.items() if on)
