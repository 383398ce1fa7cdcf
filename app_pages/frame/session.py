"""Know the workspace that is served, who is signed in, and what the page is about."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from app_pages.frame.text import plain
from hotspot import Run
from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation, is_allowed
from hotspot.services.people.session import actor_of, role_label
from hotspot.services.workspace.folder import Workspace, open_workspace
from hotspot.settings import SESSION_USER_KEY, WORKSPACE_VARIABLE

_CURRENT = "current"


@dataclass(frozen=True)
class Current:
    """What the page that is open is about.

    Attributes
    ----------
    actor
        Who is signed in.
    run
        The run of the settings beside the page; None where the page or the role has none.
    sources
        Sources of the records that the run counts.
    """

    actor: Actor
    run: Run | None
    sources: list[str]

    def chosen_run(self) -> Run:
        """Return the run of a page that is drawn only where there is one."""
        if self.run is None:
            message = "this page is drawn without a run"
            raise RuntimeError(message)
        return self.run


@st.cache_resource(show_spinner=False)
def workspace() -> Workspace:
    """Open the workspace that the server was started for."""
    return open_workspace(Path(os.environ[WORKSPACE_VARIABLE]))


def signed_in() -> Actor:
    """Return who is signed in, with the roles that the account has at this moment."""
    session = st.user.get(SESSION_USER_KEY)
    return actor_of(workspace(), session if isinstance(session, str) else None)


def show_actor(actor: Actor) -> None:
    """Say who is signed in as what, with the ways to the account and out."""
    st.caption(f"{plain(actor.name)}  \n{plain(role_label(actor))}")
    st.markdown("[Your account](/gate/account) · [Sign out](/gate/sign-out)")


def may(actor: Actor, operation: Operation) -> bool:
    """Tell whether the actor may do something: what they may not do is not drawn."""
    return is_allowed(actor, operation)


def set_current(current: Current) -> None:
    """Say what the page that is about to be drawn is about."""
    st.session_state[_CURRENT] = current


def current() -> Current:
    """Return what the page is about."""
    shown: Current = st.session_state[_CURRENT]
    return shown
