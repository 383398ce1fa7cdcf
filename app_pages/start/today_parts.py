"""The parts of Today: short, in words, the most pressing first."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from app_pages.actions.answers import actions_of, reminders_of
from app_pages.frame import tables
from app_pages.frame.text import plain, show_list
from app_pages.hotspots import answers
from app_pages.meetings.answers import meetings_of
from app_pages.premises.answers import assessments_of, card_of
from app_pages.records.answers import datasets_of, newest_of
from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.disruption.action_table import ShownAt, action_table
from hotspot.disruption.ladders import CLOSED
from hotspot.schema import SOURCE_LABELS, how_many
from hotspot.services.actions import views
from hotspot.services.hotspots import lineages
from hotspot.services.premises import assessments

_SOON, _STALE, _QUIET = timedelta(days=28), timedelta(days=35), timedelta(days=56)
_SHOWN, _AT_DOOR, _REMINDED = 6, 3, 10


def show_actions(actor: Actor, run: Run | None, sources: list[str], today: date) -> None:
    """Draw late actions, what is due or expires soon, and what nobody has looked back at."""
    st.markdown("#### Actions")
    actions = actions_of(actor, run, sources)
    if actions.empty:
        st.caption("None is recorded yet.")
        return
    late = actions[actions["is_overdue"]]
    soon = views.chosen(actions, views.SOON, actor, today + _SOON)
    unchecked = views.chosen(actions, views.UNCHECKED, actor, today)
    mine = views.chosen(actions, views.MINE, actor, today)
    own = int((~mine["state"].isin(list(CLOSED))).sum())
    st.markdown(
        f"{len(late)} late, {len(soon) - int(soon['is_overdue'].sum())} more due or expiring in "
        f"four weeks, {own} of yours open, {len(unchecked)} done without a look at the effect."
    )
    pressing = pd.concat([late, soon[~soon["is_overdue"]]]).head(_SHOWN)
    if not pressing.empty:
        tables.show_words(
            action_table(pressing, ShownAt.TODAY),
            "Late actions, then those that are due or expire soon",
        )
    show_reminders(actor, today)
    if run is not None:
        bare = views.hotspots_without_action(actions, run)
        st.caption(f"Hotspots without an open action: {', '.join(bare) or 'none'}.")
    st.page_link("actions/actions_page.py", label="All actions")


def show_reminders(actor: Actor, today: date) -> None:
    """Draw what falls due in fourteen days: deadlines, entered days, looks at the effect."""
    reminders = reminders_of(actor, today)
    st.markdown("##### Due in 14 days")
    if reminders.empty:
        st.caption("Nothing is late or falls due in fourteen days.")
        return
    shown = reminders.head(_REMINDED).assign(
        late=reminders["is_late"].map({True: "late", False: ""})
    )
    names = {
        "due_on": "Day",
        "late": "Late",
        "says": "What",
        "measure": "Measure",
        "hotspot": "Hotspot",
        "owner": "Owner",
    }
    tables.show_words(shown[list(names)].rename(columns=names), "What falls due in 14 days")
    if len(reminders) > _REMINDED:
        st.caption(f"{len(reminders) - _REMINDED} more stand in the list of actions.")


def show_premises(actor: Actor, today: date) -> None:
    """Draw the premises for assessment whose deadline is next."""
    st.markdown("#### Premises for assessment")
    listed = assessments_of(actor)
    if listed.empty:
        st.caption("None is for assessment.")
    else:
        soon = sum(pd.notna(day) and day <= today + _SOON for day in listed["next_due"])
        st.markdown(f"{len(listed)} for assessment, {soon} with a deadline in four weeks.")
        tables.show_assessments(listed.head(_SHOWN))
    st.page_link("premises/assessment_page.py", label="All premises for assessment")
    if listed.empty:
        return
    st.markdown("#### What I can show at the door")
    st.caption(
        "The licence, and what was done and agreed with the business. Incidents, records, "
        "hotspots and what is planned are not for the door."
    )
    for row in listed.head(_AT_DOOR).to_dict("records"):
        place = (str(row["source"]), str(row["premises_ref"]))
        card = card_of(actor, place)
        st.markdown(f"**{plain(str(row['name']))}**, {plain(str(row['address']))}")
        show_list(assessments.at_the_door(card))


def show_meeting(actor: Actor) -> None:
    """Say which meeting is open, or was the last."""
    st.markdown("#### Meeting")
    known = meetings_of(actor)
    opened = known[known["closed_at"].isna()]
    way = "Hold a meeting"
    if len(opened):
        st.markdown(plain(f"{opened['name'].iloc[0]} is open."))
        way = "Go on with the meeting"
    elif len(known):
        last = known.iloc[0]
        st.markdown(plain(f"The last was {last['name']}, {last['held_on']:%d %B %Y}."))
    else:
        st.caption("None was held yet.")
    st.page_link("meetings/meeting_page.py", label=way)


def show_changes(actor: Actor) -> None:
    """Draw what the last snapshot found against the one before, and why."""
    st.markdown("#### What changed")
    frozen = answers.snapshots_of(actor)
    if frozen.empty:
        st.caption("No month is frozen yet: freeze one to see next month what changed.")
        st.page_link("hotspots/snapshots_page.py", label="Snapshots")
        return
    last = frozen.iloc[0]
    before = f" against {frozen['name'].iloc[1]}" if len(frozen) > 1 else ", the first"
    st.markdown(plain(f"In {last['name']}{before}, frozen {last['taken_at']:%d %B %Y}:"))
    changed = lineages.last_changes(answers.lineage_of(actor))
    news, same = changed[changed["event"] != "continued"], changed[changed["event"] == "continued"]
    for row in news.to_dict("records"):
        said = f" {row['said']}." if row["said"] else ""
        name = f"{row['hotspot']} {row['name'] or ''}".strip()
        st.markdown(f"- **{plain(name)}** {row['event']}.{plain(said)}")
    if news.empty:
        st.markdown("No hotspot is new, gone, split or merged, and none grew or shrank.")
    if len(same):
        with st.expander(f"{how_many(len(same), 'hotspot')} continued"):
            st.dataframe(
                {
                    "Hotspot": (same["hotspot"] + " " + same["name"].fillna("")).to_list(),
                    "Against the month before": same["said"].to_list(),
                },
                hide_index=True,
                alt="Hotspots that continued in the last snapshot",
            )
    st.caption(
        "Snapshots of overlapping periods share records: what changed is what the newest "
        "months brought and the oldest took away. More records are not bad news in "
        "themselves."
    )
    st.page_link("hotspots/snapshots_page.py", label="All snapshots")


def show_doubts(actor: Actor, run: Run | None, sources: list[str]) -> None:
    """Say what not to believe of the run that is set."""
    st.markdown("#### What not to believe")
    if run is None or run.hotspots.empty:
        st.caption("There is no hotspot to doubt.")
        return
    said = [doubt for row in run.hotspots.to_dict("records") if (doubt := _doubt(row, run))]
    said += answers.recording_changes(actor, run.params, sources)
    show_list(said)
    if not said:
        st.markdown("No hotspot rests on one child's records, and no change of recording is known.")
    st.page_link("hotspots/evidence_page.py", label="Can they be believed?")


def _doubt(row: dict[Hashable, Any], run: Run) -> str:
    if row["single_child"]:
        return f"{row['key']}: one child's records drive it. Do not brief it."
    if pd.notna(row["largest_child_share"]) and row["largest_child_share"] >= 0.5:
        return f"{row['key']}: half or more of its records are one child's."
    if row["approximate"]:
        return f"{row['key']}: made of street-level open data, the place is approximate."
    if run.params.end is not None and run.params.end - row["last_on"] > _QUIET:
        return f"{row['key']}: nothing recorded since {row['last_on']:%d %B %Y}; it may be over."
    return ""


def show_sources(actor: Actor, today: date) -> None:
    """Say how old each source is."""
    st.markdown("#### How fresh the data are")
    held = datasets_of(actor)
    held = held[held["withdrawn_at"].isna()]
    if held.empty:
        st.caption("Nothing is imported yet.")
        st.page_link("records/import_page.py", label="Import the first file")
        return
    newest = {SOURCE_LABELS[source]: day for source, day in newest_of(actor).items()}
    imported = held.groupby("label")["imported_at"].max()
    show_list([_age_of(str(label), at.date(), newest, today) for label, at in imported.items()])


def _age_of(label: str, imported_on: date, newest: dict[str, date], today: date) -> str:
    """Say how old a source is: by its newest record, or by its import where it has no days."""
    day = newest.get(label, imported_on)
    what = "newest record of" if label in newest else "imported on"
    stale = " It is stale." if today - day > _STALE else ""
    ago = how_many((today - day).days, "day")
    return f"{label}: {what} {day:%d %B %Y}, {ago} ago.{stale}"
