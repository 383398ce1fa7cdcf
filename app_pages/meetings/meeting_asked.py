"""What was agreed before: one action at a time, late ones first, one key for each answer."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from app_pages.actions.change_form import show_change_form
from app_pages.frame import drafts, session, state
from app_pages.frame.text import plain
from app_pages.frame.wording import asks_about_persons, may_save
from hotspot import HotspotError
from hotspot.access.actor import Actor
from hotspot.disruption.meetings import ANSWERS
from hotspot.services.actions.changes import ways_of
from hotspot.services.meetings import proceedings
from hotspot.services.meetings.book import Meeting
from hotspot.services.meetings.proceedings import Answer

_MORE = timedelta(days=28)


def show_asked(actor: Actor, meeting: Meeting) -> None:
    """Draw one action with its answers; an answer goes on to the next."""
    asked = meeting.asked
    if asked.empty:
        st.info("No action was agreed before this meeting.")
        return
    at = min(st.session_state.get(state.MEETING_AT, 0), len(asked) - 1)
    row = asked.iloc[at]
    _show_action(meeting, at)
    words, time = st.columns([3, 1])
    with words:
        said = drafts.text_area(actor, "What was said", state.MEETING_SAID, 300)
    day = time.date_input(
        "New day, for more time",
        date.today() + _MORE,  # noqa: DTZ011
        format="DD/MM/YYYY",
    )
    ways = {way.to for way in ways_of(session.workspace(), row.to_dict())}
    is_meant = asks_about_persons()
    columns = st.columns(5)
    answers = (
        ("On track", "K", "on track", bool(row["is_closed"])),
        ("Done", "D", "done", "completed" not in ways),
        ("More time", "M", "extended", bool(row["is_closed"])),
    )
    for column, (label, key, answer, is_off) in zip(columns, answers, strict=False):
        if column.button(label, shortcut=key, disabled=is_off, width="stretch"):
            if not may_save((said,), is_meant=is_meant):
                return
            given = Answer(answer, said, day if answer == "extended" else None)
            _answer(actor, meeting, (int(row["action_id"]), int(row["version"])), given, at)
    if columns[3].button("Previous", shortcut="Left", disabled=at == 0, width="stretch"):
        _go(at - 1)
    if columns[4].button("Next", shortcut="Right", disabled=at + 1 >= len(asked), width="stretch"):
        _go(at + 1)
    if "completed" not in ways and not row["is_closed"]:
        with st.expander(f"From '{row['stands']}' it goes on by a step of its own"):
            show_change_form(actor, asked.iloc[[at]].assign(label=row["place"]))


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
    st.markdown(f"### {plain(row['measure'])}")
    days = (meeting.held_on - row["due_on"]).days
    when = f"{days} days late" if row["is_overdue"] and not row["is_closed"] else row["stands"]
    st.markdown(
        plain(
            f"{row['owner']}, {row['agency']}. Due {row['due_on']:%d %B %Y}. {when.capitalize()}."
        )
    )
    if int(row["action_id"]) in answered:
        one = answered[int(row["action_id"])]
        said = f": {one.said}" if one.said else ""
        st.success(plain(f"Answered: {ANSWERS[one.answer].lower()}{said}"))


def _answer(actor: Actor, meeting: Meeting, seen: tuple[int, int], given: Answer, at: int) -> None:
    try:
        proceedings.update_action(session.workspace(), actor, meeting.number, seen, given)
    except HotspotError as error:
        st.error(plain(str(error)))
        return
    drafts.forget(actor, state.MEETING_SAID)
    st.session_state[state.FLASH] = f"Noted: {ANSWERS[given.answer].lower()}."
    _go(at + 1)


def _go(to: int) -> None:
    st.session_state[state.MEETING_AT] = max(to, 0)
    st.rerun()
