"""Remember what a service answered, for one session, by what the answer depends on.

A function of the pages that asks a service is decorated where it stands. Its answer is kept under
the states that it names (of the data, the actions, the premises ...), the run, what the actor may
see, and its other arguments; never under a frame, whose hash Streamlit takes from a sample.
Arguments whose names begin with an underscore follow from the others and are left out.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date
from functools import partial, wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from app_pages.frame import session, state
from hotspot import Params, Run
from hotspot.access.actor import Actor
from hotspot.services.actions import lists
from hotspot.services.meetings import proceedings
from hotspot.services.premises import assessments, nearby

P = ParamSpec("P")
T = TypeVar("T")
State = Callable[[], object]


def data_state() -> object:
    """Return what changes when this session has changed the data."""
    return state.data_turn()


def records_state() -> object:
    """Return what changes with the records that are counted."""
    return st.session_state.get(state.DIGEST, "")


def actions_state() -> object:
    """Return what changes whenever something about an action did."""
    return lists.version_of(session.workspace())


def registers_state() -> object:
    """Return what changes whenever a file was imported or withdrawn."""
    return nearby.version_of(session.workspace())


def premises_state() -> str:
    """Return a text that changes whenever something about premises did."""
    return f"{assessments.version_of(session.workspace())} {state.data_turn()}"


def meetings_state() -> str:
    """Return a text that changes whenever something of a meeting did."""
    return proceedings.version_of(session.workspace())


def run_name(run: Run, sources: list[str]) -> str:
    """Name a run: the state of the records, its sources and its settings."""
    return f"{records_state()}{sources}{run.params.as_dict()}"


def remember(
    *states: State,
    entries: int = 5,
    seconds: float | None = None,
    spinner: str | bool = False,
    is_shared: bool = True,
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Remember the answers of a function for the session.

    Parameters
    ----------
    states
        What the answer depends on beside the arguments.
    entries
        How many answers are kept.
    seconds
        How long an answer is good at most; None for as long as its states stay.
    spinner
        What is said while it is looked for.
    is_shared
        Whether the answer itself is handed out again; else a copy, which its user may change.
    """

    def decorate(ask: Callable[P, T]) -> Callable[P, T]:
        signature = inspect.signature(ask)

        def answer(key: str, _asked: Callable[[], T]) -> T:
            del key
            return _asked()

        answer.__module__ = ask.__code__.co_filename
        answer.__qualname__ = ask.__qualname__
        keep = st.cache_resource if is_shared else st.cache_data
        kept = keep(scope="session", max_entries=entries, ttl=seconds, show_spinner=spinner)(answer)

        @wraps(ask)
        def remembered(*args: P.args, **kwargs: P.kwargs) -> T:
            given = signature.bind(*args, **kwargs).arguments
            parts = [_key_of(one) for name, one in given.items() if not name.startswith("_")]
            key = repr([*(one() for one in states), *parts])
            value: T = kept(key, partial(ask, *args, **kwargs))
            return value

        return remembered

    return decorate


def _key_of(one: object) -> str:
    """Write one argument as the part of a key."""
    if isinstance(one, Run):
        return f"{records_state()}{one.params.as_dict()}"
    if isinstance(one, Params):
        return str(one.as_dict())
    if isinstance(one, Actor):
        own = (one.account_id, one.name, one.agency)
        return repr((*own, sorted(one.roles), sorted(one.districts)))
    if isinstance(one, list | tuple):
        return repr([_key_of(part) for part in one])
    if one is None or isinstance(one, str | int | float | date):
        return repr(one)
    message = f"{type(one).__name__} is no part of a key: name the argument with an underscore"
    raise TypeError(message)
