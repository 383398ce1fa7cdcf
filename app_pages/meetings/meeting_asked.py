"""Matters arising: one action at a time, late ones first, one key for each answer."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from app_pages.actions.change_form import show_change_form
from app_pages.frame import drafts, session, state
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from app_pages.meetings.place import ACTION, are_keys_on, stand_at, standing
from hotspot import HotspotError
from hotspot.access.actor import Actor
from hotspot.disruption.meetings import ANSWERS, DONE, EXTENDED, ON_TRACK
from hotspot.services.actions.changes import ways_of
from hotspot.services.meetings import proceedings
from hotspot.services.meetings.book import Meeting
from hotspot.services.meetings.documents import late_in_words
from hotspot.services.meetings.proceedings import Answer
from layers.keys import Key, show_keys

_MORE = timedelta(days=28)
_UNDO, _BACK, _ON = "undo", "previous", "next"
_KEYS = (
    Key("k", ON_TRACK, "on track"),
    Key("d", DONE, "done"),
    Key("m", EXTENDED, "more time"),
    Key("u", _UNDO, "undo"),
    Key("w", "write", "write", focus="textarea[aria-label='What was said']"),
    Key("ArrowLeft", _BACK, "previous", "\u2190"),
    Key("ArrowRight", _ON, "next", "\u2192"),
)


def show_asked(actor: Actor, meeting: Meeting) -> None:
    """Draw one action with its answers; an answer goes on to the next."""
    asked = meeting.asked
    if asked.empty:
        st.info("No action was agreed before this meeting.")
        return
    at = _position(actor, meeting)
    row = asked.iloc[at]
    number = int(row["action_id"])
    stand_at(actor, meeting, ACTION, str(number))
    _show_action(meeting, at)
    own = f"{meeting.number} {number}"
    words, time = st.columns([3, 1])
    with words:
        said = drafts.text_area(actor, "What was said", f"{state.MEETING_SAID} {own}", 300)
    day = time.date_input(
        "New day, for more time",
        date.today() + _MORE,  # noqa: DTZ011
        format="DD/MM/YYYY",
        key=f"more time {own}",
    )
    ways = {way.to for way in ways_of(session.workspace(), dict(row))}
    is_meant = asks_about_persons(f"names nobody {own}")
    act = _ask(actor, meeting, at, can_be_done="completed" in ways)
    if act in ANSWERS and may_save((said,), is_meant=is_meant):
        _answer(actor, meeting, row, Answer(act, said, day if act == EXTENDED else None))
    elif act == _UNDO:
        _undo(actor, meeting, number)
    elif act in (_BACK, _ON):
        _go(actor, meeting, at + (1 if act == _ON else -1))
    if "completed" not in ways and not row["is_closed"]:
        with st.expander(f"From '{row['stands']}' it goes on by a step of its own"):
            show_change_form(actor, asked.iloc[[at]].assign(label=row["place"]))


def _position(actor: Actor, meeting: Meeting) -> int:
    """Return which action is asked after: the one that was, wherever it stands by now."""
    known = [str(one) for one in meeting.asked["action_id"]]
    last = standing(actor, meeting).get(ACTION, "")
    return known.index(last) if last in known else 0


def _ask(actor: Actor, meeting: Meeting, at: int, *, can_be_done: bool) -> str:
    """Draw the answers, as buttons and as keys; return the one that is given."""
    row = meeting.asked.iloc[at]
    is_closed = bool(row["is_closed"])
    off = {
        ON_TRACK: is_closed,
        DONE: not can_be_done,
        EXTENDED: is_closed,
        _UNDO: not meeting.updates,
        _BACK: at == 0,
        _ON: at + 1 >= len(meeting.asked),
    }
    labels = {**ANSWERS, _UNDO: "Undo", _BACK: "Previous", _ON: "Next"}
    act = ""
    for column, (name, label) in zip(st.columns(6), labels.items(), strict=True):
        if column.button(label, key=f"answer {name}", disabled=off[name], width="stretch"):
            act = name
    keys = [key for key in _KEYS if are_keys_on(actor, meeting) and not off.get(key.name)]
    about = f"action {int(row['action_id'])} version {int(row['version'])}"
    pressed = show_keys("asked keys", keys, about)
    return act or pressed


def _show_action(meeting: Meeting, at: int) -> None:
    """Draw the action that is asked after, how many there are, and what was answered."""
    asked = meeting.asked
    answered = {one.action_id: one for one in meeting.updates}
    late = int((asked["is_overdue"] & ~asked["is_closed"]).sum())
    done = int(asked["is_closed"].sum())
    row = asked.iloc[at]
    where, all_of_them = st.columns([3, 2])
    where.markdown(plain(f"{at + 1} of {len(asked)}: {row['place']}"))
    all_of_them.caption(
        f"{len(asked)} actions: {late} late, {done} closed, {len(answered)} answered."
    )
    days = meeting.days_late(row)
    with st.container(key="meeting_late" if days else "meeting_stands"):
        st.markdown(plain(late_in_words(days) or str(row["stands"]).capitalize()))
    st.markdown(f"### {plain(row['measure'])}")
    st.markdown(plain(f"{row['owner']}, {row['agency']}. Due {row['due_on']:%d %B %Y}."))
    if int(row["action_id"]) in answered:
        one = answered[int(row["action_id"])]
        said = f": {one.said}" if one.said else ""
        st.success(plain(f"Answered: {ANSWERS[one.answer].lower()}{said}"))


def _answer(actor: Actor, meeting: Meeting, row: pd.Series, given: Answer) -> None:
    """Note an answer about the action that is shown, and go on to the next."""
    number, version = int(row["action_id"]), int(row["version"])
    try:
        proceedings.update_action(
            session.workspace(), actor, meeting.number, (number, version), given
        )
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    drafts.forget(actor, f"{state.MEETING_SAID} {meeting.number} {number}")
    st.session_state[state.FLASH] = f"Noted: {ANSWERS[given.answer].lower()}."
    _go(actor, meeting, _position(actor, meeting) + 1)


def _undo(actor: Actor, meeting: Meeting, number: int) -> None:
    """Take back the answer about the action that is shown, or else the last that was given."""
    about = [one.action_id for one in meeting.updates]
    number = number if number in about else about[-1]
    try:
        answer = proceedings.undo_answer(session.workspace(), actor, meeting.number, number)
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    st.session_state[state.FLASH] = f"Taken back: {answer.lower()}."
    stand_at(actor, meeting, ACTION, str(number))
    st.rerun()


def _go(actor: Actor, meeting: Meeting, to: int) -> None:
    numbers = [int(one) for one in meeting.asked["action_id"]]
    stand_at(actor, meeting, ACTION, str(numbers[min(max(to, 0), len(numbers) - 1)]))
    st.rerun()
