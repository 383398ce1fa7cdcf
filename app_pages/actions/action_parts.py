"""The parts of the page of an action: its head, what was agreed, its history."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app_pages.actions.conflicts import history_of, said_of
from app_pages.frame import state
from app_pages.frame.text import plain, show_list
from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.disruption.actions import RESULTS
from hotspot.disruption.measures import OBJECTIVES

_SAID = {
    "premises_name": "Premises",
    "reference": "Reference elsewhere",
    "sharing_agreement": "Information sharing agreement",
    "necessity": "Why necessary and proportionate",
    "victim_impact": "What it means for the child",
    "family_views": "Views of children and families",
    "note": "Note",
    "outcome": "Outcome",
}
"""What was agreed of an action, in the order in which it is read."""


def show_head(row: pd.Series) -> None:
    """Draw what it is, whose it is, by when, and where it stands."""
    st.page_link("actions/actions_page.py", label="All actions")
    where = f" at {row['hotspot']}" if row["hotspot"] else ""
    st.markdown(f"### {plain(row['measure'] + where)}")
    late = " :red-badge[late]" if row["is_overdue"] else ""
    st.markdown(
        plain(
            f"Action {row['action_id']}. {row['owner']}, {row['agency']}. "
            f"Due {row['due_on'].day} {row['due_on']:%B %Y}."
        )
        + f" **{plain(row['stands'].capitalize())}**{late}"
    )


def show_agreed(row: pd.Series) -> None:
    """Draw what was agreed, as far as something was said."""
    st.markdown("#### What was agreed")
    said = {
        title: str(row[name])
        for name, title in _SAID.items()
        if name in row.index and pd.notna(row[name]) and row[name]
    }
    if row["objective"]:
        said["Objective"] = OBJECTIVES[row["objective"]]
    if counted := _counted(row["results"]):
        said["Results"] = counted
    said["Recorded"] = f"{row['recorded_at']:%d %b %Y}"
    if row["recorded_by"]:
        said["Recorded"] += f" by {row['recorded_by']}"
    for title, text in said.items():
        st.markdown(f"**{title}**  \n{plain(text)}")


def _counted(results: Any) -> str:  # noqa: ANN401 - JSON of the store
    counts = results if isinstance(results, dict) else {}
    return ", ".join(f"{RESULTS[name].lower()} {count}" for name, count in counts.items())


def show_hotspot_link(run: Run | None, row: pd.Series) -> None:
    """Draw the way to the hotspot, where this run has it."""
    key = row.get("key")
    if run is None or pd.isna(key):
        return
    if st.button(f"{row['hotspot']} with its map, hours and premises", type="tertiary"):
        state.select(run, str(key))
        st.switch_page("hotspots/hotspot_page.py")


def show_history(actor: Actor, number: int) -> None:
    """Say what happened to an action, the newest first."""
    events = history_of(actor, number).iloc[::-1]
    show_list([said_of(event) for event in events.to_dict("records")])
