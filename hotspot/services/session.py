"""Say who uses a session, until sign-in exists."""

from __future__ import annotations

from hotspot.access.actor import DEMO_ACTORS, ONLY_USER_ROLES, ROLE_LABELS, Actor
from hotspot.access.permissions import Operation, is_allowed
from hotspot.errors import NotAllowedError
from hotspot.services.workspace import Workspace

__all__ = ["Actor", "Operation", "is_allowed", "role_label", "session_actors"]


def session_actors(workspace: Workspace, only_user: str) -> tuple[Actor, ...]:
    """Give the actors that a session may choose from: the demonstration's, or the one user.

    Raises
    ------
    NotAllowedError
        A real workspace is served without naming its one user.
    """
    if workspace.settings.demo:
        return DEMO_ACTORS
    if not only_user.strip():
        message = "A real workspace needs: hotspot serve -w FOLDER --only-user NAME"
        raise NotAllowedError(message)
    return (Actor(only_user.strip(), ONLY_USER_ROLES),)


def role_label(actor: Actor) -> str:
    """Name an actor's roles as screens do."""
    return ", ".join(ROLE_LABELS[role] for role in sorted(actor.roles))
