"""Say who uses a session of the pages, and what that person may do."""

from __future__ import annotations

from hotspot.access.actor import ROLE_LABELS, Actor
from hotspot.access.sessions import SignInStage
from hotspot.errors import NotAllowedError
from hotspot.services.workspace.folder import Workspace
from hotspot.store import accounts
from hotspot.store.unit_of_work import reading


def actor_of(workspace: Workspace, session_id: str | None) -> Actor:
    """Return the actor of an open session, with the roles that the account has now.

    Raises
    ------
    NotAllowedError
        Nobody is signed in: the session is over, or there never was one.
    """
    with reading(workspace.engine) as connection:
        session = accounts.find_session(connection, session_id) if session_id else None
    if session is None or session.stage is not SignInStage.OPEN or session.account.is_disabled:
        message = "You are not signed in any more. Load the page again to sign in."
        raise NotAllowedError(message)
    return session.actor


def role_label(actor: Actor) -> str:
    """Name an actor's roles as screens do."""
    return ", ".join(ROLE_LABELS[role] for role in sorted(actor.roles))
