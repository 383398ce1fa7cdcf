"""The hotspots of the agenda, one at a time: big numbers, open actions, what is agreed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app_pages.actions.action_form import show_action_form
from app_pages.actions.effect_card import effect_for
from app_pages.frame import drafts, session, state, tables
from app_pages.frame.remember import meetings_state, run_name
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from app_pages.map.answers import show_outline
from app_pages.meetings.answers import agenda_for
from app_pages.meetings.place import HOTSPOT, are_keys_on, stand_at, standing
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
from hotspot.services.meetings import proceedings
from hotspot.services.meetings.book import Meeting
from hotspot.services.meetings.projection import AgendaItem
from hotspot.services.workspace import measure_catalogue
from layers.keys import Key, show_keys

_REACH_M = 250.0
_BACK, _ON = "previous", "next"
_KEYS = (
    Key("ArrowLeft", _BACK, "previous", "\u2190"),
    Key("ArrowRight", _ON, "next", "\u2192"),
    Key("a", "agree", "agree an action", focus="input[aria-label^='Measure']"),
)


def show_hotspots(actor: Actor, run: Run, sources: list[str], meeting: Meeting) -> None:
    """Draw one hotspot of the agenda."""
    agenda = agenda_for(actor, run, sources, meeting.recipients)
    withheld = agenda.withheld
    if not agenda.items:
        st.info(plain(f"No hotspot can be shown. {withheld}"))
        return
    item = _choose(actor, meeting, agenda.items)
    _note_shown(actor, meeting, item)
    picture, numbers = st.columns([3, 2])
    about = f"Outline of {item.label} on the ground; the numbers beside it say the rest."
    with picture:
        version = f"{meetings_state()} {run_name(run, sources)}"
        if item.shape.is_empty:
            st.info(NO_OUTLINE)
        else:
            show_outline(version, item.key, item.shape, about)
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


def _choose(actor: Actor, meeting: Meeting, items: Sequence[AgendaItem]) -> AgendaItem:
    """Draw the way from hotspot to hotspot, and the name of the one that is shown."""
    known = [item.label for item in items]
    last = standing(actor, meeting).get(HOTSPOT, "")
    at = known.index(last) if last in known else 0
    stand_at(actor, meeting, HOTSPOT, known[at])
    off = {_BACK: at == 0, _ON: at + 1 == len(items)}
    left, middle, right = st.columns([1, 4, 1], vertical_alignment="center")
    act = ""
    for column, name, label in ((left, _BACK, "Previous"), (right, _ON, "Next")):
        if column.button(label, key=f"hotspot {name}", disabled=off[name], width="stretch"):
            act = name
    middle.markdown(f"### {plain(known[at])}", text_alignment="center")
    card, count = st.columns([4, 1], vertical_alignment="center")
    with card:
        keys = [key for key in _KEYS if are_keys_on(actor, meeting) and not off.get(key.name)]
        act = act or show_keys("hotspot keys", keys, known[at])
    count.markdown(f"{at + 1} of {len(items)}", text_alignment="right")
    if act:
        stand_at(actor, meeting, HOTSPOT, known[at + (1 if act == _ON else -1)])
        st.rerun()
    return items[at]


def _note_shown(actor: Actor, meeting: Meeting, item: AgendaItem) -> None:
    """Note for the minutes that a hotspot was shown, once."""
    if meeting.is_open and item.label not in meeting.discussed:
        proceedings.discuss(session.workspace(), actor, meeting.number, item.label, item.numbers)


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
    """Return the open actions at a hotspot, those that were agreed today among them."""
    acting = meeting.open_actions
    return acting[acting["hotspot_id"].isin(list(item.numbers))]


def _show_numbers(item: AgendaItem, meeting: Meeting) -> None:
    numbers = (
        ("Children", item.children),
        ("Records", item.events),
        ("Month by month", item.trend),
        ("Open actions", str(len(_open_at(item, meeting)))),
    )
    for column, (label, value) in zip((*st.columns(2), *st.columns(2)), numbers, strict=True):
        column.metric(label, value)
    if item.news:
        with st.container(key="meeting_news"):
            st.markdown(plain(f"{item.news}."))
    st.markdown(plain(" ".join(filter(None, (item.change, item.hours)))))


def _show_open(item: AgendaItem, meeting: Meeting) -> None:
    """Draw the open actions, with a word where one is late."""
    own = _open_at(item, meeting)
    if own.empty:
        st.markdown("**No open action.**")
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
    own = f"{meeting.number} {item.label}"[:80]
    code = st.selectbox(
        "Measure that was considered",
        list(catalogue),
        index=None,
        placeholder="Choose or type",
        format_func=lambda one: f"{catalogue[one].name} [{one}]",
        key=f"considered {own}",
    )
    field = f"{state.MEETING_WHY} {own}"
    why = drafts.text_area(actor, "Why it was decided against", field, 300)
    is_meant = asks_about_persons(f"against names nobody {own}")
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
    drafts.forget(actor, field)
    st.session_state[state.FLASH] = f"Decided against: {catalogue[code].name}."
    st.rerun()
