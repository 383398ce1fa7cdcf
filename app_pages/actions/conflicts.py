"""Show the second of two editors what the first one did, and let the second decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from app_pages.frame import session, state
from app_pages.frame.remember import actions_state, remember
from app_pages.frame.text import plain, show_list
from hotspot import HotspotError
from hotspot.access.actor import Actor
from hotspot.errors import ConflictError
from hotspot.schema import TIME_ZONE
from hotspot.services.actions.changes import note_event, ways_of
from hotspot.services.actions.recording import history_of as _history_of

Again = Callable[[Actor, int], None]
"""Do what was to be done, to the action as it is at a version."""


@dataclass(frozen=True)
class Pending:
    """What the second editor was about to save.

    Attributes
    ----------
    says
        What it is, in words.
    note
        What was typed for it.
    again
        Does it to the action as it is now.
    version
        The version of the action that the editor had seen.
    to
        The step that was chosen; empty where it was none.
    """

    says: str
    note: str
    again: Again
    version: int
    to: str = ""


@remember(actions_state, entries=20, is_shared=False)
def history_of(actor: Actor, number: int) -> pd.DataFrame:
    """Return what happened to an action."""
    return _history_of(session.workspace(), actor, number)


def seen(row: pd.Series, number: int, anchor: str) -> pd.Series:
    """Return an action as it was when its form was first drawn here.

    A form that was drawn of one version is sent against that version: nobody's change is written
    over unseen.

    Parameters
    ----------
    anchor
        Key of a widget of the form: Streamlit forgets it where it was not drawn in the run before.
    """
    key = _key("seen", number)
    if anchor not in st.session_state or key not in st.session_state:
        st.session_state[key] = row
    kept: pd.Series = st.session_state[key]
    return kept


def let_go(number: int) -> None:
    """See an action as it is now."""
    st.session_state.pop(_key("seen", number), None)


def keep(number: int, pending: Pending) -> None:
    """Keep what the second editor was about to save, and draw the page anew."""
    st.session_state[_key("pending", number)] = pending
    st.rerun()


def show_conflict(actor: Actor, row: pd.Series, number: int) -> bool:
    """Draw what the first editor did and what the second can do; tell whether there is such.

    Parameters
    ----------
    row
        The action as it is now.
    """
    pending: Pending | None = st.session_state.get(_key("pending", number))
    if pending is None:
        return False
    st.warning(f"**Action {number} was changed while you were at it.** Nothing of yours is saved.")
    now = int(row["version"])
    show_list([said_of(event) for event in _since(actor, number, now - pending.version)])
    typed = f", with the note: {pending.note}" if pending.note.strip() else ""
    st.markdown(f"You were about to save: **{plain(pending.says)}**{plain(typed)}")
    open_to = {way.to for way in ways_of(session.workspace(), row.to_dict())}
    if is_shut := bool(pending.to) and pending.to not in open_to:
        st.caption(plain(f"From '{row['stands']}' it cannot become '{pending.to}' any more."))
    with st.container(horizontal=True):
        if not is_shut and st.button("Save mine as well", key=f"mine {now}", type="primary"):
            _decide(actor, (number, now), pending.again, f"Saved as well: {pending.says}.")
        if pending.note.strip() and st.button("Add only my note to it", key=f"note {now}"):
            _decide(actor, (number, now), _noted(number, pending.note), "Your note is kept.")
        if st.button("Leave it as it is now", key=f"leave {now}"):
            _end(number)
            st.rerun()
    return True


def said_of(event: dict[Any, Any]) -> str:
    """Write an event of an action in a line: when, who, what."""
    at = event["at"].astimezone(ZoneInfo(TIME_ZONE))
    note = f": {event['note']}" if event["note"] else ""
    return f"{at:%d %b %Y, %H:%M} {event['actor']}, {event['event']}, now {event['state']}{note}"


def _since(actor: Actor, number: int, steps: int) -> list[dict[Any, Any]]:
    """Return the last events: every change is one event and one version."""
    return history_of(actor, number).tail(steps).to_dict("records")


def _noted(number: int, note: str) -> Again:
    def add(actor: Actor, version: int) -> None:
        note_event(session.workspace(), actor, number, version, "noted", note)

    return add


def _decide(actor: Actor, shown: tuple[int, int], do: Again, said: str) -> None:
    """Do what was decided to the action (number and version) as it was shown.

    Whoever is third is shown again.
    """
    number, version = shown
    st.session_state[state.FLASH] = said
    try:
        do(actor, version)
    except ConflictError:
        del st.session_state[state.FLASH]
        st.rerun()
    except HotspotError as error:
        del st.session_state[state.FLASH]
        st.error(plain(f"{error} Your note can be kept: add it to the history."))
        return
    _end(number)
    st.rerun()


def _end(number: int) -> None:
    st.session_state.pop(_key("pending", number), None)
    let_go(number)


def _key(what: str, number: int) -> str:
    return f"{what} {number}"
