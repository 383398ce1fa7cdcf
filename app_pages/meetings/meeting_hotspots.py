"""The hotspots of the agenda, one at a time: big numbers, open actions, what is agreed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app_pages.actions.action_form import show_action_form
from app_pages.actions.effect_card import effect_for
from app_pages.frame import drafts, session, state, tables
from app_pages.frame.remember import meetings_state, run_name
from app_pages.frame.text import plain, show_picture
from app_pages.frame.wording import asks_about_persons, may_save
from app_pages.map.answers import outline_of
from app_pages.meetings.answers import agenda_for
from app_pages.premises.answers import premises_of
from hotspot import HotspotError, Run
from hotspot.access.actor import Actor
from hotspot.disclosure.ground import NO_OUTLINE
from hotspot.disclosure.suppression import BAND_SENTENCE
from hotspot.disruption.action_table import ShownAt, action_table
from hotspot.disruption.actions import RecordAction
from hotspot.disruption.ladders import ActionState
from hotspot.services.actions import recording
from hotspot.services.actions.views import balance_in_words
from hotspot.services.meetings.book import Meeting
from hotspot.services.meetings.projection import AgendaItem
from hotspot.services.workspace import measure_catalogue

_REACH_M = 250.0


def show_hotspots(actor: Actor, run: Run, sources: list[str], meeting: Meeting) -> None:
    """Draw one hotspot of the agenda."""
    agenda = agenda_for(actor, run, sources, meeting.recipients)
    withheld = agenda.withheld
    if not agenda.items:
        st.info(plain(f"No hotspot can be shown. {withheld}"))
        return
    item = _choose(agenda.items)
    picture, numbers = st.columns([2, 3])
    about = f"Outline of {item.label} on the ground; the numbers beside it say the rest."
    with picture:
        version = f"{meetings_state()} {run_name(run, sources)}"
        if item.shape.is_empty:
            st.info(NO_OUTLINE)
        else:
            show_picture(outline_of(version, item.key, item.shape), about)
    with numbers:
        _show_numbers(item, meeting)
    st.caption(plain(f"{BAND_SENTENCE} More records are not bad news in themselves. {withheld}"))
    _show_open(item, meeting)
    _show_effects(actor, run, sources, item, meeting)
    new, against = st.tabs(["Agree an action", "Decide against one"])
    with new:
        _show_new(actor, run, sources, item, meeting)
    with against:
        _show_against(actor, run, sources, item, meeting)


def _choose(items: Sequence[AgendaItem]) -> AgendaItem:
    """Draw the way from hotspot to hotspot, and the name of the one that is shown."""
    at = min(int(st.session_state.get(state.MEETING_HOTSPOT, 0)), len(items) - 1)
    left, middle, right = st.columns([1, 4, 1], vertical_alignment="center")
    if left.button("Previous", shortcut="Left", disabled=at == 0, width="stretch"):
        _go(at - 1)
    if right.button("Next", shortcut="Right", disabled=at + 1 == len(items), width="stretch"):
        _go(at + 1)
    middle.markdown(f"### {plain(items[at].label)}", text_alignment="center")
    return items[at]


def _show_new(
    actor: Actor, run: Run, sources: list[str], item: AgendaItem, meeting: Meeting
) -> None:
    """Say how protecting and disrupting stand, and agree an action."""
    for number in sorted(item.numbers & set(meeting.balance)):
        st.markdown(plain(balance_in_words(meeting.balance[number])))
    near = premises_of(actor, run, sources, _REACH_M)
    near = near[near["key"] == item.key].sort_values("distance_m")
    show_action_form(
        actor, run, sources, item.key, near, label=item.label, meeting_id=meeting.number
    )


def _open_at(item: AgendaItem, meeting: Meeting) -> pd.DataFrame:
    asked = meeting.asked
    return asked[asked["hotspot_id"].isin(list(item.numbers)) & ~asked["is_closed"]]


def _show_numbers(item: AgendaItem, meeting: Meeting) -> None:
    numbers = (
        ("Children", item.children),
        ("Records", item.events),
        ("Month by month", item.trend),
        ("Open actions", str(len(_open_at(item, meeting)))),
    )
    for column, (label, value) in zip((*st.columns(2), *st.columns(2)), numbers, strict=True):
        column.metric(label, value)
    st.markdown(plain(item.hours))


def _show_open(item: AgendaItem, meeting: Meeting) -> None:
    """Draw the open actions, with a word where one is late."""
    own = _open_at(item, meeting)
    if own.empty:
        return
    table = action_table(own, ShownAt.MEETING).rename(columns={"Measure": "Open action"})
    tables.show_words(table, "Open actions")


def _show_effects(
    actor: Actor, run: Run, sources: list[str], item: AgendaItem, meeting: Meeting
) -> None:
    """Say of each completed action what was recorded after it, in a sentence."""
    asked = meeting.asked[meeting.asked["hotspot_id"].isin(list(item.numbers))]
    done = asked["state"].isin([ActionState.COMPLETED, ActionState.EFFECT_CHECKED])
    for row in asked[done].to_dict("records"):
        said = effect_for(actor, run, sources, int(row["action_id"])).shared_sentence()
        st.markdown(plain(f"{row['measure']}, {row['stands']}: {said}"))


def _show_against(
    actor: Actor, run: Run, sources: list[str], item: AgendaItem, meeting: Meeting
) -> None:
    """Record a measure that was considered and decided against, with the rationale."""
    catalogue = measure_catalogue.catalogue_of(session.workspace())
    code = st.selectbox(
        "Measure that was considered",
        list(catalogue),
        index=None,
        placeholder="Choose or type",
        format_func=lambda one: f"{catalogue[one].name} [{one}]",
    )
    why = drafts.text_area(actor, "Why it was decided against", state.MEETING_WHY, 300)
    is_meant = asks_about_persons()
    if not st.button("Record the decision"):
        return
    if code is None or not why.strip():
        st.error("Choose the measure, and say why it was decided against.")
        return
    if not may_save((why,), is_meant=is_meant):
        return
    try:
        decision = RecordAction(
            state.command_id(),
            code,
            owner=meeting.chair,
            agency=actor.agency,
            due_on=meeting.held_on,
            declined_why=why,
            meeting_id=meeting.number,
        )
        recording.record_action(session.workspace(), actor, decision, run, item.key, sources)
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    state.next_command()
    drafts.forget(actor, state.MEETING_WHY)
    st.session_state[state.FLASH] = f"Decided against: {catalogue[code].name}."
    st.rerun()


def _go(to: int) -> None:
    st.session_state[state.MEETING_HOTSPOT] = max(to, 0)
    st.rerun()
