"""Keep what somebody has typed and not sent, so that it outlives a session."""

from __future__ import annotations

from datetime import UTC, datetime

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.services.workspace.folder import Workspace, permit
from hotspot.store import journals
from hotspot.store.unit_of_work import keeping_time, reading

MAX_DRAFT = 4000


def keep_draft(workspace: Workspace, actor: Actor, field: str, text: str) -> None:
    """Keep an own text; empty text forgets it. It is nobody else's to read, so nothing is logged.

    Raises
    ------
    NotAllowedError
        Only those who hold meetings type into them.
    """
    permit(workspace, actor, Operation.HOLD_MEETING)
    with keeping_time(workspace.engine) as connection:
        journals.keep_draft(
            connection, _owner(actor), field[:100], text[:MAX_DRAFT], datetime.now(UTC)
        )


def draft_of(workspace: Workspace, actor: Actor, field: str) -> str:
    """Return an own text that was typed and not sent; empty where there is none."""
    permit(workspace, actor, Operation.HOLD_MEETING)
    with reading(workspace.engine) as connection:
        return journals.draft_of(connection, _owner(actor), field[:100])


def _owner(actor: Actor) -> str:
    """Name whose text it is: the number of the account, or who has none by the name."""
    return actor.name if actor.account_id is None else f"#{actor.account_id}"
