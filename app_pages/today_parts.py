"""The parts of Today: short, in words, the most pressing first."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from app_pages import analysis_cache, cache, meeting_cache, premises_cache, state, tables, widgets
from hotspot import Run
from hotspot.services import action_views, premises
from hotspot.services.actions import CLOSED
from hotspot.services.session import Actor

_SOON, _STALE, _SHOWN = timedelta(days=28), timedelta(days=35), 6


def show_actions(actor: Actor, run: Run | None, sources: list[str], today: date) -> None:
    """Draw late actions, what is due or expires soon, and what nobody has looked back at."""
    st.markdown("#### Actions")
    actions = widgets.actions_of(actor, run, sources)
    if actions.empty:
        st.caption("None is recorded yet.")
        return
    late = actions[actions["is_overdue"]]
    soon = action_views.chosen(actions, action_views.SOON, actor, today + _SOON)
    unchecked = action_views.chosen(actions, action_views.UNCHECKED, actor, today)
    mine = action_views.chosen(actions, action_views.MINE, actor, today)
    own = int((~mine["state"].isin(list(CLOSED))).sum())
    st.markdown(
        f"{len(late)} late, {len(soon) - int(soon['is_overdue'].sum())} more due or expiring in "
        f"four weeks, {own} of yours open, {len(unchecked)} done without a look at the effect."
    )
    pressing = pd.concat([late, soon[~soon["is_overdue"]]]).head(_SHOWN)
    if not pressing.empty:
        tables.show_actions_table(pressing)
    if run is not None:
        bare = action_views.hotspots_without_action(actions, run)
        st.caption(f"Hotspots without an open action: {', '.join(bare) or 'none'}.")
    st.page_link("actions_page.py", label="All actions")


def show_premises(actor: Actor, today: date) -> None:
    """Draw the premises for assessment whose deadline is next."""
    st.markdown("#### Premises for assessment")
    listed = premises_cache.listed(widgets.premises_version(), actor.name, actor)
    if listed.empty:
        st.caption("None is for assessment.")
    else:
        soon = sum(pd.notna(day) and day <= today + _SOON for day in listed["next_due"])
        st.markdown(f"{len(listed)} for assessment, {soon} with a deadline in four weeks.")
        tables.show_assessments_table(listed.head(_SHOWN))
    st.page_link("assessment_page.py", label="Premises for assessment")


def show_meeting(actor: Actor) -> None:
    """Say which meeting is open, or was the last."""
    st.markdown("#### Meeting")
    known = meeting_cache.listed(widgets.meeting_version(), actor.name, actor)
    opened = known[known["closed_at"].isna()]
    if len(opened):
        st.markdown(widgets.plain(f"{opened['name'].iloc[0]} is open."))
    elif len(known):
        last = known.iloc[0]
        st.markdown(widgets.plain(f"The last was {last['name']}, {last['held_on']:%d %B %Y}."))
    else:
        st.caption("None was held yet.")
    st.page_link("meeting_page.py", label="Hold a meeting")


def show_changes(actor: Actor) -> None:
    """Draw what the last snapshot found against the one before, and why."""
    st.markdown("#### What changed")
    frozen = analysis_cache.snapshots_of(state.data_turn(), actor.name, actor)
    if frozen.empty:
        st.caption("No month is frozen yet: freeze one to see next month what changed.")
        st.page_link("snapshots_page.py", label="Snapshots")
        return
    last = frozen.iloc[0]
    lineage = analysis_cache.lineage_of(state.data_turn(), actor.name, actor)
    steps = lineage[lineage["snapshot_id"] == last["snapshot_id"]]
    st.markdown(widgets.plain(f"In {last['name']}, frozen {last['taken_at']:%d %B %Y}:"))
    names = [f"{h} {n}".strip() for h, n in zip(steps["hotspot"], steps["name"], strict=True)]
    table = pd.DataFrame(
        {"Hotspot": names, "What": steps["event"].to_list(), "Records": steps["events"].to_list(),
         "Children": pd.array(steps["children"], dtype="Int64"), "Why": steps["why"].to_list()}
    )  # fmt: skip
    table = table if steps["why"].ne("").any() else table.drop(columns="Why")
    st.dataframe(table, hide_index=True, alt="What became of each hotspot in the last snapshot")
    st.page_link("snapshots_page.py", label="Snapshots")


def show_doubts(run: Run | None) -> None:
    """Say what not to believe of the run that is set."""
    st.markdown("#### What not to believe")
    if run is None or run.hotspots.empty:
        st.caption("There is no hotspot to doubt.")
        return
    driven = run.hotspots.loc[run.hotspots["single_child"].astype(bool), "key"].tolist()
    said = [f"{key}: one child's records drive it. Do not brief it." for key in driven]
    said += [
        f"{key}: half or more of its records are one child's."
        for key, share in zip(run.hotspots["key"], run.hotspots["largest_child_share"], strict=True)
        if pd.notna(share) and share >= 0.5 and key not in driven
    ]
    for sentence in said:
        st.markdown(f"- {widgets.plain(sentence)}")
    if not said:
        st.markdown("No hotspot rests on one child's records.")
    st.page_link("belief_page.py", label="Can they be believed?")


def show_sources(actor: Actor, today: date) -> None:
    """Say how old each source is."""
    st.markdown("#### How fresh the data are")
    held = cache.datasets_of(
        premises.version_of(cache.workspace()), state.data_turn(), actor.name, actor
    )
    held = held[held["withdrawn_at"].isna()]
    if held.empty:
        st.caption("Nothing is imported yet.")
        st.page_link("import_page.py", label="Import the first file")
        return
    newest = held.groupby("label")["imported_at"].max()
    for label, at in newest.items():
        age = today - at.date()
        stale = " It is stale." if age > _STALE else ""
        st.markdown(f"- {widgets.plain(f'{label}: {age.days} days ago.{stale}')}")
